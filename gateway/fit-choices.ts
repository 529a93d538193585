import type { FitCapabilities } from './fit-media.ts';
import type { Locale } from './model/contact.ts';
import { answersIn, type Choice, type RequestChoice } from './model/content.ts';

/**
 * Which of these choices have a button here, in their order. A button that can only stand alone: one that asks for
 * something takes the place of the others, since few could hand it over without it; a link does so for nobody.
 */
export function buttonsOf(
  choices: readonly Choice[],
  { content, limits, buttons = {} }: FitCapabilities,
): readonly Choice[] {
  if (content.choices !== 'native') return [];
  const supportOf = ({ kind }: Choice) => (kind === undefined ? 'beside' : buttons[kind]);
  const lone = choices.find(
    (choice) => supportOf(choice) === 'alone' && (choice.kind !== 'link' || choices.length === 1),
  );
  if (lone) return [lone];
  return choices.filter((choice) => supportOf(choice) === 'beside').slice(0, limits.maxChoices);
}

/** True where the only button is one that cannot stand beside others. */
export function isLone([button]: readonly Choice[], { buttons = {} }: FitCapabilities): boolean {
  return button?.kind !== undefined && buttons[button.kind] === 'alone';
}

/** True where the numbers of these choices stand in the message that `fit` makes of them. */
export function areNumbered(choices: readonly Choice[], capabilities: FitCapabilities): boolean {
  const buttons = buttonsOf(choices, capabilities);
  return answersIn(choices).some((answer) => !buttons.includes(answer));
}

const SAY: Readonly<Record<Locale, string>> = { ru: 'Можно сказать: ', en: 'You can say: ' };
const EITHER: Readonly<Record<Locale, Intl.ListFormat>> = {
  ru: new Intl.ListFormat('ru', { type: 'disjunction' }),
  en: new Intl.ListFormat('en', { type: 'disjunction' }),
};

/** `choices` in words, but for those of `shown`, which have a button over which these words stand. */
export function wordsOfChoices(
  choices: readonly Choice[],
  shown: readonly Choice[],
  { choicesAs = 'list' }: FitCapabilities,
  locale: Locale,
): readonly string[] {
  const isTold = (choice: Choice) => !shown.includes(choice);
  const told = answersIn(choices).flatMap((answer, index) =>
    isTold(answer) ? [{ text: answer.text, line: `${index + 1}. ${answer.text}` }] : [],
  );
  const answers =
    choicesAs === 'list'
      ? told.map(({ line }) => line)
      : [`${SAY[locale]}${EITHER[locale].format(told.map(({ text }) => text))}.`];
  const others = choices.filter(isTold).flatMap((choice) => {
    if (choice.kind === undefined) return [];
    return choice.kind === 'link'
      ? [`${choice.text}: ${choice.url}`]
      : [askInWords(choice, choicesAs, locale)];
  });
  return [...(told.length > 0 ? answers : []), ...others];
}

const HAND_OVER: Readonly<Record<'list' | 'spoken', Record<Locale, Record<RequestChoice['kind'], string>>>> =
  {
    list: {
      ru: { contact: 'Напишите номер телефона.', location: 'Напишите адрес.' },
      en: { contact: 'Write the phone number.', location: 'Write the address.' },
    },
    spoken: {
      ru: { contact: 'Назовите номер телефона.', location: 'Назовите адрес.' },
      en: { contact: 'Say the phone number.', location: 'Say the address.' },
    },
  };

/** What a client does where nothing can be pressed. */
export function askInWords({ kind }: RequestChoice, as: 'list' | 'spoken', locale: Locale): string {
  return HAND_OVER[as][locale][kind];
}
