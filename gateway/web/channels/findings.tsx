import type { ShownChannel } from '../../health/api.ts';
import { useTexts } from '../use-texts.tsx';
import styles from './channels.module.css';
import { channelTexts } from './texts/channels.ts';

/** What is wrong and what to do, with the network's own words. */
export function Findings({ findings }: { readonly findings: ShownChannel['findings'] }) {
  const texts = useTexts(channelTexts);
  if (findings.length === 0) return null;
  return (
    <ul className={styles.findings}>
      {findings.map(({ problem, detail }) => (
        <li key={problem}>
          {texts.t(`problem.${problem}`)}
          {detail && <span className={styles.dim}> ({detail})</span>}
        </li>
      ))}
    </ul>
  );
}
