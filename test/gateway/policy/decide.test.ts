import { describe, expect, it } from 'vitest';
import type { Content } from '../../../gateway/model/content.ts';
import type { ChannelId, MediaId } from '../../../gateway/model/ids.ts';
import { createDataPolicy } from '../../../gateway/policy/data-policy.ts';
import { decide } from '../../../gateway/policy/decide.ts';

const now = new Date('2026-03-18T12:00:00Z');
const content: readonly Content[] = [{ kind: 'text', text: 'слова' }];
const SEND = { verdict: 'send' };
const refuse = (reason: string) => ({ verdict: 'refuse', reason });

describe('the policy', () => {
  it.each([
    ['public', 'public', SEND],
    ['public', 'personal', SEND],
    ['personal', 'public', refuse('data-class')],
    ['personal', 'personal', SEND],
    ['bank-secret', 'personal', refuse('data-class')],
    ['bank-secret', 'bank-secret', SEND],
  ] as const)('says of what holds %s on a channel that carries %s: %o', (holds, carries, verdict) => {
    expect(decide({ content, now, data: { holds, carries } })).toEqual(verdict);
  });

  it('refuses what was erased, unless it only takes something back', () => {
    expect(decide({ content: [], now })).toEqual(refuse('erased'));
    expect(decide({ content: [], what: 'deleted', now })).toEqual(SEND);
  });

  it('says one thing to who said STOP, and more only when they write again', () => {
    const said = (hasWrittenSince: boolean, isFirstSince: boolean) =>
      decide({ content, now, optOut: { hasWrittenSince, isFirstSince } });
    expect(said(false, true)).toEqual(SEND);
    expect(said(false, false)).toEqual(refuse('opted-out'));
    expect(said(true, false)).toEqual(SEND);
  });

  it('says nothing freely from the end of the reply window on', () => {
    expect(decide({ content, now, replyUntil: new Date(now.getTime() + 1) })).toEqual(SEND);
    expect(decide({ content, now, replyUntil: now })).toEqual(refuse('reply-window'));
    const template = { name: 'ready', language: 'ru', parameters: [] };
    expect(decide({ content: [{ kind: 'text', text: 'Готово', template }], now, replyUntil: now })).toEqual(
      SEND,
    );
  });
});

describe('what a channel may carry', () => {
  const telegram = 'telegram' as ChannelId;
  const asked: string[] = [];
  const policy = createDataPolicy({
    classOf(text) {
      asked.push(text);
      if (text.replaceAll('\n', '').includes('secret')) return 'bank-secret';
      return text.includes('personal') ? 'personal' : 'public';
    },
    capabilitiesOf: (id) =>
      id === 'gone' ? undefined : { dataClass: id === telegram ? 'personal' : 'bank-secret' },
    now: () => now,
  });
  const media = { id: 'm' as MediaId };
  const parts: Readonly<Record<string, Content>> = {
    'a text': { kind: 'text', text: 'secret' },
    'what fills a template': {
      kind: 'text',
      text: 'Готово',
      template: { name: 'ready', language: 'ru', parameters: ['secret'] },
    },
    'a button': { kind: 'choices', choices: [{ id: '1', text: 'secret' }] },
    'the address of a button': {
      kind: 'choices',
      choices: [{ kind: 'link', id: '1', text: 'Открыть', url: 'https://bank.example/secret' }],
    },
    'the title of a card': { kind: 'card', title: 'secret' },
    'the text of a card': { kind: 'card', title: 'Счёт', text: 'secret' },
    'the address of a card': { kind: 'card', title: 'Счёт', url: 'https://bank.example/secret' },
    'a button of a card': { kind: 'card', title: 'Счёт', choices: [{ id: '1', text: 'secret' }] },
    'a caption': { kind: 'image', media, caption: 'secret' },
    'the name of a file': { kind: 'file', media, name: 'secret.pdf' },
    'a place': { kind: 'location', latitude: 0, longitude: 0, title: 'secret' },
    'an address': { kind: 'location', latitude: 0, longitude: 0, address: 'secret' },
    'a person': { kind: 'contact', name: 'secret' },
  };

  it.each(Object.entries(parts))('is told by %s', (_name, part) => {
    const hidden = [{ kind: 'text', text: 'Вот:' } as const, part];
    expect(policy.refuses(telegram, hidden)).toBe('data-class');
    expect(policy.refuses('webchat' as ChannelId, hidden)).toBeUndefined();
  });

  it.each([
    [[{ kind: 'text', text: 'sec' } as const, { kind: 'text', text: 'ret' } as const]],
    [[{ kind: 'choices', choices: ['sec', 'ret'].map((text, at) => ({ id: `${at}`, text })) } as const]],
  ])('is not told by two parts put together', (apart) => {
    expect(policy.refuses(telegram, apart)).toBeUndefined();
    expect(policy.holds(apart)).toBe('public');
  });

  it('is the most that one of its parts says', () => {
    const both = ['personal', 'secret', 'слова'].map((text) => ({ kind: 'text', text }) as const);
    expect(policy.holds(both)).toBe('bank-secret');
    expect(policy.holds([...both].reverse())).toBe('bank-secret');
  });

  it('is nothing of a person while the channel is off, since it goes out when it is on again', () => {
    const off = 'gone' as ChannelId;
    expect(policy.refuses(off, [{ kind: 'text', text: 'secret' }])).toBe('data-class');
    expect(policy.refuses(off, [{ kind: 'text', text: 'personal' }])).toBe('data-class');
    expect(policy.refuses(off, [{ kind: 'text', text: 'слова' }])).toBeUndefined();
  });

  it('is read once of a message, and not at all where everything may be said', () => {
    asked.length = 0;
    const once = [{ kind: 'text', text: 'слова' } as const];
    policy.refuses('webchat' as ChannelId, once);
    expect(asked).toEqual([]);
    expect(policy.refuses(telegram, once)).toBeUndefined();
    expect(policy.refuses(telegram, once)).toBeUndefined();
    expect(policy.holds(once)).toBe('public');
    expect(asked).toEqual(['слова']);
  });
});
