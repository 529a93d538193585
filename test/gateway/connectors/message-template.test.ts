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
    ['a number with a zero before it', { ...READY, text: 'Ваш код {{01}}' }],
    ['a number written in two ways', { ...READY, text: 'Ваш код {{1}}, срок {{2}}, код {{01}}' }],
    ['a name in capitals', { ...READY, name: 'Ready' }],
    ['a language in words', { ...READY, language: 'русский' }],
    ['no text', { ...READY, text: '' }],
    ['two parameters in the header', { ...READY, header: '{{1}} {{2}}' }],
    ['a long header', { ...READY, header: 'я'.repeat(61) }],
    ['a header and a file', { ...READY, header: 'Заявка', file: 'image' }],
    ['a file of another kind', { ...READY, file: 'audio' }],
    ['a button without an address', { ...READY, buttons: [{ text: 'Открыть' }] }],
    [
      'an address that is not https',
      { ...READY, buttons: [{ text: 'Открыть', url: 'http://bank.example' }] },
    ],
    [
      'a parameter amid an address',
      { ...READY, buttons: [{ text: 'Открыть', url: 'https://bank.example/{{1}}/a' }] },
    ],
    ['a label that is too long', { ...READY, buttons: [{ text: 'я'.repeat(26), answer: 'a' }] }],
    ['an answer that is no id', { ...READY, buttons: [{ text: 'Да', answer: 'да, конечно' }] }],
    [
      'three addresses',
      { ...READY, buttons: ['a', 'b', 'c'].map((text) => ({ text, url: `https://bank.example/${text}` })) },
    ],
    [
      'more parameters than are taken',
      {
        ...READY,
        header: '{{1}}',
        text: Array.from({ length: 20 }, (_, at) => `{{${at + 1}}}`).join(' '),
      },
    ],
  ])('are refused with %s', (_what, one) => {
    expect(messageTemplates.safeParse([one]).success).toBe(false);
  });

  it.each([
    'https://bank.example{{1}}',
    'https://{{1}}',
    'https:///{{1}}',
    'https://bank.example:44{{1}}',
    'https:bank.example/{{1}}',
    'https://bank.example?{{1}}',
  ])('are refused where a parameter could make another host: %s', (url) => {
    const one = { ...READY, buttons: [{ text: 'Открыть', url }] };
    expect(messageTemplates.safeParse([one]).success).toBe(false);
  });

  it('are refused where two have one name and language', () => {
    expect(messageTemplates.safeParse([READY, { ...READY, text: 'Другой' }]).success).toBe(false);
    expect(messageTemplates.parse([READY, { ...READY, language: 'en' }])).toHaveLength(2);
  });

  it('are refused where they are no JSON', () => {
    expect(messageTemplates.safeParse('ready ru').success).toBe(false);
  });
});

describe('a template', () => {
  const [ready] = messageTemplates.parse([READY]);
  if (!ready) throw new Error('no template was read');

  it('is filled in everywhere with what it is given, as it was given', () => {
    expect(contentOf(ready, ['Анна', '$& {{1}}'])).toEqual([
      {
        kind: 'text',
        text: 'Анна, заявка $& {{1}} готова. Анна, ждём вас.',
        template: { name: 'ready', language: 'ru', parameters: ['Анна', '$& {{1}}'] },
      },
    ]);
  });

  it('is not filled in with too little, too much or blanks', () => {
    for (const given of [[], ['a'], ['a', 'b', 'c'], ['a', ' ']])
      expect(contentOf(ready, given)).toBeUndefined();
  });

  it('is not filled in with what makes its header longer than one may be', () => {
    const [headed] = messageTemplates.parse([{ ...READY, header: 'Заявка {{1}}', text: 'Готова.' }]);
    if (!headed) throw new Error('no template was read');
    const longest = '5'.repeat(60 - 'Заявка '.length);
    expect(contentOf(headed, [` ${longest} `])).toBeDefined();
    expect(contentOf(headed, [`${longest}5`])).toBeUndefined();
  });

  it('is found by its language, also where a country is said with it', () => {
    const all = messageTemplates.parse([READY, { ...READY, language: 'en_US' }]);
    expect(findTemplate(all, { name: 'ready', language: 'en' })?.language).toBe('en_US');
    expect(findTemplate(all, { name: 'ready', language: 'ru' })?.language).toBe('ru');
    expect(findTemplate(all, { name: 'ready', language: 'de' })).toBeUndefined();
    expect(findTemplate(all, { name: 'ready', language: 'e' })).toBeUndefined();
  });

  it('goes out as a request of its own, and its words go where free words may', () => {
    const [said] = contentOf(ready, ['Анна', '5']) ?? [];
    if (said?.kind !== 'text') throw new Error('not filled in');
    const before = { kind: 'text', text: 'Здравствуйте' } as const;
    expect(fitMessage([before, said, before], whatsapp.capabilities)).toEqual([before, said, before]);
    expect([isByTemplate([said]), isByTemplate([before, said]), isByTemplate([])]).toEqual([
      true,
      false,
      false,
    ]);
    expect(inFreeWords([said])).toEqual([{ kind: 'text', text: said.text }]);
  });

  it('says its header or file above the text and has its buttons, filled in in this order', () => {
    const [whole, file] = messageTemplates.parse([
      {
        ...READY,
        header: 'Заявка {{1}}',
        text: 'Готова, {{1}}.',
        buttons: [
          { text: 'Открыть', url: 'https://bank.example/a/{{1}}' },
          { text: 'Позвать сотрудника', answer: 'operator' },
          { text: 'Условия', url: 'https://bank.example/terms' },
        ],
      },
      { ...READY, name: 'card', file: 'image', text: 'Ваша карта' },
    ]);
    if (!whole || !file) throw new Error('no template was read');
    expect([whole.parameters, file.parameters]).toEqual([3, 1]);
    const parameters = ['№ 5', 'Анна', 'x5'];
    const said = contentOf(whole, parameters);
    expect(said).toEqual([
      {
        kind: 'text',
        text: 'Заявка № 5\nГотова, Анна.',
        template: { name: 'ready', language: 'ru', parameters },
      },
      {
        kind: 'choices',
        choices: [
          { kind: 'link', id: 'link-0', text: 'Открыть', url: 'https://bank.example/a/x5' },
          { id: 'operator', text: 'Позвать сотрудника' },
          { kind: 'link', id: 'link-2', text: 'Условия', url: 'https://bank.example/terms' },
        ],
      },
    ]);
    expect(contentOf(whole, ['№ 5', 'Анна', 'x 5'])).toBeUndefined();
    expect(contentOf(file, ['https://bank.example/card.png'])).toMatchObject([
      { text: 'https://bank.example/card.png\nВаша карта' },
    ]);
    expect(contentOf(file, ['card.png'])).toBeUndefined();

    // With its buttons it is one request; in free words they are ordinary ones.
    expect(isByTemplate(said ?? [])).toBe(true);
    expect(fitMessage(said ?? [], whatsapp.capabilities)).toEqual([
      expect.objectContaining({ kind: 'text', template: { name: 'ready', language: 'ru', parameters } }),
    ]);
    const free = fitMessage(inFreeWords(said ?? []), whatsapp.capabilities);
    expect(free).toMatchObject([{ kind: 'text', choices: [{ id: 'operator' }] }]);
    expect(JSON.stringify(free)).toContain('https://bank.example/a/x5');
    expect(JSON.stringify(free)).not.toContain('template');
  });
});
