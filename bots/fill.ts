import { digitsSaid } from '../gateway/said-digits.ts';
import type { Entity } from '../nlu/types.ts';
import { dayFor } from './days.ts';
import type { Heard } from './heard.ts';
import { hundredths } from './money.ts';
import type { Slot } from './script.ts';
import { slotText } from './state.ts';
import { saysOneOf, wordsOfText } from './words.ts';

/** What is filled, in which order of trust: the open question first, then the other slots of the script. */
export interface Form {
  readonly slots: Readonly<Record<string, Slot>>;
  readonly filled: Readonly<Record<string, string>>;
  /** Slots that the client has said: a bare value of their kind corrects them, and not a carried one. */
  readonly said: readonly string[];
  readonly asked?: string;
  readonly currency: string;
  /** Values that other scripts left. */
  readonly carried: Readonly<Record<string, string>>;
}

export interface Fills {
  readonly values: Readonly<Record<string, string>>;
  /** A value was given for this slot that is not possible. */
  readonly invalid?: string;
}

/** The values of a message for the slots of a script. Pure. */
export function fillsOf(form: Form, heard: Heard): Fills {
  const values: Record<string, string> = {};
  let invalid: string | undefined;
  const entities = (heard.whole?.entities ?? []).filter((entity) => !isNegated(entity, heard.text));
  for (const [name, slot] of Object.entries(form.slots)) {
    if (heard.isAnothersNumber) {
      if (form.asked === name) invalid = name;
      continue;
    }
    const found =
      slot.kind === 'account_type'
        ? accountFor(name, form, entities)
        : valueFor(name, slot, form, entities, heard);
    if (found === undefined) {
      const carried = slot.carry && slot.same && form.asked === name ? form.carried[name] : undefined;
      if (carried !== undefined && slot.same && saysOneOf(slot.same, heard.text)) values[name] = carried;
      continue;
    }
    if (isPossible(slot, found, form.currency)) values[name] = slotText(found.value);
    else invalid ??= name;
  }
  return { values, ...(invalid === undefined ? {} : { invalid }) };
}

interface Found {
  readonly value: string;
  readonly currency?: string | undefined;
}

/** «не 500, а 5000», "5000 instead of 500", "not Peter, Ann": what stands before the value takes it back. */
const TAKEN_BACK =
  /(?:^|[^\p{L}])(?:не|вместо|not|isn't|instead\s+of|rather\s+than)\s+(?:(?:с|со|на|за|из|от|for|from|to|of|the|my|a|мо[ейю]\p{L}*)\s+){0,2}[«"'$€£₽]*$/iu;

function isNegated(entity: Entity, text: string): boolean {
  if (entity.kind === 'yes_no') return false;
  return TAKEN_BACK.test(text.slice(Math.max(0, entity.start - 40), entity.start));
}

function valueFor(
  name: string,
  slot: Slot,
  form: Form,
  entities: readonly Entity[],
  heard: Heard,
): Found | undefined {
  const isAsked = form.asked === name;
  switch (slot.kind) {
    case 'money':
      return moneyOf(entities, isAsked || form.said.includes(name));
    case 'number': {
      const last = lastNumber(entities);
      return last ? { value: String(last.number) } : undefined;
    }
    case 'card': {
      const last = lastOf(entities, 'card');
      return last ? { value: last.value.tail } : bareTail(entities, isAsked || form.said.includes(name));
    }
    case 'date':
      return dayOf(slot, form, entities, heard.text);
    case 'person': {
      const last = lastOf(entities, 'person');
      return last ? { value: last.value.name } : undefined;
    }
    case 'yes_no': {
      const last = isAsked ? lastOf(entities, 'yes_no') : undefined;
      return last && last.value !== 'maybe' ? { value: last.value } : undefined;
    }
    case 'list':
      return listed(slot, heard.text, isAsked);
    case 'text':
      return isAsked ? openText(heard) : undefined;
    case 'location':
      return isAsked ? (heard.place === undefined ? openText(heard) : { value: heard.place }) : undefined;
    case 'code':
      return isAsked ? codeOf(heard.text, slot) : undefined;
    case 'account_type':
      return undefined;
    case 'custom': {
      const last = entities.findLast((it) => it.kind === 'custom' && it.value.entity === slot.entity);
      return last?.kind === 'custom' ? { value: last.value.value } : undefined;
    }
    case 'product': {
      const last = lastOf(entities, 'product');
      return last ? { value: last.value } : undefined;
    }
    case 'city':
    case 'phone':
    case 'email':
    case 'contract_number':
    case 'order_number':
      return spoken(slot.kind, entities);
  }
}

function dayOf(slot: Slot, form: Form, entities: readonly Entity[], text: string): Found | undefined {
  const days = entities.filter((entity) => entity.kind === 'date');
  const beginning = Object.keys(form.slots).find((name) => {
    const { kind, side } = form.slots[name] ?? {};
    return kind === 'date' && side === 'from';
  });
  const value = dayFor(slot.side, days, text, {
    asked: form.slots[form.asked ?? '']?.side,
    begun: form.filled[beginning ?? ''],
  });
  return value === undefined ? undefined : { value };
}

/** The last value of a kind whose value is one text. */
function spoken(
  kind: 'city' | 'phone' | 'email' | 'contract_number' | 'order_number',
  entities: readonly Entity[],
): Found | undefined {
  const last = lastOf(entities, kind);
  const [value] = last ? Object.values(last.value) : [];
  return value === undefined ? undefined : { value };
}

