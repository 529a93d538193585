import { z } from 'zod';
import type { Signal } from '../nlu/types.ts';
import { isTimeZone } from './days.ts';

/**
 * The shapes of what an admin writes in YAML: scripts, the words and slots that they share, and the actions that
 * they may call. docs/writing-scripts.md explains each key with examples.
 */

export const LOCALES = ['ru', 'en'] as const;

/** One wording, or several of which one is chosen by chance. */
const wording = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
/** A text in every language that we speak. */
const text = z.strictObject({ ru: wording, en: wording });
export type Text = z.infer<typeof text>;

/** Words to look for; `перевод*` also means перевода, переводы. Several words mean that they stand together. */
const words = z.strictObject({
  ru: z.array(z.string().min(1)).default([]),
  en: z.array(z.string().min(1)).default([]),
});
export type Words = z.infer<typeof words>;

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, 'a name is up to 32 small Latin letters, digits, - or _, a letter first');
const stepId = z
  .string()
  .regex(/^[a-z][a-z0-9_.-]{0,47}$/, 'a step id is small Latin letters, digits, ., - or _, a letter first');

const valueName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,31}$/,
    'a value is up to 32 Latin letters, digits, - or _, a letter first',
  );

/** A length of time in words: `30 minutes`, `1 hour`, `45 seconds`, `2 days`. */
const UNITS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const duration = z
  .string()
  .regex(/^\d{1,4} (second|minute|hour|day)s?$/, 'write a time as "30 minutes", "1 hour" or "2 days"')
  .transform((value) => {
    const [count, unit] = value.split(' ');
    const key = (unit ?? '').replace(/s$/, '');
    return Number(count) * (UNITS[key as keyof typeof UNITS] ?? 0);
  });

const SLOT_KINDS = [
  'money',
  'number',
  'card',
  'date',
  'account_type',
  'person',
  'yes_no',
  'list',
  'text',
  'code',
  'custom',
  'city',
  'product',
  'phone',
  'location',
  'email',
  'contract_number',
  'order_number',
] as const;
export type SlotKind = (typeof SLOT_KINDS)[number];

/** One value of a slot: its title, further forms of it by name (`{account_type.from}`), and words that mean it. */
const slotValue = z.strictObject({
  title: text,
  forms: z.record(name, text).default({}),
  words: words.optional(),
});

const decimal = z.string().regex(/^\d+(\.\d{1,2})?$/, 'write a sum as a string: "0.01", "100000"');

export const slot = z.strictObject({
  title: text,
  kind: z.enum(SLOT_KINDS),
  /** Of an account: money goes `from` it or `to` it. Of a day: the first or the last one of a period. */
  side: z.enum(['from', 'to']).optional(),
  /** `both`: the value is taken from, and left for, other scripts; `take`: only taken. */
  carry: z.enum(['both', 'take']).optional(),
  /** Words that mean the carried value: "that account". */
  same: words.optional(),
  values: z.record(valueName, slotValue).optional(),
  /** Of kind `custom`: which of the bot's own entities. */
  entity: name.optional(),
  /** Of a list: other answers are good too. */
  open: z.boolean().default(false),
  min: decimal.optional(),
  max: decimal.optional(),
  /** What is said to a value that is not possible: too small, another currency, a wrong code. */
  invalid: text.optional(),
  /** Of a code: how many digits it has. In a call it may then be dictated or keyed in pieces. */
  digits: z.number().int().min(4).max(12).optional(),
  /** Never shown to people and forgotten with its script. */
  secret: z.boolean().default(false),
});
export type Slot = z.infer<typeof slot>;

/** Lists and patterns of the bot's own: `list` gives the phrases of each value, in any language; a pattern is RE2's. */
export const entitiesFile = z.strictObject({
  entities: z.record(
    name,
    z.union([
      z.strictObject({ list: z.record(valueName, z.array(z.string().min(1)).min(1)) }),
      z.strictObject({ pattern: z.string().min(1) }),
    ]),
  ),
});

