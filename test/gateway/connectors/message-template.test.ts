import { describe, expect, it } from 'vitest';
import { contentOf, findTemplate, messageTemplates } from '../../../gateway/connectors/message-template.ts';
import { whatsapp } from '../../../gateway/connectors/whatsapp/index.ts';
import { fit as fitMessage } from '../../../gateway/fit.ts';
import { inFreeWords, isByTemplate } from '../../../gateway/model/content.ts';

const READY = { name: 'ready', language: 'ru', text: '{{1}}, заявка {{2}} готова. {{1}}, ждём вас.' };

describe('templates in the settings', () => {
  it('are a list, the same as JSON, or none', () => {
    const expected = [{ ...READY, parameters: 2 }];
    expect(messageTemplates.parse([READY])).toEqual(expected);
    expect(messageTemplates.parse(JSON.stringify([READY]))).toEqual(expected);
    expect(messageTemplates.parse(' ')).toEqual([]);
  });

  it.each([
    ['a number left out', { ...READY, text: 'Ваш код {{1}}, срок {{3}}' }],
    ['a number from 0', { ...READY, text: 'Ваш код {{0}}' }],
    ['a name in capitals', { ...READY, name: 'Ready' }],
    ['a language in words', { ...READY, language: 'русский' }],
    ['no text', { ...READY, text: '' }],
  ])('are refused with %s', (_what, one) => {
    expect(messageTemplates.safeParse([one]).success).toBe(false);
  });

  it('are refused where they are no JSON', () => {
    expect(messageTemplates.safeParse('ready ru').success).toBe(false);
  });
});

describe('a template', () => {
  const [ready] = messageTemplates.parse([READY]);
  if (!ready) throw new Error('no template was read');

  it('is filled in everywhere with what it is given, as it was given', () => {
    expect(contentOf(ready, ['Анна', '$& {{1}}'])).toEqual({
      kind: 'text',
      text: 'Анна, заявка $& {{1}} готова. Анна, ждём вас.',
      template: { name: 'ready', language: 'ru', parameters: ['Анна', '$& {{1}}'] },
    });
  });

  it('is not filled in with too little, too much or blanks', () => {
    for (const given of [[], ['a'], ['a', 'b', 'c'], ['a', ' ']])
      expect(contentOf(ready, given)).toBeUndefined();
  });

  it('is found by its language, also where a country is said with it', () => {
    const all = messageTemplates.parse([READY, { ...READY, language: 'en_US' }]);
    expect(findTemplate(all, { name: 'ready', language: 'en' })?.language).toBe('en_US');
    expect(findTemplate(all, { name: 'ready', language: 'ru' })?.language).toBe('ru');
    expect(findTemplate(all, { name: 'ready', language: 'de' })).toBeUndefined();
    expect(findTemplate(all, { name: 'ready', language: 'e' })).toBeUndefined();
  });

  it('goes out as a request of its own, and its words go where free words may', () => {
    const said = contentOf(ready, ['Анна', '5']);
    if (!said) throw new Error('not filled in');
    const before = { kind: 'text', text: 'Здравствуйте' } as const;
    expect(fitMessage([before, said, before], whatsapp.capabilities)).toEqual([before, said, before]);
    expect([isByTemplate([said]), isByTemplate([before, said]), isByTemplate([])]).toEqual([
      true,
      false,
      false,
    ]);
    expect(inFreeWords([said])).toEqual([{ kind: 'text', text: said.text }]);
  });
});
