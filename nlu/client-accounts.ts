/** Where a client's account number stands in a text; `end` exclusive, in UTF-16 units. */
export type ClientAccount = { readonly start: number; readonly end: number };

/**
 * The numbers of clients' accounts in a text, in its order: twenty digits in a row or in groups on one line, whatever
 * stands beside them. A BIC beside them does not matter: whoever reads a number with one wrong digit has the other
 * nineteen. Pure; linear in the length of the text.
 */
export function findClientAccounts(text: string): ClientAccount[] {
  const found: ClientAccount[] = [];
  for (const run of text.matchAll(digitRun)) {
    if (run[0].length < accountLength) continue;
    const groups = groupsOf(run[0], run.index);
    for (let first = 0; first < groups.length; first++) {
      const last = lastOfAccount(groups, first);
      const [from, to] = [groups[first], groups[last ?? -1]];
      if (last === undefined || !from || !to) continue;
      found.push({ start: from.start, end: to.start + to.digits.length });
      first = last;
    }
  }
  return found;
}

const accountLength = 20;

const digitRun = /\d+(?:[\p{Zs}\t\p{Pd}.]{1,2}\d+)*/gu;

/** Digits in a row, and what parts them from those before. */
type Group = { readonly digits: string; readonly start: number; readonly apart: string };

function groupsOf(run: string, at: number): Group[] {
  return [...run.matchAll(/(\D*)(\d+)/g)].map(({ 1: between = '', 2: digits = '', index }) => ({
    digits,
    start: at + index + between.length,
    apart: between.trim(),
  }));
}

/** Sums begin with one or two digits («40 000 50 000 …»), accounts in groups with more. */
const leastOfFirst = 3;

/** The group with which the account that begins at a group ends; undefined where none begins. */
function lastOfAccount(groups: readonly Group[], first: number): number | undefined {
  let digits = '';
  for (let last = first; last < groups.length && digits.length < accountLength; last++) {
    const group = groups[last];
    // One kind of separator: «400 8 920 …-84-89 2020-01-01» is a sum, a phone and a day.
    if (!group || (last > first + 1 && group.apart !== groups[first + 1]?.apart)) return undefined;
    digits += group.digits;
    if (last === first && digits.length < leastOfFirst) return undefined;
    if (digits.length === accountLength) return isClients(digits, last === first) ? last : undefined;
  }
  return undefined;
}

/**
 * Accounts of clients: section 4, "operations with clients", of the Bank of Russia's chart of accounts without the
 * budgets (401 to 404), and 306, brokers' clients. Accounts of banks and of the treasury are published, and numbers of
 * other things may have twenty digits too.
 */
const clients = /^(?:306|4(?!0[1-4]))/;

/** Digits 6 to 8 are the currency: 810 for roubles, else its code of ISO 4217, which is never below 004. */
function isClients(digits: string, isInOneRow: boolean): boolean {
  const currency = digits.slice(5, 8);
  // Other numbers side by side make up twenty digits too.
  return clients.test(digits) && (isInOneRow ? Number(currency) >= 4 : currencies.has(currency));
}

/** Those in which clients keep accounts with banks here, by ISO 4217; 810 is the rouble. */
const currencies = new Set(
  '810 643 840 978 156 036 051 124 156 203 208 344 348 356 360 364 376 392 398 410 417 458 496 498 512 578 608 634 682 702 704 710 752 756 764 784 818 826 860 928 933 934 941 944 946 949 972 975 980 981 985 986'.split(
    ' ',
  ),
);
