import { useMantineColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { useCommands } from '../../gateway/web/commands/commands.tsx';
import { useI18n, useTexts } from '../../gateway/web/use-texts.tsx';
import { chooseLocale } from './locale.ts';
import { consoleTexts } from './texts/console.ts';
import { useSignOut } from './use-sign-out.ts';

/** What the window itself offers in the palette: language, appearance, the way out. */
export function useWindowCommands(): void {
  const texts = useTexts(consoleTexts);
  const i18n = useI18n();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const { leave } = useSignOut();
  const commands = useMemo(() => {
    const other = texts.locale === 'ru' ? 'en' : 'ru';
    return [
      {
        id: 'language',
        titles: texts.both('command.language'),
        hint: other === 'en' ? 'English' : 'Русский',
        run: () => chooseLocale(i18n, window.localStorage, other),
      },
      ...(['auto', 'light', 'dark'] as const).map((scheme) => ({
        id: `theme.${scheme}`,
        titles: texts.both(`menu.theme.${scheme}`),
        hint: texts.t('menu.theme'),
        run: () => setColorScheme(scheme),
      })),
      { id: 'signOut', titles: texts.both('menu.signOut'), run: () => void leave() },
    ];
  }, [texts, i18n, setColorScheme, leave]);
  useCommands(commands);
}
