import { readFileSync } from 'node:fs';
import { type Document, isMap, isScalar, LineCounter, type Pair, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { DATA_CLASSES } from '../gateway/model/data-class.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that is missing or wrong; the message names the place, the value and the fix. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const words = z.strictObject({ ru: z.string().min(1).max(1_000), en: z.string().min(1).max(1_000) });

const fileSchema = z.strictObject({
  policy: z.strictObject({ pack: z.enum(['neutral', 'ru-bank']) }),
  conversations: z.strictObject({ closeAfterSilenceHours: z.number().positive() }),
  desk: z.strictObject({
    operatorGoneSeconds: z.number().positive(),
    locale: z.enum(['ru', 'en']).default('ru'),
  }),
  waiting: z
    .strictObject({
      afterSeconds: z.number().min(0).max(3_600).default(60),
      words: z
        .strictObject({ next: words, ahead: words, many: words, passedOn: words, urgent: words })
        .partial()
        .default({}),
    })
    .default({ afterSeconds: 60, words: {} }),
  rating: z.strictObject({ afterOperator: z.boolean() }).default({ afterOperator: true }),
  nodes: z.strictObject({ leaseSeconds: z.number().min(1).max(120) }).default({ leaseSeconds: 15 }),
  bank: z.strictObject({ url: z.string() }),
  scripts: z.strictObject({ folder: z.string() }).default({ folder: '' }),
  codes: z
    .strictObject({ channel: z.string(), perMinute: z.number().int().min(1).max(10_000).default(60) })
    .default({ channel: '', perMinute: 60 }),
  media: z.strictObject({
    maxMegabytes: z.number().positive().max(200),
    perDay: z
      .strictObject({ senderMegabytes: z.number().positive(), channelMegabytes: z.number().positive() })
      .default({ senderMegabytes: 200, channelMegabytes: 10_000 }),
    s3: z.strictObject({
      endpoint: z.string(),
      bucket: z.string(),
      region: z.string(),
      accessKeyId: z.string(),
      secretAccessKey: z.string(),
    }),
    scan: z.strictObject({
      address: z
        .string()
        .regex(/^(|\/.+|.+:\d{1,5})$/, "Write host:port or the path of clamd's socket, or leave it empty."),
      whenAway: z.enum(['hold', 'pass']),
    }),
  }),
  retention: z
    .strictObject({ conversationsDays: z.number().positive(), quarantineDays: z.number().positive() })
    .default({ conversationsDays: 1827, quarantineDays: 14 }),
  channels: z.record(
    z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'is not a channel id: lower-case letters, digits and hyphens'),
    z.strictObject({
      network: z.string(),
      on: z.union([z.boolean(), z.string()]).default(true),
      alarmAfterSilentMinutes: z.number().positive().optional(),
      dataClass: z.enum(DATA_CLASSES).optional(),
      settings: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});
export type SettingsFile = z.infer<typeof fileSchema>;

/**
 * Reads a settings file, with `${NAME}` taken from the environment. Throws SettingsError with file, line, path, value
 * and fix; only values that are no secrets are shown.
 */
export function readSettingsFile(path: string, env: Environment): SettingsFile {
  const lines = new LineCounter();
  // Without its pretty errors: they quote the lines around, and a secret may stand there.
  const document = parseDocument(textOf(path), { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  const at = (offset: number): string => `${path}, line ${lines.linePos(offset).line}`;
  if (broken) throw new SettingsError(`${at(broken.pos[0])}: ${broken.message}`);
  visit(document, {
    Scalar(_key, scalar, ancestors) {
      if (typeof scalar.value !== 'string') return;
      const name = ancestors.map(keyIn).filter(Boolean).join('.');
      scalar.value = fill(scalar.value, env, `${at(scalar.range?.[0] ?? 0)}: ${name}`);
    },
  });
  const checked = fileSchema.safeParse(document.toJS());
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  if (!issue) throw checked.error;
  const { where, message } = explain(issue, document);
  throw new SettingsError(`${at(offsetOf(document, where))}: ${message}`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new SettingsError(`${path} cannot be read; set OKNO_CONFIG to the settings file`);
  }
}

/** What is wrong, for people, and at which path. */
function explain(issue: z.core.$ZodIssue, document: Document): { where: PropertyKey[]; message: string } {
  const where = [...issue.path];
  const name = where.join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = [...where, issue.keys[0] ?? ''];
    return { where: key, message: `${key.join('.')} is not a setting; take it out, or see config/hub.yaml` };
  }
  if (issue.code === 'invalid_key') {
    return { where, message: `${where.at(-1)?.toString()} ${issue.issues[0]?.message}` };
  }
  if (document.getIn(where) === undefined) {
    return { where, message: `${name || 'everything'} is missing; take it from config/hub.yaml` };
  }
  const value = document.getIn(where, true);
  const shown = isScalar(value) ? JSON.stringify(value.value) : 'no single value';
  return { where, message: `${name} is ${shown}. ${issue.message}` };
}

/** Where the key stands that the path ends with, or the nearest above it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined;
  if (isScalar(pair?.key)) return pair.key.range?.[0] ?? 0;
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}

function keyIn(node: unknown): string {
  if (isMap(node) || typeof node !== 'object' || node === null || !('key' in node)) return '';
  return String((node as Pair).key);
}

/** `${NAME}` must be set; `${NAME:-default}` stands for its default where it is unset or empty. */
function fill(value: string, env: Environment, place: string): string {
  return value.replace(
    /\$\{([A-Z][A-Z0-9_]*)(:-([^}]*))?\}/g,
    (_all, name: string, given?: string, fallback?: string) => {
      const set = env[name];
      if (set) return set;
      if (given !== undefined) return fallback ?? '';
      throw new SettingsError(
        `${place} needs the environment variable ${name}; set it, or write \${${name}:-default}`,
      );
    },
  );
}
