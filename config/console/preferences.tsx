import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { useId } from 'react';
import { useI18n, useTexts } from '../../gateway/web/use-texts.tsx';
import { chooseLocale } from './locale.ts';
import styles from './rail.module.css';
import { consoleTexts } from './texts/console.ts';

/** Chooses between Russian and English; each is written in itself. `bare`: without a title over it. */
export function LanguageSwitch({ bare = false }: { readonly bare?: boolean }) {
  const texts = useTexts(consoleTexts);
  const i18n = useI18n();
  const id = useId();
  return (
    <div className={bare ? undefined : styles.setting}>
      <span id={id} className={bare ? 'unseen' : styles.dim}>
        {texts.t('menu.language')}
      </span>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby={id}
        value={texts.locale}
        onChange={(value) => chooseLocale(i18n, window.localStorage, value === 'en' ? 'en' : 'ru')}
        data={[
          { value: 'ru', label: 'Русский' },
          { value: 'en', label: 'English' },
        ]}
      />
    </div>
  );
}

const SCHEMES = ['auto', 'light', 'dark'] as const;

/** Chooses between the system's appearance, light and dark. */
export function ThemeSwitch() {
  const texts = useTexts(consoleTexts);
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const id = useId();
  return (
    <div className={styles.setting}>
      <span id={id} className={styles.dim}>
        {texts.t('menu.theme')}
      </span>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby={id}
        value={colorScheme}
        onChange={(value) => setColorScheme(SCHEMES.find((scheme) => scheme === value) ?? 'auto')}
        data={SCHEMES.map((scheme) => ({ value: scheme, label: texts.t(`menu.theme.${scheme}`) }))}
      />
    </div>
  );
}
