import type { ShownChannel } from '../../health/api.ts';
import { useTexts } from '../use-texts.tsx';
import styles from './channels.module.css';
import { channelTexts } from './texts/channels.ts';

/** Problems whose text says the detail itself. */
const DETAIL_IN_TEXT: ReadonlySet<string> = new Set(['kept-off']);

/** What is wrong and what to do, with the network's own words. */
export function Findings({ findings }: { readonly findings: ShownChannel['findings'] }) {
  const texts = useTexts(channelTexts);
  if (findings.length === 0) return null;
  return (
    <ul className={styles.findings}>
      {findings.map(({ problem, detail }) => (
        <li key={`${problem} ${detail}`}>
          {texts.t(`problem.${problem}`, { detail: detail ?? '' })}
          {detail && !DETAIL_IN_TEXT.has(problem) && <span className={styles.dim}> ({detail})</span>}
        </li>
      ))}
    </ul>
  );
}
