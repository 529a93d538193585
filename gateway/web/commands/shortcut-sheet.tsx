import { Dialog } from '../dialog.tsx';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import styles from './commands.module.css';
import { KeyCaps } from './key-caps.tsx';
import type { CommandRegistry } from './registry.ts';

/** Every shortcut of the page, with what it does. */
export function ShortcutSheet({
  registry,
  onClose,
}: {
  readonly registry: CommandRegistry;
  readonly onClose: () => void;
}) {
  const texts = useTexts(kitTexts);
  return (
    <Dialog title={texts.t('commands.help')} onClose={onClose}>
      <dl className={styles.sheet}>
        {registry.list().map(({ id, keys, titles }) =>
          keys ? (
            <div key={id} className={styles.shortcut}>
              <dt>{titles[0]}</dt>
              <dd>
                <KeyCaps keys={keys} />
              </dd>
            </div>
          ) : null,
        )}
      </dl>
      <p className={styles.none}>{texts.t('commands.helpHint')}</p>
    </Dialog>
  );
}
