import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { Dialog } from '../dialog.tsx';
import { isComposing } from '../keyboard.ts';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import styles from './commands.module.css';
import { KeyCaps } from './key-caps.tsx';
import type { Command, CommandRegistry } from './registry.ts';
import { searchCommands } from './search.ts';

const MAX_SHOWN = 30;

/** Finds a command or a conversation by a few letters, in either language and either layout, and runs it. */
export function Palette({ registry, onClose }: PaletteProps) {
  const texts = useTexts(kitTexts);
  const listId = useId();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const [fixed] = useState(() => registry.list().filter(({ id, run }) => run && id !== 'palette'));
  const [made] = useState(() => registry.found());
  const shown = useMemo(
    () => searchCommands(typed.trim() ? [...fixed, ...made] : fixed, typed).slice(0, MAX_SHOWN),
    [fixed, made, typed],
  );
  const run = (command: Command | undefined) => {
    if (!command?.run) return;
    onClose();
    // After the dialog has given the focus back, so that the command can move it.
    setTimeout(command.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
    if (step && shown.length > 0) {
      event.preventDefault();
      setActive((active + step + shown.length) % shown.length);
    } else if (event.code === 'Enter' || event.code === 'NumpadEnter') {
      event.preventDefault();
      run(shown[active]);
    }
  };
  return (
    <Dialog title={texts.t('commands.title')} onClose={onClose}>
      <input
        className={styles.search}
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={shown[active] ? `${listId}-${active}` : undefined}
        aria-label={texts.t('commands.placeholder')}
        placeholder={texts.t('commands.placeholder')}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      {shown.length === 0 && (
        <p className={styles.none} role="status">
          {texts.t('commands.none')}
        </p>
      )}
      <div className={styles.list} role="listbox" id={listId} aria-label={texts.t('commands.title')}>
        {shown.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above has the keys
          <div
            key={command.id}
            id={`${listId}-${index}`}
            ref={index === active ? scrollIntoView : undefined}
            className={styles.option}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onPointerMove={() => setActive(index)}
            onClick={() => run(command)}
          >
            <span className={styles.name} dir="auto">
              {command.titles[0]}
            </span>
            {command.hint && <span className={styles.hint}>{command.hint}</span>}
            {command.keys && <KeyCaps keys={command.keys} />}
          </div>
        ))}
      </div>
    </Dialog>
  );
}

interface PaletteProps {
  readonly registry: CommandRegistry;
  readonly onClose: () => void;
}

function scrollIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
