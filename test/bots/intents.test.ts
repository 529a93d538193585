import { expect, test } from 'vitest';
import { nameIntents } from '../../bots/intents.ts';
import { parseScripts } from '../../bots/load.ts';
import { tellApart } from '../../bots/training/page/tell-apart.ts';
import { commonYaml, helpers } from './sample-scripts.ts';

/** What stands where an intent is chosen. */

function titlesOf(scripts: readonly string[], labels: readonly string[] = []): string[] {
  const files = [commonYaml, ...helpers, ...scripts].map((text, index) => ({ name: `${index}.yaml`, text }));
  const parsed = parseScripts(files);
  if (!parsed.set) throw new Error(JSON.stringify(parsed.problems));
  return nameIntents(parsed.set, labels)
    .filter(({ id }) => !['people', 'cancel', 'none'].includes(id))
    .map(({ title }) => `${title.ru} | ${title.en}`);
}

const script = (name: string, intents: string, ru: string, en: string) =>
  `script: ${name}\ntitle: { ru: ${ru}, en: ${en} }\nwhen: { intents: [${intents}] }\nsteps:\n  - end\n`;

test('two intents of one title have their ids behind it, in the language in which it is one', () => {
  const scripts = [
    script('a', 'debit_card', 'карта', 'debit card'),
    script('b', 'credit_card', 'карта', 'credit card'),
  ];
  expect(titlesOf(scripts, ['loan'])).toEqual([
    'Карта (debit_card) | Debit card',
    'Карта (credit_card) | Credit card',
    'Loan | Loan',
  ]);
  expect(titlesOf([script('a', 'fast_loan', 'loan', 'loan')], ['loan'])).toEqual([
    'Loan (fast_loan) | Loan (fast_loan)',
    'Loan (loan) | Loan (loan)',
  ]);
});

test('a place of the training page has its id behind its name only where another has the same name', () => {
  const names: Record<string, string> = { balance: 'Остаток', check_balance: 'остаток', rate: 'Курс' };
  const nameOf = tellApart(
    ['balance', 'check_balance', 'rate', 'none', null],
    (place) => names[place ?? ''] ?? '—',
  );
  expect(['balance', 'check_balance', 'rate', null].map(nameOf)).toEqual([
    'Остаток (balance)',
    'остаток (check_balance)',
    'Курс',
    '—',
  ]);
});