const condition = z
  .strictObject({
    value: z.string().min(1),
    is: z.union([z.string(), z.array(z.string())]).optional(),
    not: z.union([z.string(), z.array(z.string())]).optional(),
    known: z.boolean().optional(),
  })
  .refine((it) => [it.is, it.not, it.known].filter((part) => part !== undefined).length === 1, {
    message: 'say one of is, not, known',
  });
export type Condition = z.infer<typeof condition>;

/** Starts a script. */
const goChoice = z.strictObject({ go: name, text: text.optional() });
/** Starts a script, opens an address, or asks the client to hand over their phone number or where they are. */
const choice = z
  .strictObject({
    go: name.optional(),
    link: z
      .url({ protocol: /^https$/, error: 'is not an address that begins with https://' })
      .max(1_000)
      .optional(),
    share: z.enum(['contact', 'location']).optional(),
    text: text.optional(),
  })
  .refine(({ go, link, share }) => [go, link, share].filter((one) => one !== undefined).length === 1, {
    message: 'say one of go, link, share',
  })
  .refine(({ go, text: label }) => go !== undefined || label !== undefined, {
    message: 'a button needs a text; add it in Russian and English',
    path: ['text'],
  });
export type ScriptChoice = z.infer<typeof choice>;
/**
 * `values`: those of the asked slot; `likely`: what the client may have meant, and a person; `near`: only what was not far
 * from being understood; or one by one.
 */
const choices = z.union([
  z.literal('values'),
  z.literal('likely'),
  z.literal('near'),
  z.array(choice).min(1).max(8),
]);
export type Choices = z.infer<typeof choices>;

/** What a client who has no code can do: the text, words by which they speak of the code, and quick replies. */
const help = z.strictObject({
  text,
  words: words.optional(),
  /** A script, or a step of this one. */
  choices: z
    .array(z.union([goChoice, z.strictObject({ step: stepId, text })]))
    .max(4)
    .default([]),
});

const handoffReason = z.string().regex(/^[a-z][a-z-]{0,39}$/, 'a reason is small Latin letters and -');

const step = { id: stepId.optional(), go: stepId.optional() };
const onRefused = z.union([stepId, z.record(z.string(), stepId)]);

/** An approved template that says the same where the network takes no free words; `with` goes in its places. */
const template = z.strictObject({
  name: z.string().regex(/^[a-z0-9_]{1,512}$/, 'is a template’s name: small Latin letters, digits and _'),
  with: z.array(z.string().min(1)).max(20).default([]),
});

/** One schema a step; the key that names the step is also its first value. */
export const STEPS = {
  say: z.strictObject({ ...step, say: text, choices: choices.optional(), template: template.optional() }),
  ask: z.strictObject({
    ...step,
    ask: name,
    text,
    again: text.optional(),
    choices: choices.optional(),
    /** Of a slot of kind `code`. */
    help: help.optional(),
    yes: stepId.optional(),
    no: stepId.optional(),
  }),
  branch: z.strictObject({
    id: stepId.optional(),
    branch: z.array(z.strictObject({ if: condition, go: stepId })).min(1),
    else: stepId.optional(),
  }),
  set: z.strictObject({ ...step, set: z.record(name, z.string().nullable()) }),
  call: z.strictObject({
    ...step,
    call: name,
    with: z.record(z.string(), z.string()).optional(),
    on: z
      .strictObject({
        refused: onRefused.optional(),
        failed: stepId.optional(),
        unknown: stepId.optional(),
      })
      .default({}),
  }),
  handoff: z.strictObject({
    id: stepId.optional(),
    handoff: handoffReason,
    text: text.optional(),
  }),
  /** `{code}`: the one-time code with which the client goes on in another channel. */
  move: z.strictObject({ ...step, move: text }),
  wait: z.strictObject({ ...step, wait: duration }),
  /** How it was, from 1 to 5; ends the script. */
  rate: z.strictObject({ id: stepId.optional(), rate: text }),
  end: z.strictObject({
    id: stepId.optional(),
    end: z
      .strictObject({
        outcome: name.optional(),
        text: text.optional(),
        offer: z.array(name).max(4).default([]),
      })
      .nullish(),
  }),
};
export type StepKind = keyof typeof STEPS;
export const STEP_KINDS = Object.keys(STEPS) as StepKind[];