/** The last number said; one that may be a sum is heard as that, yet a slot for a number takes it. */
function lastNumber(entities: readonly Entity[]): { text: string; number: number } | undefined {
  const numbers = entities.flatMap((it) => {
    if (it.kind === 'number') return [{ text: it.text, number: it.value.number }];
    const isBare = it.kind === 'money' && !it.value.currency;
    return isBare ? [{ text: it.text, number: Number(it.value.amount) }] : [];
  });
  return numbers.at(-1);
}

/** Four bare digits, where a card was asked for or is corrected («нет, 8765»). */
function bareTail(entities: readonly Entity[], bare: boolean): Found | undefined {
  const last = bare ? lastNumber(entities) : undefined;
  return last && /^\d{4}$/.test(last.text) ? { value: last.text } : undefined;
}

/** Words that take back what was said: «нет», "actually", «не 500, а 300», «лучше 300». */
const CORRECTS =
  /(?:^|[^\p{L}])(?:не|нет|неа|лучше|вместо|исправь\p{L}*|поправь\p{L}*|измени\p{L}*|no|not|nope|actually|instead|rather|change|wrong)(?=[^\p{L}]|$)/iu;

/** True where the text sounds like taking something back, and not like something new. */
export function isCorrection(text: string): boolean {
  return CORRECTS.test(text.slice(0, 2_000));
}

/** The last sum said; a bare number counts where a sum was asked for or is corrected ("make it 300"). */
function moneyOf(entities: readonly Entity[], bare: boolean): Found | undefined {
  const sums = entities.flatMap((entity): (Found & { end: number })[] => {
    if (entity.kind === 'money') return [{ ...entity.value, value: entity.value.amount, end: entity.end }];
    const isSum = bare && entity.kind === 'number' && entity.value.number > 0;
    return isSum ? [{ value: entity.value.number.toFixed(2), end: entity.end }] : [];
  });
  return sums.reduce<(Found & { end: number }) | undefined>(
    // At the same place a sum tells more than the number in it.
    (last, sum) => (!last || sum.end > last.end ? sum : last),
    undefined,
  );
}

/**
 * Which account a slot gets. A side that was said decides; a value without one answers the open question, else goes
 * to the first account that is not said yet, else corrects the first.
 */
function accountFor(name: string, form: Form, entities: readonly Entity[]): Found | undefined {
  const accounts = entities.filter((entity) => entity.kind === 'account_type');
  const names = Object.keys(form.slots).filter((other) => form.slots[other]?.kind === 'account_type');
  if (names.length === 1) {
    const last = accounts.at(-1);
    return last ? { value: last.value } : undefined;
  }
  const sideOf = (slot: string) => form.slots[slot]?.side;
  const taken = new Map<string, string>();
  for (const account of accounts) {
    if (!account.side) continue;
    const slot = names.find((other) => sideOf(other) === account.side);
    if (slot) taken.set(slot, account.value);
  }
  for (const account of accounts) {
    if (account.side) continue;
    const order = form.asked && names.includes(form.asked) ? [form.asked, ...names] : names;
    const slot =
      order.find((other) => !taken.has(other) && (other === form.asked || isFirstSide(other))) ??
      order.find((other) => !taken.has(other));
    if (slot) taken.set(slot, account.value);
  }
  const value = taken.get(name);
  return value === undefined ? undefined : { value };

  function isFirstSide(slot: string): boolean {
    return sideOf(slot) !== 'to';
  }
}

function listed(slot: Slot, text: string, isAsked: boolean): Found | undefined {
  for (const [value, { words }] of Object.entries(slot.values ?? {})) {
    if (words && saysOneOf(words, text)) return { value };
  }
  if (!isAsked || !slot.open) return undefined;
  const open = text
    .replace(/[.!?]+$/, '')
    .replace(/^\s*(?:в|во|на|in|at)\s+/iu, '')
    .trim();
  return wordsOfText(open).length <= 4 && /\p{L}{2}/u.test(open) ? { value: open } : undefined;
}

function openText(heard: Heard): Found | undefined {
  return /[\p{L}\p{N}]/u.test(heard.text) ? { value: heard.text } : undefined;
}

/**
 * The digits that the text is, typed or said, where it is known how many there are; else the one run of four to eight
 * digits, spaces and hyphens within it not counted.
 */
function codeOf(text: string, { digits }: Slot): Found | undefined {
  if (digits !== undefined) {
    const said = digitsSaid(text.slice(0, 200));
    return said?.length === digits ? { value: said } : undefined;
  }
  const runs =
    text
      .slice(0, 200)
      .replace(/(?<=\d)[\s-]+(?=\d)/g, '')
      .match(/\d+/g) ?? [];
  const [code] = runs.filter((run) => run.length >= 4 && run.length <= 8);
  return code && runs.length === 1 ? { value: code } : undefined;
}

function isPossible(slot: Slot, found: Found, currency: string): boolean {
  if (slot.kind !== 'money') return true;
  if (found.currency && found.currency !== currency) return false;
  const amount = hundredths(found.value);
  if (amount === undefined || amount <= 0n) return false;
  const min = hundredths(slot.min ?? '0');
  const max = slot.max === undefined ? undefined : hundredths(slot.max);
  return amount >= (min ?? 0n) && (max === undefined || amount <= max);
}

type Of<K extends Entity['kind']> = Extract<Entity, { kind: K }>;

function lastOf<K extends Entity['kind']>(entities: readonly Entity[], kind: K): Of<K> | undefined {
  return entities.findLast((entity): entity is Of<K> => entity.kind === kind);
}
