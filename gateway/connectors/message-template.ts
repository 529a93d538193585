import { z } from 'zod';
import type { TextContent } from '../model/content.ts';
import { parseJson } from '../parse-json.ts';

/** A message whose words a network has approved, so that it may be sent when free words may not. */
export interface MessageTemplate {
  readonly name: string;
  /** As the network names it: `ru`, `en_US`. */
  readonly language: string;
  /** The approved words, with `{{1}}`, `{{2}}` … where the parameters go. */
  readonly text: string;
  readonly parameters: number;
}

const PLACE = /\{\{(\d{1,2})\}\}/g;
/** More than any template has; a bound on what is filled in. */
export const MAX_PARAMETERS = 20;

/**
 * A channel's templates as settings: a list, or that list as JSON. Names, languages and places of parameters are those
 * of https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/overview.
 */
export const messageTemplates = z
  .preprocess(
    (given) => (typeof given === 'string' ? (given.trim() === '' ? [] : parseJson(given)) : given),
    z
      .array(
        z.strictObject({
          name: z
            .string()
            .regex(/^[a-z0-9_]{1,512}$/, 'is not a template’s name: small Latin letters, digits and _'),
          language: z
            .string()
            .regex(/^[a-z]{2,3}(?:_[A-Z]{2})?$/, 'is not a template’s language, such as ru or en_US'),
          text: z
            .string()
            .min(1)
            .max(1024)
            .refine(isNumbered, 'must number its parameters {{1}}, {{2}} and so on, none left out'),
        }),
      )
      .max(250),
  )
  .transform((all) => all.map((one): MessageTemplate => ({ ...one, parameters: placesIn(one.text).size })));

function placesIn(text: string): ReadonlySet<number> {
  return new Set([...text.matchAll(PLACE)].map(([, number]) => Number(number)));
}

function isNumbered(text: string): boolean {
  const places = placesIn(text);
  return places.size <= MAX_PARAMETERS && [...places].every((place) => place >= 1 && place <= places.size);
}

/** The template of that name in that language; a script names a language as `ru`, which `ru_RU` is too. */
export function findTemplate(
  templates: readonly MessageTemplate[],
  { name, language }: { readonly name: string; readonly language: string },
): MessageTemplate | undefined {
  const named = templates.filter((one) => one.name === name);
  return (
    named.find((one) => one.language === language) ??
    named.find((one) => one.language.startsWith(`${language}_`))
  );
}

/** The words that the client reads. */
export function filled({ text }: Pick<MessageTemplate, 'text'>, parameters: readonly string[]): string {
  return text.replace(PLACE, (place, number: string) => parameters[Number(number) - 1] ?? place);
}

/** A message of that template; undefined where it has another number of parameters, or one of them is blank. */
export function contentOf(template: MessageTemplate, parameters: readonly string[]): TextContent | undefined {
  const { name, language } = template;
  if (parameters.length !== template.parameters || parameters.some((one) => one.trim() === ''))
    return undefined;
  return { kind: 'text', text: filled(template, parameters), template: { name, language, parameters } };
}