type Written<K extends StepKind> = z.infer<(typeof STEPS)[K]>;
/** A step as the runner takes it: its kind is said and its id is set. */
export type Step<K extends StepKind = StepKind> = {
  [Kind in K]: Written<Kind> & { readonly kind: Kind; readonly id: string };
}[K];

const SIGNALS = ['angry', 'threat', 'fraud', 'third_party_harm'] as const satisfies readonly Signal[];

const EVENTS = ['opened', 'returned', 'moved', 'opted-out', 'opted-in', 'not-understood'] as const;
export type ScriptEvent = (typeof EVENTS)[number];

/** A script without its steps, which are checked one by one so that an error can name the step. */
export const scriptHead = z.strictObject({
  script: name,
  title: text,
  /** What a client could say, shown when we have not understood. */
  example: text.optional(),
  when: z
    .strictObject({
      intents: z.array(z.string().min(1)).default([]),
      words: words.optional(),
      /** The whole text is made of these words. */
      only: words.optional(),
      events: z.array(z.enum(EVENTS)).default([]),
      /** The message shows one of these, whatever it asks for. */
      signals: z.array(z.enum(SIGNALS)).default([]),
    })
    .default({ intents: [], events: [], signals: [] }),
  /** Starts in any state, also in the middle of a question or a call. */
  at_once: z.boolean().default(false),
  /** Gives way to a request in the same message. */
  small_talk: z.boolean().default(false),
  /** Closes what is open before it runs. */
  closes: z.boolean().default(false),
  /** It is no more needed where the client comes to another conversation with a code: it does not go along. */
  ends_on_move: z.boolean().default(false),
  /** "And my savings?" after it starts it again. */
  follow_up: z.boolean().default(false),
  /** Asked for while the client waits for people: the reason for which they go to the front of the queue. */
  urgent: handoffReason.optional(),
  /** The intent's probability that it needs, from 0 to 1. */
  sure: z.number().min(0).max(1).default(0),
  slots: z.record(name, z.record(z.string(), z.unknown())).default({}),
  steps: z.array(z.unknown()).min(1),
});

export type Script = Omit<z.infer<typeof scriptHead>, 'slots' | 'steps'> & {
  readonly file: string;
  readonly slots: Readonly<Record<string, Slot>>;
  readonly steps: readonly Step[];
};

/** What the runner itself says; every script set gives its words. */
const commonTexts = z.strictObject({
  yes: text,
  no: text,
  operator: text,
  back: text,
  choose: text,
  people: text,
  change: text,
  amended: text,
  noted: text,
  already_done: text,
  pending: text,
  pending_fixed: text,
  pending_unclear: text,
  later: text,
  later_full: text,
  confirm_first: text,
  old_choice: text,
  unsupported: text,
  forgotten: text,
  declined: text,
  repeated: text,
  upset: text,
  refused: text,
  failed: text,
  unknown: text,
  unidentified: text,
  stuck: text,
});
export type CommonTexts = z.infer<typeof commonTexts>;

const currency = z.string().regex(/^[A-Z]{3}$/, 'a currency is its ISO 4217 code: RUB');

export const common = z.strictObject({
  common: z.strictObject({
    /** In which currency accounts are held; by the language that the client's channel speaks, where it differs. */
    currency: z.union([currency, z.strictObject({ ru: currency, en: currency })]),
    /** The script that confirms who the client is. */
    identify: name,
    /** The script that calls a person; offered after misses. */
    people: name,
    /** Where it is decided which day today is. */
    time_zone: z
      .string()
      .refine(isTimeZone, 'is not the name of a time zone, such as Europe/Moscow')
      .default('UTC'),
    /** An open question is closed after this silence. */
    forget_after: duration,
    slots: z.record(name, slot).default({}),
    texts: commonTexts,
  }),
});
export type Common = z.infer<typeof common>['common'];
