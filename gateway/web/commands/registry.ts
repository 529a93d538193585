/** Something a person can do on the page, found in the palette and, where it has keys, called by them. */
export interface Command {
  readonly id: string;
  /** Its names in every language, the shown one first. */
  readonly titles: readonly string[];
  /** Said beside the title, and searched too. */
  readonly hint?: string;
  /** Keys by `KeyboardEvent.code`: `Alt+KeyJ`. */
  readonly keys?: string;
  /** Without it these are keys of a part of the page, told of in the sheet only. */
  readonly run?: () => void;
}

/** The commands of the parts of the page that are open now. */
export interface CommandRegistry {
  /** The commands with a fixed place, in the order in which their parts were added. */
  list(): readonly Command[];
  /** Commands made of data, such as conversations to open; asked for when the palette opens. */
  found(): readonly Command[];
  add(commands: readonly Command[]): () => void;
  addSource(source: () => readonly Command[]): () => void;
  subscribe(listener: () => void): () => void;
}

/** An empty registry. */
export function createCommandRegistry(): CommandRegistry {
  const parts = new Set<readonly Command[]>();
  const sources = new Set<() => readonly Command[]>();
  const listeners = new Set<() => void>();
  let flat: readonly Command[] = [];
  const changed = () => {
    flat = [...parts].flat();
    for (const listener of listeners) listener();
  };
  return {
    list: () => flat,
    found: () => [...sources].flatMap((source) => source()),
    add(commands) {
      parts.add(commands);
      changed();
      return () => {
        parts.delete(commands);
        changed();
      };
    },
    addSource(source) {
      sources.add(source);
      return () => sources.delete(source);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
