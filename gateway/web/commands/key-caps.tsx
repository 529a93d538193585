import { keyCaps } from '../keyboard.ts';
import styles from './commands.module.css';

/** The keys of a shortcut as keyboard caps. */
export function KeyCaps({ keys }: { readonly keys: string }) {
  const caps = keyCaps(keys, /Mac|iPhone|iPad/.test(navigator.platform));
  return (
    <span className={styles.caps}>
      {caps.map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}
