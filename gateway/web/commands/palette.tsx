import { useCallback, useState } from 'react';
import { kitTexts } from '../texts/kit.ts';
import { useTexts } from '../use-texts.tsx';
import { Chooser } from './chooser.tsx';
import type { Command, CommandRegistry } from './registry.ts';
import { searchCommands } from './search.ts';

/** Finds a command or a conversation by a few letters, in either language and either layout, and runs it. */
export function Palette({ registry, onClose }: PaletteProps) {
  const texts = useTexts(kitTexts);
  const [fixed] = useState(() => registry.list().filter(({ id, run }) => run && id !== 'palette'));
  const [made] = useState(() => registry.found());
  const find = useCallback(
    (typed: string) => searchCommands(typed.trim() ? [...fixed, ...made] : fixed, typed),
    [fixed, made],
  );
  const run = (command: Command) => {
    if (!command.run) return;
    onClose();
    // After the dialog has given the focus back, so that the command can move it.
    setTimeout(command.run);
  };
  return (
    <Chooser
      title={texts.t('commands.title')}
      placeholder={texts.t('commands.placeholder')}
      nothing={texts.t('commands.none')}
      find={find}
      onChoose={run}
      onClose={onClose}
    />
  );
}

interface PaletteProps {
  readonly registry: CommandRegistry;
  readonly onClose: () => void;
}
