import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react';
import { Dialog } from '../dialog.tsx';
import { isComposing } from '../keyboard.ts';
import styles from './commands.module.css';
import { KeyCaps } from './key-caps.tsx';
import type { Command } from './registry.ts';

const MAX_SHOWN = 30;

export interface ChooserProps<One> {
  readonly title: string;
  readonly placeholder: string;
  /** Said where nothing is found. */
  readonly nothing: string;
  /** What a typed text can mean, best first. Give it the same function while nothing changes. */
  readonly find: (typed: string) => readonly One[];
  readonly onChoose: (one: One) => void;
  readonly onClose: () => void;
  /** Stands above the field. */
  readonly children?: ReactNode;
}

/** A dialog in which one of many is found by a few letters and chosen, by keyboard or pointer. */
export function Chooser<One extends Omit<Command, 'run'>>({
  title,
  placeholder,
  nothing,
  find,
  ...props
}: ChooserProps<One>) {
  const listId = useId();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const shown = useMemo(() => find(typed).slice(0, MAX_SHOWN), [find, typed]);
  const choose = (one: One | undefined) => one && props.onChoose(one);
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
    if (step && shown.length > 0) {
      event.preventDefault();
      setActive((active + step + shown.length) % shown.length);
    } else if (event.code === 'Enter' || event.code === 'NumpadEnter') {
      event.preventDefault();
      choose(shown[active]);
    }
  };
  return (
    <Dialog title={title} onClose={props.onClose}>
      {props.children}
      <input
        className={styles.search}
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={shown[active] ? `${listId}-${active}` : undefined}
        aria-label={placeholder}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      {shown.length === 0 && (
        <p className={styles.none} role="status">
          {nothing}
        </p>
      )}
      <div className={styles.list} role="listbox" id={listId} aria-label={title}>
        {shown.map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above has the keys
          <div
            key={one.id}
            id={`${listId}-${index}`}
            ref={index === active ? scrollIntoView : undefined}
            className={styles.option}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(one)}
          >
            <span className={styles.name} dir="auto">
              {one.titles[0]}
            </span>
            {one.hint && <span className={styles.hint}>{one.hint}</span>}
            {one.keys && <KeyCaps keys={one.keys} />}
          </div>
        ))}
      </div>
    </Dialog>
  );
}

function scrollIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
