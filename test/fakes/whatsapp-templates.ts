import { z } from 'zod';

/**
 * What of an approved template takes parameters: a header of words or a file, so many places of its body, and its
 * buttons in their order (https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components).
 */
export interface ApprovedTemplate {
  readonly header?: 'text' | 'image' | 'document';
  readonly body: number;
  /** `url`: one whose address ends in a variable; the other has none. */
  readonly buttons?: readonly ('url' | 'fixed-url' | 'quick_reply')[];
}

/** "Param text cannot have new-line/tab characters or more than 4 consecutive spaces" */
const text = z.strictObject({
  type: z.literal('text'),
  text: z.string().regex(/^(?!.*(?:[\n\t]| {5})).+$/s),
});
const link = z.url({ protocol: /^https$/ });
const component = z.union([
  z.strictObject({ type: z.literal('body'), parameters: z.array(text).min(1) }),
  // Headers of words take one parameter, files one with the address at which Meta fetches them.
  z.strictObject({
    type: z.literal('header'),
    parameters: z.tuple([
      z.union([
        text,
        z.strictObject({ type: z.literal('image'), image: z.strictObject({ link }) }),
        z.strictObject({
          type: z.literal('document'),
          document: z.strictObject({ link, filename: z.string().min(1).optional() }),
        }),
      ]),
    ]),
  }),
  // "index": the place of the button, from 0; the words of a `url` are appended to its address.
  z.strictObject({
    type: z.literal('button'),
    sub_type: z.literal('url'),
    index: z.string().regex(/^\d$/),
    parameters: z.tuple([text]),
  }),
  z.strictObject({
    type: z.literal('button'),
    sub_type: z.literal('quick_reply'),
    index: z.string().regex(/^\d$/),
    parameters: z.tuple([
      z.strictObject({ type: z.literal('payload'), payload: z.string().min(1).max(128) }),
    ]),
  }),
]);
type Component = z.infer<typeof component>;

/** …/templates/utility-templates/utility-templates#send-a-utility-template */
export const templateMessage = z.strictObject({
  name: z.string(),
  language: z.strictObject({ code: z.string() }),
  components: z.array(component).min(1).optional(),
});

/** The code and title with which Meta refuses these parameters (…/support/error-codes); undefined where they fit. */
export function refusedParameters(
  { header, body, buttons = [] }: ApprovedTemplate,
  components: readonly Component[] = [],
): readonly [code: number, title: string] | undefined {
  const ofType = (type: Component['type']) => components.filter((one) => one.type === type);
  if (
    new Set(components.map((one) => `${one.type} ${'index' in one ? one.index : ''}`)).size <
    components.length
  )
    return [100, 'Invalid parameter'];
  const given = ofType('header')[0]?.parameters[0]?.type;
  if (given !== header)
    return header === 'text' || given === 'text'
      ? [132000, 'Number of parameters does not match the expected number of params']
      : [132012, 'Parameter format does not match format in the created template'];
  if ((ofType('body')[0]?.parameters.length ?? 0) !== body)
    return [132000, 'Number of parameters does not match the expected number of params'];
  const sent = new Map(
    components.flatMap((one) => ('index' in one ? [[Number(one.index), one.sub_type]] : [])),
  );
  for (const [index, kind] of buttons.entries()) {
    // "Button at index 0 of type Url requires a parameter"
    if (kind === 'url' && !sent.has(index)) return [131008, 'Required parameter is missing'];
    const wanted = kind === 'fixed-url' ? undefined : kind;
    if (sent.has(index) && sent.get(index) !== wanted) return [100, 'Invalid parameter'];
    sent.delete(index);
  }
  return sent.size > 0 ? [100, 'Invalid parameter'] : undefined;
}
