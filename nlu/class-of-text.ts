import { findClientAccounts } from './client-accounts.ts';
import { type DataClass, dataClassOf } from './entities/data-class.ts';
import { findEntities } from './entities/index.ts';
import { readAsWritten } from './entities/reading.ts';
import type { Entity, EntityKind } from './types.ts';

/** Where something stands in a text; `end` exclusive, in UTF-16 units. */
type Span = { readonly start: number; readonly end: number };

export type WholeNumbersOptions = {
  /** The whole numbers of payment cards, in the order of the text. */
  readonly findCards: (text: string) => readonly Span[];
};

/** What a text says of a person by the whole numbers in it. A card's tail or its mask, a sum and a name are no such numbers. */
export type WholeNumbers = {
  /** How much it says. Pure; linear in the length of the text. */
  classOfText(text: string): DataClass;
  /** The text with only the last four digits of each whole number that says more than `carries`. Pure. */
  hideNumbers(text: string, carries: DataClass): string;
};

export function createWholeNumbers({ findCards }: WholeNumbersOptions): WholeNumbers {
  /** In the order of the text, and of two that begin together the longer first; some may overlap. */
  function findNumbers(text: string): readonly WholeNumber[] {
    if (!mayHold.test(text)) return [];
    const { shown, placeOf } = withoutInvisible(text);
    const cards = findCards(shown).filter((span) => isApart(span, shown) && !isInAddress(span, shown));
    return [
      ...cards.map((span) => ({ holds: dataClassOf.card, ...span })),
      ...findClientAccounts(shown).map((span) => ({ holds: dataClassOf.account_number, ...span })),
      ...findPapers(shown),
    ]
      .map(({ holds, start, end }) => ({ holds, start: placeOf(start), end: placeOf(end - 1) + 1 }))
      .sort((a, b) => a.start - b.start || b.end - a.end);
  }

  return {
    classOfText(text) {
      let highest: DataClass = 'public';
      for (const { holds } of findNumbers(text)) if (isMore(holds, highest)) highest = holds;
      return highest;
    },
    hideNumbers(text, carries) {
      let shown = '';
      let from = 0;
      for (const { holds, start, end } of findNumbers(text)) {
        if (!isMore(holds, carries) || start < from) continue;
        const tail = text.slice(start, end).replaceAll(/\D/g, '').slice(-4);
        shown += `${text.slice(from, start)}•••• ${tail}`;
        from = end;
      }
      return shown + text.slice(from);
    },
  };
}

const order: readonly DataClass[] = ['public', 'personal', 'bank-secret'];
const isMore = (one: DataClass, than: DataClass): boolean => order.indexOf(one) > order.indexOf(than);

type WholeNumber = Span & { readonly holds: DataClass };

/** Without these there is no such number; most texts have none and are read no further. */
const mayHold = /\d{5}|\d(?:[\s.\p{Pd}\p{Cf}]{0,3}\d){9}|(?:дог|контракт|contract|agreement)[\s\S]{0,80}\d/iu;

/** Marks that nobody sees, such as soft hyphens and blanks of no width. */
const invisible = /\p{Cf}/gu;

/** A text as it is seen, and where a character of that stands in the text as given. */
function withoutInvisible(text: string): { shown: string; placeOf: (at: number) => number } {
  const hidden = [...text.matchAll(invisible)];
  if (hidden.length === 0) return { shown: text, placeOf: (at) => at };
  const places: number[] = [];
  let from = 0;
  for (const { index, 0: mark } of hidden) {
    for (; from < index; from++) places.push(from);
    from = index + mark.length;
  }
  for (; from < text.length; from++) places.push(from);
  return { shown: text.replaceAll(invisible, ''), placeOf: (at) => places[at] ?? text.length };
}

/** Not a part of an id made of letters and digits. */
function isApart({ start, end }: Span, text: string): boolean {
  return (
    !/[\p{L}\p{N}]_?$/u.test(text.slice(Math.max(0, start - 3), start)) &&
    !/^_?[\p{L}\p{N}]/u.test(text.slice(end, end + 3))
  );
}

/** Longer addresses are read from here on as if they were none. */
const maxAddress = 500;

/** Within an address, digits are those of a page or an operation. */
function isInAddress({ start }: Span, text: string): boolean {
  const word = /\S*$/.exec(text.slice(Math.max(0, start - maxAddress), start))?.[0] ?? '';
  return /:\/\/|www\.|[\p{L}\d]\.\p{L}{2,}\//u.test(word);
}

/** Kinds that are numbers of a person or of something at the bank, and are told by their names. */
const papers = ['contract_number', 'passport', 'snils', 'inn'] as const satisfies readonly EntityKind[];

/** Characters that are read at once, and how many of them again, since a number and its name may stand at the edge. */
const pieceLength = 2_000;
const overlap = 300;

/** One that stands where two pieces overlap may come twice. */
function findPapers(text: string): readonly WholeNumber[] {
  const found: WholeNumber[] = [];
  // Digits at the end of a line are not continued on the next.
  const lines = text.replaceAll(/(?<=\d[^\S\n]{0,2})\n(?=\s{0,2}\d)/g, ';');
  for (let from = 0; from === 0 || from < lines.length - overlap; from += pieceLength - overlap) {
    const piece = lines.slice(from, from + pieceLength);
    if (!mayHold.test(piece)) continue;
    for (const entity of findEntities(readAsWritten(piece), papers)) {
      if (entity.kind === 'contract_number' && !isContract(entity, entity.value.number, piece)) continue;
      found.push({ holds: dataClassOf[entity.kind], start: from + entity.start, end: from + entity.end });
    }
  }
  return found;
}

/** Shorter numbers behind «договор» count or date something more often than they name a contract. */
const leastOfContract = 5;

/** What stands behind the index of an address: «Договор: 150285, Москва». */
const behindIndex = /^,\s*(?:(?:г|обл|респ)\.|город\s|россия|[\p{L}-]+\s(?:обл|край|район|респ))/iu;

function isContract({ start, end }: Entity, number: string, text: string): boolean {
  if (number.replaceAll(/\D/g, '').length < leastOfContract) return false;
  if (!/^\d{6}$/.test(number) || !/:\s*$/.test(text.slice(0, start)) || text[end] !== ',') return true;
  const behind = text.slice(end, end + 60);
  const city = findEntities(readAsWritten(behind), ['city'])[0];
  return !behindIndex.test(behind) && !(city && city.start <= 2);
}
