import { describe, expect, test } from 'vitest';
import { type Capabilities, TEXT_ONLY } from '../../gateway/connectors/capabilities.ts';
import { fit as fitted } from '../../gateway/fit.ts';
import type { FitContext } from '../../gateway/fit-media.ts';
import type { Content, MediaKind } from '../../gateway/model/content.ts';
import type { MediaId } from '../../gateway/model/ids.ts';

const rates = { perSecond: 1, perThreadPerSecond: 1, perThreadBurst: 1 };
const TEXT: Pick<Capabilities, 'content' | 'limits' | 'choicesAs'> = {
  content: TEXT_ONLY,
  limits: { maxText: 200, unit: 'utf16', maxChoices: 0, maxChoiceText: 0, ...rates },
};
const RICH: typeof TEXT = {
  content: {
    ...TEXT_ONLY,
    choices: 'native',
    image: 'native',
    file: 'native',
    video: 'native',
    location: 'native',
  },
  limits: {
    ...TEXT.limits,
    maxChoices: 3,
    maxChoiceText: 20,
    media: {
      maxCaption: 10,
      maxBytes: { image: 100, file: 1_000, video: 100 },
      types: { image: ['image/png'] },
      albumSize: 2,
    },
  },
};
const sizes: Record<string, number> = { large: 500, huge: 5_000 };
const context: FitContext = {
  locale: 'ru',
  stored: ({ id }) =>
    id === 'gone' ? undefined : { type: id === 'gif' ? 'image/gif' : 'image/png', size: sizes[id] ?? 50 },
  link: ({ id }) => `https://bank.example/media/${id}`,
};
const media = (id: string, more: object = {}, kind: MediaKind = 'image'): Content => ({
  kind,
  media: { id: id as MediaId },
  ...more,
});
const text = (said: string): Content => ({ kind: 'text', text: said });
const shapes = (content: readonly Content[], capabilities = RICH) =>
  fitted(content, capabilities, context).map((part) =>
    part.kind === 'media'
      ? part.media.map(({ kind, media: { id } }) => `${kind} ${id}`)
      : part.kind === 'text'
        ? part.text
        : part.kind,
  );

describe('a file', () => {
  test('is what it is where the channel takes it, else a plain file, else a link, and is named where it never came', () => {
    expect(shapes([media('a')])).toEqual([['image a']]);
    expect(shapes([media('gif')])).toEqual([['file gif']]);
    expect(shapes([media('large')])).toEqual([['file large']]);
    expect(shapes([media('huge', { name: 'скан.png' })])).toEqual([
      'Изображение скан.png: https://bank.example/media/huge',
    ]);
    expect(shapes([media('gone')])).toEqual(['Изображение']);
    expect(shapes([media('a', { caption: 'чек' })], TEXT)).toEqual([
      'чек\nИзображение: https://bank.example/media/a',
    ]);
  });

  test('keeps a caption that fits; a longer one follows as a text', () => {
    expect(fitted([media('a', { caption: 'чек' })], RICH, context)).toMatchObject([
      { media: [{ caption: 'чек' }] },
    ]);
    expect(shapes([media('a', { caption: 'длинная подпись' })])).toEqual([['image a'], 'длинная подпись']);
  });
});

test('an album goes out in as many as the network takes, and mixes pictures with nothing but videos', () => {
  expect(shapes([media('a'), media('b'), media('c')])).toEqual([['image a', 'image b'], ['image c']]);
  expect(shapes([media('a'), media('v', {}, 'video'), media('f', {}, 'file')])).toEqual([
    ['image a', 'video v'],
    ['file f'],
  ]);
});

test('choices stand under the words, after the pictures that they are about', () => {
  const choices: Content = { kind: 'choices', choices: [{ id: 'y', text: 'Да' }] };
  expect(fitted([text('Это вы?'), media('a'), choices], RICH, context)).toMatchObject([
    { kind: 'media' },
    { kind: 'text', text: 'Это вы?', choices: [{ id: 'y' }] },
  ]);
  expect(fitted([text('Карта?'), choices], { ...TEXT, choicesAs: 'spoken' }, context)).toEqual([
    { kind: 'text', text: 'Карта?\nМожно сказать: Да.' },
  ]);
});

test('a card becomes its picture and a text with its link; a place and a person become text', () => {
  const card: Content = {
    kind: 'card',
    title: 'Вклад',
    text: '16 %',
    url: 'https://bank.example/v',
    image: { id: 'a' as MediaId },
  };
  expect(shapes([card])).toEqual([['image a'], 'Вклад\n16 %\nhttps://bank.example/v']);
  const place: Content = { kind: 'location', latitude: 55.75, longitude: 37.62, title: 'Офис' };
  expect(shapes([place])).toEqual(['location']);
  expect(shapes([place], TEXT)[0]).toMatch(/^Офис\nhttps:\/\/\S+55\.75\S+37\.62/);
  expect(shapes([{ kind: 'contact', name: 'Анна', phone: '+7999' }], TEXT)).toEqual(['Анна, +7999']);
});

test('an address is never broken while it fits into a part of its own', () => {
  const address = `https://bank.example/${'a'.repeat(150)}`;
  expect(shapes([text(`Откройте ${address} сегодня, ${'слово '.repeat(20)}`)], TEXT).join(' ')).toContain(
    address,
  );
});
