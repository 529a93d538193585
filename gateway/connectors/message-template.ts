import { z } from 'zod';
import type { Choice, Content } from '../model/content.ts';
import { parseJson } from '../parse-json.ts';

/** A message whose words a network has approved, so that it may be sent when free words may not. */
export interface MessageTemplate {
  readonly name: string;
  /** As the network names it: `ru`, `en_US`. */
  readonly language: string;
  /** What stands above the text: approved words, with `{{1}}` where a parameter goes. */
  readonly header?: string | undefined;
  /** In its place a file that the network fetches; its https address is a parameter. */
  readonly file?: 'image' | 'document' | undefined;
  /** The approved words, with `{{1}}`, `{{2}}` … where the parameters go. */
  readonly text: string;
  readonly buttons?: readonly TemplateButton[] | undefined;
  /** How many there are in all: those of the header or file, of the text, and of the buttons, in this order. */
  readonly parameters: number;
}

/** `url` may end in `{{1}}`; `answer` comes back as the id of a choice when the button is pressed. */
export type TemplateButton =
  | { readonly text: string; readonly url: string }
  | { readonly text: string; readonly answer: string };

/** Where one parameter goes; `number` is that of its `{{1}}` in the text, `button` counts all buttons, from 0. */
export type TemplatePlace =
  | { readonly in: 'header' }
  | { readonly in: 'file'; readonly file: 'image' | 'document' }
  | { readonly in: 'text'; readonly number: number }
  | { readonly in: 'button'; readonly button: number };

