import type { Locale } from './model/contact.ts';

/** What a schema found, as the validator tells it: a code of zod, the place, and what belongs to the code. */
export interface Found {
  readonly keyword: string;
  /** Keys behind slashes, such as `/media/0`. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

type Texts = Readonly<Record<Locale, string>>;

/**
 * What of a request its schema does not take: the place, what came, and what is wanted. Pure.
 * @param part the part of the request: `body`, `params`, `querystring` or `headers`
 * @param value that part
 */
export function describeInvalid(found: Found, part: string, value: unknown): Texts {
  const keys = found.instancePath.split('/').filter((key) => key !== '');
  const place = [part, ...keys].join('/');
  const came = keys.reduce(memberOf, value);
  const wanted = wish(found, came);
  const isSecret = keys.some((key) => SECRET.test(key));
  const shown = isSecret || !SHOWS_VALUE.has(found.keyword) ? undefined : show(came);
  const say = (locale: Locale) =>
    `${place}: ${wanted[locale]}${shown === undefined ? '' : `${CAME[locale]}${shown}`}`;
  return { ru: say('ru'), en: say('en') };
}

const CAME: Texts = { ru: '; пришло ', en: '; got ' };
const SECRET = /pass|secret|token|code|sign/i;
/** Of the others the value is long, or is told by its length. */
const SHOWS_VALUE: ReadonlySet<string> = new Set([
  'invalid_type',
  'invalid_value',
  'invalid_format',
  'invalid_union',
]);
const MAX_SHOWN = 40;

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

/** A value in few characters; undefined where it is too much, or nothing. */
function show(value: unknown): string | undefined {
  if (typeof value === 'string') {
    const characters = [...value.slice(0, 2 * MAX_SHOWN)];
    return `"${characters.length > MAX_SHOWN ? `${characters.slice(0, MAX_SHOWN).join('')}…` : value}"`;
  }
  return value === null || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** What is wanted, by the code of what was found; that of the codes which no schema of ours has is the last. */
function wish({ keyword, params }: Found, came: unknown): Texts {
  switch (keyword) {
    case 'invalid_type': {
      const type = nameOf(TYPES, params.expected);
      if (came !== undefined) return { ru: `нужно: ${type.ru}`, en: `wanted: ${type.en}` };
      return { ru: `не хватает; нужно: ${type.ru}`, en: `is missing; wanted: ${type.en}` };
    }
    case 'too_big':
      return limit(params, came, params.maximum, MOST);
    case 'too_small':
      return limit(params, came, params.minimum, LEAST);
    case 'invalid_format': {
      if (params.format === 'regex')
        return { ru: `нужно по образцу ${params.pattern}`, en: `must match ${params.pattern}` };
      const format = nameOf(FORMATS, params.format);
      return { ru: `нужно: ${format.ru}`, en: `wanted: ${format.en}` };
    }
    case 'invalid_value':
      return oneOf(params.values);
    case 'unrecognized_keys': {
      const keys = listed(params.keys);
      return { ru: `лишнее: ${keys}; уберите`, en: `not known here: ${keys}; remove it` };
    }
    case 'invalid_union':
      if (params.options !== undefined) return oneOf(params.options);
      return { ru: 'не подходит ни под один вариант', en: 'fits none of the variants' };
    case 'custom':
      return ownTexts(params.params) ?? OTHER;
    default:
      return OTHER;
  }
}

function oneOf(values: unknown): Texts {
  return { ru: `нужно одно из: ${listed(values)}`, en: `must be one of: ${listed(values)}` };
}

const OTHER: Texts = { ru: 'не подходит', en: 'does not fit' };

const TYPES: Readonly<Record<string, Texts>> = {
  string: { ru: 'строка', en: 'a string' },
  number: { ru: 'число', en: 'a number' },
  int: { ru: 'целое число', en: 'a whole number' },
  boolean: { ru: 'true или false', en: 'true or false' },
  object: { ru: 'объект', en: 'an object' },
  array: { ru: 'список', en: 'a list' },
  null: { ru: 'null', en: 'null' },
};
const FORMATS: Readonly<Record<string, Texts>> = {
  email: { ru: 'адрес почты', en: 'an e-mail address' },
  url: { ru: 'адрес (URL)', en: 'a URL' },
  uuid: { ru: 'UUID', en: 'a UUID' },
  datetime: { ru: 'дата и время по ISO 8601', en: 'a date and time of ISO 8601' },
  date: { ru: 'дата по ISO 8601', en: 'a date of ISO 8601' },
};

function nameOf(names: Readonly<Record<string, Texts>>, name: unknown): Texts {
  return names[String(name)] ?? { ru: String(name), en: String(name) };
}

interface Bound {
  readonly inclusive: Texts;
  readonly exclusive: Texts;
  readonly isBroken: (value: number, bound: number) => boolean;
}
const MOST: Bound = {
  inclusive: { ru: 'не больше', en: 'at most' },
  exclusive: { ru: 'меньше', en: 'less than' },
  isBroken: (value, bound) => value >= bound,
};
const LEAST: Bound = {
  inclusive: { ru: 'не меньше', en: 'at least' },
  exclusive: { ru: 'больше', en: 'more than' },
  isBroken: (value, bound) => value <= bound,
};

/** Of texts and lists their length, of numbers themselves. */
function limit(params: Found['params'], came: unknown, bound: unknown, by: Bound): Texts {
  const than = params.inclusive === false ? by.exclusive : by.inclusive;
  const measure = MEASURES[String(params.origin)] ?? NUMBER;
  const measured = measure === NUMBER ? Number(came) : lengthOf(came);
  // A text may have been trimmed before it was measured.
  const isTold = measured !== undefined && by.isBroken(measured, Number(bound));
  const say = (locale: Locale) =>
    `${measure[locale]} ${than[locale]} ${bound}${isTold ? `${HERE[locale]}${measured}` : ''}`;
  return { ru: say('ru'), en: say('en') };
}

function lengthOf(value: unknown): number | undefined {
  return typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
}

const HERE: Texts = { ru: ', здесь ', en: ', here ' };
const NUMBER: Texts = { ru: 'нужно', en: 'must be' };
const MEASURES: Readonly<Record<string, Texts>> = {
  string: { ru: 'длина нужна', en: 'its length must be' },
  array: { ru: 'число элементов нужно', en: 'the number of its items must be' },
};

function listed(values: unknown): string {
  return Array.isArray(values) ? values.map(String).join(', ') : String(values);
}

/** The words of `wants`. */
function ownTexts(params: unknown): Texts | undefined {
  if (typeof params !== 'object' || params === null || !('ru' in params) || !('en' in params))
    return undefined;
  return { ru: String(params.ru), en: String(params.en) };
}
