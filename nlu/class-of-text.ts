import { type DataClass, dataClassOf } from './entities/data-class.ts';
import { findEntities } from './entities/index.ts';
import { readAsWritten } from './entities/reading.ts';
import type { Entity, EntityKind } from './types.ts';

/** Kinds that are numbers of something at the bank or of a person: who has one can ask for what stands behind it. */
const kinds = [
  'card',
  'account_number',
  'contract_number',
  'passport',
  'snils',
  'inn',
] as const satisfies readonly EntityKind[];

/** Without these there is no such number; most texts have none and are read no further. */
const mayHold = /\d{5}|\d(?:[\s\u2010-\u2015-]{0,2}\d){9}|(?:дог|контракт|contract|agreement)[\s\S]{0,80}\d/i;

/** Characters that are read at once, and how many of them again, since a number and its name may stand at the edge. */
const pieceLength = 2_000;
const overlap = 300;

/**
 * How much a text says of a person by the whole numbers in it. A card's tail or its mask, a sum and a name are no such
 * numbers. Pure; linear in the length of the text.
 */
export function classOfText(text: string): DataClass {
  let highest: DataClass = 'public';
  for (const { holds } of wholeNumbers(text)) {
    if (holds === 'bank-secret') return holds;
    highest = holds;
  }
  return highest;
}

/** The text with only the last four digits of each whole number that says more than `carries`. Pure. */
export function hideNumbers(text: string, carries: DataClass): string {
  let shown = '';
  let from = 0;
  for (const { holds, start, end } of wholeNumbers(text)) {
    if (order.indexOf(holds) <= order.indexOf(carries) || start < from) continue;
    const tail = text.slice(start, end).replaceAll(/\D/g, '').slice(-4);
    shown += `${text.slice(from, start)}•••• ${tail}`;
    from = end;
  }
  return shown + text.slice(from);
}

const order: readonly DataClass[] = ['public', 'personal', 'bank-secret'];

type WholeNumber = { readonly holds: DataClass; readonly start: number; readonly end: number };

/** In the order of the text; one that stands where two pieces overlap may come twice. */
function* wholeNumbers(text: string): Generator<WholeNumber> {
  if (!mayHold.test(text)) return;
  for (let from = 0; from === 0 || from < text.length - overlap; from += pieceLength - overlap) {
    const piece = text.slice(from, from + pieceLength);
    if (!mayHold.test(piece)) continue;
    for (const entity of findEntities(readAsWritten(piece), kinds)) {
      if (!isWhole(entity, piece)) continue;
      yield { holds: dataClassOf[entity.kind], start: from + entity.start, end: from + entity.end };
    }
  }
}

/** Cards have 15 digits or more; shorter ones that pass the check are a company's or a parcel's number (OGRN: 13). */
const leastOfCard = 15;
/** Shorter numbers behind «договор» count or date something more often than they name a contract. */
const leastOfContract = 5;

/**
 * Accounts of clients: section 4, "operations with clients", of the Bank of Russia's chart of accounts without the
 * budgets (401 to 404), and 306, brokers' clients. Accounts of banks and of the treasury are published, and numbers of
 * other things may have twenty digits too.
 */
const clientsAccount = /^(?:306|4(?!0[1-4]))/;

function isWhole(entity: Entity, text: string): boolean {
  switch (entity.kind) {
    case 'card':
      return digitsIn(entity.text) >= leastOfCard && isApart(entity, text);
    case 'account_number':
      return clientsAccount.test(entity.value.digits);
    case 'contract_number':
      return digitsIn(entity.value.number) >= leastOfContract;
    default:
      return true;
  }
}

const digitsIn = (text: string): number => text.replaceAll(/\D/g, '').length;

/** Not a part of an address or of an id made of letters and digits. */
function isApart({ start, end }: Entity, text: string): boolean {
  return !/[\p{L}\p{N}_]/u.test(`${text[start - 1] ?? ''}${text[end] ?? ''}`);
}
