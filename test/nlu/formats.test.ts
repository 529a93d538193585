import { zipSync } from 'fflate';
import { describe, expect, it, test } from 'vitest';
import { formats, renamedIn } from '../../nlu/formats/format.ts';
import { readTraining, writeTraining } from '../../nlu/formats/index.ts';
import { shippedPhrases } from '../../nlu/shipped.ts';

const bytes = (text: string) => Buffer.from(text);
const read = (text: string, file: string) => readTraining(bytes(text), file);

describe.each(formats)('%s', (format) => {
  it('brings back every phrase that it was given', () => {
    const { phrases, outOfScope } = shippedPhrases();
    const given = [...phrases, ...outOfScope.map((text) => ({ text, label: 'none' }))];
    const first = readTraining(writeTraining(given, format), format === 'rasa' ? 'nlu.yml' : 'data');
    const key = ({ text, label }: { text: string; label: string }) => `${text}\t${label}`;
    expect(new Set(first.map(key))).toEqual(
      new Set(new Map(given.map((one) => [one.text, key(one)])).values()),
    );
  });
});

// The example of https://rasa.com/docs/rasa/training-data-format/#training-examples, with what stands beside intents.
const RASA = `version: "3.1"
nlu:
- intent: check_balance
  examples: |
    - What's my [credit](account) balance?
    - What's the balance on my [credit card account]{"entity":"account","value":"credit"}
- intent: FAQ/ask-weather
  examples:
  - text: |
      - what's the weather like?
    metadata: { sentiment: neutral }
- synonym: credit
  examples: |
    - credit card account
- lookup: banks
  examples: |
    - JPMC
`;

test('Rasa: entities stay as words, what is no intent is skipped, names become ids', () => {
  const phrases = read(RASA, 'nlu.yml');
  expect(renamedIn(phrases)).toEqual([{ from: 'FAQ/ask-weather', to: 'faq_ask_weather' }]);
  expect(phrases).toMatchObject([
    { text: "What's my credit balance?", label: 'check_balance' },
    { text: "What's the balance on my credit card account", label: 'check_balance' },
    { text: "what's the weather like?", label: 'faq_ask_weather' },
  ]);
});

test('TSV: each name that became another is told once, also where two became one', () => {
  const phrases = read('a\tBuy Gold\nb\tBuy Gold\nc\tbuy-gold\nd\tbuy_gold\n', 'x.tsv');
  expect(new Set(phrases.map(({ label }) => label))).toEqual(new Set(['buy_gold']));
  expect(renamedIn(phrases)).toEqual([
    { from: 'Buy Gold', to: 'buy_gold' },
    { from: 'buy-gold', to: 'buy_gold' },
  ]);
});

test('Dialogflow ES: pieces make a phrase, a fallback intent is out of scope', () => {
  const json = (value: unknown) => bytes(JSON.stringify(value));
  const agent = zipSync({
    'agent.json': json({ language: 'en' }),
    'intents/Card Block.json': json({ name: 'Card Block' }),
    'intents/Card Block_usersays_en.json': json([
      {
        data: [
          { text: 'block my ', userDefined: false },
          { text: 'visa', meta: '@card' },
        ],
      },
    ]),
    'intents/Default Fallback Intent.json': json({ fallbackIntent: true }),
    'intents/Default Fallback Intent_usersays_en.json': json([{ data: [{ text: 'sing a song' }] }]),
  });
  const phrases = readTraining(agent, 'agent.zip');
  expect(renamedIn(phrases)).toEqual([{ from: 'Card Block', to: 'card_block' }]);
  expect(phrases).toMatchObject([
    { text: 'block my visa', label: 'card_block' },
    { text: 'sing a song', label: 'none' },
  ]);
});

test('the last intent of a text counts', () => {
  expect(read('hello\tgreeting\nhello\tgoodbye\n', 'x.tsv')).toEqual([{ text: 'hello', label: 'goodbye' }]);
});

test.each([
  ['no tab', 'a\tb\nhello\n', 'x.tsv', /x\.tsv:2: write the phrase, a tab/],
  ['a name without Latin letters', 'привет\tПриветствие', 'x.tsv', /x\.tsv:1: .*no Latin letter/],
  ['nothing', '\n\n', 'x.tsv', /x\.tsv: there are no phrases/],
  ['a long phrase', `${'я'.repeat(501)}\ta`, 'x.tsv', /longer than 500/],
  ['no YAML', 'nlu:\n- intent: "x\n', 'x.yml', /x\.yml:\d+: this is not YAML/],
  ['no nlu', 'rules: []', 'x.yml', /no list “nlu”/],
  ['no examples', 'nlu:\n- intent: a\n', 'x.yml', /x\.yml:2: the intent has no “examples”/],
  ['half a zip', 'PK\u0003\u0004rest', 'x.zip', /not a whole zip/],
])('refuses %s and says where and what to do', (_, text, file, error) => {
  expect(() => read(text, file)).toThrow(error);
});

test('refuses what is no UTF-8', () => {
  expect(() => readTraining(Uint8Array.of(0xff, 0xfe, 0x41), 'x.tsv')).toThrow(/not UTF-8/);
});

test('refuses a broken file within a zip by its name', () => {
  const zip = zipSync({ 'intents/a_usersays_en.json': bytes('{') });
  expect(() => readTraining(zip, 'a.zip')).toThrow('a.zip/intents/a_usersays_en.json: this is not JSON');
});

test('does not unpack what says that it is too large, nor more than what it says', () => {
  const large = new Uint8Array(31_000_000).fill(32);
  const honest = zipSync({ 'intents/a_usersays_en.json': large });
  expect(honest.length).toBeLessThan(100_000);
  expect(() => readTraining(honest, 'bomb.zip')).toThrow(/unpacks to more than/);
  // The size stands in the central directory, 24 bytes behind the signature PK 01 02 (APPNOTE 4.3.12).
  const lying = honest.slice();
  const directory = Buffer.from(lying.buffer).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  new DataView(lying.buffer).setUint32(directory + 24, 100, true);
  expect(() => readTraining(lying, 'bomb.zip')).toThrow(/this is not (JSON|a list)|not a whole zip/);
});

test('brackets go from a phrase only where Rasa would read an entity', () => {
  const given = [
    { text: 'карта [чёрная] пропала', label: 'block_card' },
    { text: 'моя [карта](main) и [счёт]{"entity":"a"}', label: 'block_card' },
  ];
  expect(readTraining(writeTraining(given, 'rasa'), 'x.yml').map(({ text }) => text)).toEqual([
    'карта [чёрная] пропала',
    'моя карта(main) и счёт{"entity":"a"}',
  ]);
});
