import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { bindShortcuts } from '../keyboard.ts';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import { Palette } from './palette.tsx';
import { type Command, type CommandRegistry, createCommandRegistry } from './registry.ts';
import { ShortcutSheet } from './shortcut-sheet.tsx';

const Registry = createContext<CommandRegistry>(createCommandRegistry());
const OpenDialog = createContext<(which: 'palette' | 'sheet') => void>(() => undefined);

/** Holds the page's commands, calls them by their keys, and shows the palette (Ctrl/⌘+K) and the sheet of keys (?). */
export function CommandsProvider({ children }: { readonly children: ReactNode }) {
  const [registry] = useState(createCommandRegistry);
  const [open, setOpen] = useState<'palette' | 'sheet' | undefined>();
  const close = () => setOpen(undefined);
  return (
    <Registry.Provider value={registry}>
      <OpenDialog.Provider value={setOpen}>
        <OwnCommands />
        <ShortcutListener />
        {children}
        {open === 'palette' && <Palette registry={registry} onClose={close} />}
        {open === 'sheet' && <ShortcutSheet registry={registry} onClose={close} />}
      </OpenDialog.Provider>
    </Registry.Provider>
  );
}

/** Adds commands while the calling part is on the page. Keep the array the same between renders. */
export function useCommands(commands: readonly Command[]): void {
  const registry = useContext(Registry);
  useEffect(() => registry.add(commands), [registry, commands]);
}

/** Adds commands made of data, asked for when the palette opens. */
export function useCommandSource(source: () => readonly Command[]): void {
  const registry = useContext(Registry);
  useEffect(() => registry.addSource(source), [registry, source]);
}

/** Opens the palette or the sheet of keys, for buttons. */
export function useOpenCommands(): (which: 'palette' | 'sheet') => void {
  return useContext(OpenDialog);
}

function OwnCommands(): null {
  const texts = useTexts(kitTexts);
  const open = useContext(OpenDialog);
  useCommands(
    useMemo(
      () => [
        {
          id: 'palette',
          titles: texts.both('commands.title'),
          keys: '$mod+KeyK',
          run: () => open('palette'),
        },
        { id: 'sheet', titles: texts.both('commands.help'), keys: 'Shift+Slash', run: () => open('sheet') },
      ],
      [texts, open],
    ),
  );
  return null;
}

function ShortcutListener(): null {
  const registry = useContext(Registry);
  const open = useContext(OpenDialog);
  const commands = useSyncExternalStore(registry.subscribe, registry.list);
  useEffect(() => {
    const bound = commands.flatMap(({ keys, run }) => (keys && run ? [[keys, run] as const] : []));
    // On ЙЦУКЕН the question mark stands on another key than on QWERTY.
    return bindShortcuts(window, { ...Object.fromEntries(bound), 'Shift+Digit7': () => open('sheet') });
  }, [commands, open]);
  return null;
}
