/// <reference path="./tinykeys.d.ts" />
import { tinykeys } from 'tinykeys';

/**
 * Calls `shortcuts[keys]` when these keys are pressed anywhere on the page. Keys are named by
 * `KeyboardEvent.code` (`Alt+KeyJ`), so that they are the same physical keys on every layout.
 * Nothing is called while a text is being composed, in an open dialog, or, for keys without Ctrl, Alt or ⌘,
 * while an input has the focus. Returns the way to stop.
 */
export function bindShortcuts(target: Window, shortcuts: Readonly<Record<string, () => void>>): () => void {
  const bindings = Object.entries(shortcuts).map(([keys, run]) => [
    keys,
    (event: KeyboardEvent) => {
      if (isComposing(event) || isInDialog(event.target)) return;
      const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
      if (plain && takesText(event.target)) return;
      event.preventDefault();
      run();
    },
  ]);
  return tinykeys(target, Object.fromEntries(bindings));
}

/** True while an input method is putting a character together; 229 is what older browsers say then. */
export function isComposing(event: { readonly isComposing: boolean; readonly keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}

function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('dialog[open]') !== null;
}

function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]'))
  );
}

/** `Alt+KeyJ` as the caps of a keyboard: `Alt`, `J`; on a Mac `⌥`, `J`. */
export function keyCaps(keys: string, isMac: boolean): readonly string[] {
  const names = isMac ? MAC_NAMES : PC_NAMES;
  // The question mark is one key to people, whatever it takes to type it.
  if (keys === 'Shift+Slash') return ['?'];
  return keys.split('+').map((key) => names[key] ?? key.replace(/^(Key|Digit)/, ''));
}

const PC_NAMES: Readonly<Record<string, string>> = {
  $mod: 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};
const MAC_NAMES: Readonly<Record<string, string>> = {
  ...PC_NAMES,
  $mod: '⌘',
  Alt: '⌥',
  Shift: '⇧',
  Control: '⌃',
  Enter: '⏎',
};
