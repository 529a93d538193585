import { Problem } from './problem.ts';
import type { Texts } from './texts.ts';

/** What to tell a person about a failed request: our own words for its code, else the server's title. */
export function problemText(error: unknown, texts: Pick<Texts<'problem.other'>, 't' | 'find'>): string {
  if (!(error instanceof Problem)) return texts.t('problem.other');
  return texts.find(`problem.${error.code}`) ?? error.title ?? texts.t('problem.other');
}
