import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPhrases } from '../../nlu/phrases.ts';
import { allSignals, createSignals, shippedSignals } from '../../nlu/signals.ts';
import { scoreOf, tellHeldOut } from './signals.ts';

describe('signals of lines that the model has not seen', () => {
  // One part of three; test/perf/signals.ts tells all five of five.
  const told = tellHeldOut(3, 1);

  it.each(allSignals)('tells %s more often than not, and seldom where it is not', (signal) => {
    const own = signal === 'angry' ? told : told.filter(({ isMore }) => !isMore);
    const { lines, precision, recall } = scoreOf(signal, own);
    expect(lines).toBeGreaterThan(40);
    expect(recall).toBeGreaterThan(signal === 'angry' ? 0.55 : 0.6);
    expect(precision).toBeGreaterThan(0.8);
  });
});

it('takes a charge that one disputes for no fraud, and one that nobody made for fraud', () => {
  const read = createSignals(shippedSignals());
  const tells = (text: string) => read(text).some(({ signal }) => signal === 'fraud');
  const disputed = [
    'why was i charged twice',
    'двойное списание за заказ, верните',
    'с меня списали комиссию почему',
  ];
  const stolen = ['i see a payment that i did not make', 'someone took money from my card'];
  expect([disputed.map(tells), stolen.map(tells)]).toEqual([
    [false, false, false],
    [true, true],
  ]);
});

describe('words, names, codes and keys struck', () => {
  const read = createSignals(shippedSignals());
  /** What goes to people at once (bots/scripts/fraud.yaml). */
  const urgent = (text: string) =>
    read(text).filter(({ signal }) => signal === 'fraud' || signal === 'third_party_harm');

  it('are seldom told as fraud or harm, and hardly ever surely', () => {
    const file = 'calm-short.tsv';
    const lines = readPhrases(readFileSync(new URL(file, import.meta.url), 'utf8'), file);
    const hits = lines.filter(({ label }) => label === 'held').map(({ text }) => urgent(text));
    expect(hits.length).toBeGreaterThan(300);
    expect(hits.filter((own) => own.length > 0).length / hits.length).toBeLessThan(0.04);
    expect(hits.filter(([first]) => (first?.confidence ?? 0) >= 0.6).length / hits.length).toBeLessThan(0.01);
  });

  it.each(['old', 'OLD-A', 'said while away', 'HID-Z', '%ZZ%'])('%s is none', (text) => {
    expect(urgent(text)).toEqual([]);
  });

  it.each(['мошенники!', 'меня развели', 'i got scammed', 'stolen money', 'маму обманули'])(
    '%s is told, few words as it has',
    (text) => {
      expect(urgent(text)).not.toEqual([]);
    },
  );
});
