import type { Locale } from '../../gateway/model/contact.ts';
import { useTexts } from '../../gateway/web/use-texts.tsx';
import { consoleTexts } from './texts/console.ts';

/** The language that is shown. */
export function useLocale(): Locale {
  return useTexts(consoleTexts).locale;
}
