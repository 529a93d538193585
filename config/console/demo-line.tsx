import { useTexts } from '../../gateway/web/use-texts.tsx';
import { consoleTexts } from './texts/console.ts';
import styles from './window-page.module.css';

/** Says on every page that this is a demo. */
export function DemoLine() {
  const texts = useTexts(consoleTexts);
  return (
    <aside className={styles.demo} aria-label={texts.t('demo.label')}>
      {texts.t('demo.line')}
    </aside>
  );
}
