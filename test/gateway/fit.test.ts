import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Capabilities, TEXT_ONLY } from '../../gateway/connectors/capabilities.ts';
import { fit as fitted } from '../../gateway/fit.ts';
import type { Content } from '../../gateway/model/content.ts';
import { splitText } from '../../gateway/split-text.ts';

const channel = (
  limits: Partial<Capabilities['limits']> = {},
  choices: 'native' | 'fallback' = 'native',
): Pick<Capabilities, 'content' | 'limits'> => ({
  content: { ...TEXT_ONLY, choices },
  limits: {
    maxText: 4096,
    unit: 'utf16',
    maxChoices: 8,
    maxChoiceText: 20,
    perSecond: 30,
    perThreadPerSecond: 1,
    perThreadBurst: 1,
    ...limits,
  },
});

const text = (said: string): Content => ({ kind: 'text', text: said });
const choices = (...labels: string[]): Content => ({
  kind: 'choices',
  choices: labels.map((label, index) => ({ id: `c${index}`, text: label })),
});

describe('splitting', () => {
  it('leaves a text that fits exactly as it is', () => {
    expect(splitText('  привет \n', 10, 'utf16')).toEqual(['  привет \n']);
  });

  it('cuts at a paragraph before a line, a line before a sentence, a sentence before a word', () => {
    expect(splitText('Один. Два\n\nтри четыре', 20, 'utf16')).toEqual(['Один. Два', 'три четыре']);
    expect(splitText('Один. Два\nтри четыре', 19, 'utf16')).toEqual(['Один. Два', 'три четыре']);
    expect(splitText('Один два. Три четыре', 19, 'utf16')).toEqual(['Один два.', 'Три четыре']);
    expect(splitText('один два три четыре', 18, 'utf16')).toEqual(['один два три', 'четыре']);
  });

  it('keeps a number together with the no-break spaces in it', () => {
    expect(splitText('на счёте 1\u00a0000\u00a0₽', 15, 'utf16')).toEqual(['на счёте', '1\u00a0000\u00a0₽']);
  });

  it('counts bytes where the network counts bytes', () => {
    expect(splitText('яяяя', 4, 'bytes')).toEqual(['яя', 'яя']);
    expect(splitText('😀😀', 4, 'bytes')).toEqual(['😀', '😀']);
  });

  it('keeps a family, a flag and a letter with its accents whole', () => {
    expect(splitText('👨‍👩‍👧👨‍👩‍👧', 10, 'utf16')).toEqual(['👨‍👩‍👧', '👨‍👩‍👧']);
    expect(splitText('🇷🇺🇬🇧', 6, 'utf16')).toEqual(['🇷🇺', '🇬🇧']);
    expect(splitText('e\u0301e\u0301', 3, 'utf16')).toEqual(['e\u0301', 'e\u0301']);
  });

  it('cuts a cluster that is itself too long between characters, never inside one', () => {
    const parts = splitText(`e${'\u0301'.repeat(10)}`, 4, 'utf16');
    expect(parts.join('')).toBe(`e${'\u0301'.repeat(10)}`);
    expect(Math.max(...parts.map((part) => part.length))).toBe(4);
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc
      .array(
        fc.constantFrom('слово', 'word.', '\n\n', '\n', ' ', ' \u0301', '👩🏽‍🚀', '🇷🇺', '1\u00a0000', '؀ '),
        {
          maxLength: 120,
        },
      )
      .map((words) => words.join('')),
  );
  const unit = fc.constantFrom('utf16' as const, 'bytes' as const);
  const size = (part: string, of: 'utf16' | 'bytes') =>
    of === 'bytes' ? Buffer.byteLength(part) : part.length;

  it('keeps every part within the limit, in order, losing nothing but white space at the cuts', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 4, max: 80 }), unit, (whole, max, of) => {
        let at = 0;
        for (const part of splitText(whole, max, of)) {
          expect(size(part, of)).toBeLessThanOrEqual(max);
          expect(part.trim()).not.toBe('');
          const found = whole.indexOf(part, at);
          expect(whole.slice(at, found).trim()).toBe('');
          at = found + part.length;
        }
        expect(whole.slice(at).trim()).toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it('never cuts inside a surrogate pair, nor inside a grapheme cluster that fits', () => {
    const clusters = new Intl.Segmenter('ru', { granularity: 'grapheme' });
    fc.assert(
      fc.property(anyText, fc.integer({ min: 4, max: 80 }), unit, (whole, max, of) => {
        const segments = [...clusters.segment(whole)];
        const allowed = new Set(segments.map(({ index }) => index)).add(whole.length);
        for (const { index, segment } of segments) {
          if (size(segment, of) <= max) continue;
          let inside = index;
          for (const character of segment) {
            allowed.add(inside);
            inside += character.length;
          }
        }
        let at = 0;
        for (const part of splitText(whole, max, of)) {
          const found = whole.indexOf(part, at);
          at = found + part.length;
          expect(allowed.has(found)).toBe(true);
          expect(allowed.has(at)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('fitting', () => {
  it('says nothing where nothing was said', () => {
    expect(fitted([], channel())).toEqual([]);
    expect(fitted([text(' \n ')], channel())).toEqual([]);
  });

  it('puts the buttons under the last part', () => {
    const parts = fitted([text('один два три'), choices('Да', 'Нет')], channel({ maxText: 8 }));
    expect(parts).toEqual([
      { kind: 'text', text: 'один два' },
      {
        kind: 'text',
        text: 'три',
        choices: [
          { id: 'c0', text: 'Да' },
          { id: 'c1', text: 'Нет' },
        ],
      },
    ]);
  });

  it('lists what has no button, so that nothing offered is lost', () => {
    const parts = fitted([text('Что?'), choices('А', 'Б', 'В')], channel({ maxChoices: 2 }));
    expect(parts).toEqual([
      {
        kind: 'text',
        text: 'Что?\n3. В',
        choices: [
          { id: 'c0', text: 'А' },
          { id: 'c1', text: 'Б' },
        ],
      },
    ]);
  });

  it('shortens a label between grapheme clusters', () => {
    const [part] = fitted(
      [text('Что?'), choices('Перевести деньги 👨‍👩‍👧 семье')],
      channel({ maxChoiceText: 20 }),
    );
    expect(part).toMatchObject({ choices: [{ id: 'c0', text: 'Перевести деньги…' }] });
  });

  it('counts in segments where the network does, and gives each a request where it takes one', () => {
    const sms = channel({ maxText: 2, unit: 'segments' }, 'fallback');
    const lengths = (parts: ReturnType<typeof fitted>) =>
      parts.map((part) => (part.kind === 'text' ? part.text.length : 0));
    const words = 'слово '.repeat(40).trim();
    expect(lengths(fitted([text(words)], sms))).toEqual([131, 107]);
    const apart = channel({ maxText: 2, unit: 'segments', requestPer: 'segment' }, 'fallback');
    expect(fitted([text(words)], apart)).toMatchObject([
      { segment: { message: 0, number: 1, of: 2, alphabet: 'ucs2' } },
      { segment: { message: 0, number: 2, of: 2, alphabet: 'ucs2' } },
      { segment: { message: 1, number: 1, of: 2, alphabet: 'ucs2' } },
      { segment: { message: 1, number: 2, of: 2, alphabet: 'ucs2' } },
    ]);
    expect(fitted([text('short')], apart)).toEqual([{ kind: 'text', text: 'short' }]);
    expect(lengths(fitted([text('a'.repeat(2_000))], sms))).toEqual([306, 306, 306, 306, 306, 306, 164]);
  });

  it('writes a numbered list where the channel has no buttons', () => {
    expect(fitted([text('Что?'), choices('Да', 'Нет')], channel({}, 'fallback'))).toEqual([
      { kind: 'text', text: 'Что?\n1. Да\n2. Нет' },
    ]);
  });

  it('says in words what no button does here, in the language of the dialogue, after the numbered answers', () => {
    const all: Content = {
      kind: 'choices',
      choices: [
        { kind: 'link', id: 'l', text: 'Terms', url: 'https://bank.example/terms' },
        { id: 'a', text: 'Yes' },
        { kind: 'location', id: 's', text: 'Send it' },
      ],
    };
    const en = { locale: 'en', stored: () => undefined, link: () => '' } as const;
    expect(fitted([text('Where?'), all], channel({}, 'fallback'), en)).toEqual([
      { kind: 'text', text: 'Where?\n1. Yes\nTerms: https://bank.example/terms\nWrite the address.' },
    ]);
    const spoken = { ...channel({}, 'fallback'), choicesAs: 'spoken' } as const;
    expect(fitted([text('Где?'), all], spoken)).toMatchObject([
      { text: 'Где?\nМожно сказать: Yes.\nTerms: https://bank.example/terms\nНазовите адрес.' },
    ]);
  });

  it('cuts a text shorter where the button under it stands alone', () => {
    const place: Content = { kind: 'choices', choices: [{ kind: 'location', id: 's', text: 'Место' }] };
    const network = { ...channel({ maxTextOverLone: 8 }), buttons: { location: 'alone' } } as const;
    expect(fitted([text('один два три'), place], network)).toEqual([
      { kind: 'text', text: 'один два' },
      { kind: 'text', text: 'три', choices: [{ kind: 'location', id: 's', text: 'Место' }] },
    ]);
  });

  it('gives buttons without a text something to stand under', () => {
    expect(fitted([choices('Да')], channel())).toEqual([
      { kind: 'text', text: '1. Да', choices: [{ id: 'c0', text: 'Да' }] },
    ]);
  });
});