const PLACE = /\{\{(\d+)\}\}/g;
/** What a button's address may end in. */
const END = '{{1}}';
/** Up to the slash behind the host, so that no parameter can make another host of it. */
const WHOLE_HOST = /^https:\/\/[^/?#\\]+\//i;
/** Of a header, with its parameter filled in; the source is that of `messageTemplates`. */
const MAX_HEADER = 60;
/** More than any template has; a bound on what is filled in. */
export const MAX_PARAMETERS = 20;

const label = z.string().trim().min(1).max(25);
/** Of https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components#buttons. */
const button = z.union([
  z.strictObject({
    text: label,
    url: z
      .string()
      .max(2000)
      .refine(
        isButtonUrl,
        'is no https address, or has {{1}} elsewhere than at its end, behind the host and a slash',
      ),
  }),
  z.strictObject({
    text: label,
    answer: z.string().regex(/^[\w.:-]{1,48}$/, 'is not an id of a choice: letters, digits and . : _ -'),
  }),
]);

/**
 * A channel's templates as settings: a list, or that list as JSON. Names, languages and places of parameters are those
 * of https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/overview, headers and buttons
 * those of …/templates/components.
 */
export const messageTemplates = z
  .preprocess(
    (given) => (typeof given === 'string' ? (given.trim() === '' ? [] : parseJson(given)) : given),
    z
      .array(
        z
          .strictObject({
            name: z
              .string()
              .regex(/^[a-z0-9_]{1,512}$/, 'is not a template’s name: small Latin letters, digits and _'),
            language: z
              .string()
              .regex(/^[a-z]{2,3}(?:_[A-Z]{2})?$/, 'is not a template’s language, such as ru or en_US'),
            header: z
              .string()
              .min(1)
              .max(MAX_HEADER)
              .refine(
                (header) => isNumbered(header) && placesIn(header).size <= 1,
                'may have one parameter, {{1}}',
              )
              .optional(),
            file: z.enum(['image', 'document']).optional(),
            text: z
              .string()
              .min(1)
              .max(1024)
              .refine(isNumbered, 'must number its parameters {{1}}, {{2}} and so on, none left out'),
            buttons: z
              .array(button)
              .min(1)
              .max(10)
              .refine(
                (all) => all.filter((one) => 'url' in one).length <= 2,
                'may open two addresses at most',
              )
              .optional(),
          })
          .refine(
            ({ header, file }) => header === undefined || file === undefined,
            'has either a header of words or a file',
          )
          .refine(
            (one) => placesOf(one).length <= MAX_PARAMETERS,
            `has more than ${MAX_PARAMETERS} parameters`,
          ),
      )
      .max(250)
      .refine(
        (all) => new Set(all.map(({ name, language }) => `${name} ${language}`)).size === all.length,
        'has two templates of one name and language; keep one of them',
      ),
  )
  .transform((all) => all.map((one): MessageTemplate => ({ ...one, parameters: placesOf(one).length })));

function placesIn(text: string): ReadonlySet<number> {
  return new Set([...text.matchAll(PLACE)].map(([, number]) => Number(number)));
}

/** From 1, none left out, each written as the network writes it: `{{1}}`, not `{{01}}`. */
function isNumbered(text: string): boolean {
  const written = new Set([...text.matchAll(PLACE)].map(([place]) => place));
  return [...written].every((_, index) => written.has(`{{${index + 1}}}`));
}

function isButtonUrl(url: string): boolean {
  const fixed = url.endsWith(END) ? url.slice(0, -END.length) : url;
  return !fixed.includes('{{') && isHttps(fixed) && (fixed === url || WHOLE_HOST.test(fixed));
}

function isHttps(address: string): boolean {
  return !/\s/.test(address) && URL.canParse(address) && new URL(address).protocol === 'https:';
}

/** The places of a template's parameters, in the order in which these are given. */
export function placesOf({
  header = '',
  file,
  text,
  buttons = [],
}: Omit<MessageTemplate, 'parameters'>): readonly TemplatePlace[] {
  const numbers = [...placesIn(text)].sort((one, other) => one - other);
  return [
    ...(placesIn(header).size > 0 ? [{ in: 'header' } as const] : []),
    ...(file ? [{ in: 'file', file } as const] : []),
    ...numbers.map((number) => ({ in: 'text', number }) as const),
    ...buttons.flatMap((one, index) =>
      'url' in one && one.url.endsWith(END) ? [{ in: 'button', button: index } as const] : [],
    ),
  ];
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

/**
 * Whether these fill it in: as many as it has places, none blank, a header no longer than one may be, an address that can
 * be fetched, ends without spaces.
 */
export function fills(template: MessageTemplate, parameters: readonly string[]): boolean {
  const places = placesOf(template);
  return (
    places.length === parameters.length &&
    places.every((place, index) => isFor(template, place, parameters[index]?.trim() ?? ''))
  );
}

function isFor({ header = '' }: MessageTemplate, place: TemplatePlace, parameter: string): boolean {
  if (parameter === '') return false;
  if (place.in === 'header') return header.replace(PLACE, () => parameter).length <= MAX_HEADER;
  if (place.in === 'file') return isHttps(parameter);
  return place.in !== 'button' || !/\s/.test(parameter);
}

/** The words that the client reads: the header or the file's address, and the text. */
export function filled(template: MessageTemplate, parameters: readonly string[]): string {
  const { header, file, text } = template;
  const places = placesOf(template);
  const given = (is: (place: TemplatePlace) => boolean) => parameters[places.findIndex(is)];
  const fill = (words: string, of: 'header' | 'text') =>
    words.replace(
      PLACE,
      (whole, number: string) =>
        given((place) => place.in === of && (place.in !== 'text' || place.number === Number(number))) ??
        whole,
    );
  const above = file ? (given((place) => place.in === 'file')?.trim() ?? '') : fill(header ?? '', 'header');
  return above === '' ? fill(text, 'text') : `${above}\n${fill(text, 'text')}`;
}

/** What the client can press under it. */
export function choicesOf(template: MessageTemplate, parameters: readonly string[]): readonly Choice[] {
  const places = placesOf(template);
  return (template.buttons ?? []).map((one, index): Choice => {
    if ('answer' in one) return { id: one.answer, text: one.text };
    const at = places.findIndex((place) => place.in === 'button' && place.button === index);
    const url = at < 0 ? one.url : one.url.slice(0, -END.length) + (parameters[at]?.trim() ?? '');
    return { kind: 'link', id: `link-${index}`, text: one.text, url };
  });
}

/** A message of that template; undefined where the parameters do not fill it in. */
export function contentOf(
  template: MessageTemplate,
  parameters: readonly string[],
): readonly Content[] | undefined {
  if (!fills(template, parameters)) return undefined;
  const { name, language } = template;
  const choices = choicesOf(template, parameters);
  return [
    { kind: 'text', text: filled(template, parameters), template: { name, language, parameters } },
    ...(choices.length > 0 ? [{ kind: 'choices', choices } as const] : []),
  ];
}
