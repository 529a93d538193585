import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networks } from '../../gateway/connectors/index.ts';
import type { OutgoingPart } from '../../gateway/connectors/outgoing.ts';
import { fit as fitted } from '../../gateway/fit.ts';
import { areNumbered } from '../../gateway/fit-choices.ts';
import type { ButtonKind, Choice, Content } from '../../gateway/model/content.ts';
import type { DeliveryId } from '../../gateway/model/ids.ts';
import { BUTTON_NETWORKS, type ButtonNetwork } from './button-networks.ts';

const URL = 'https://bank.example/cards?from=chat';
const BY_KIND: Readonly<Record<ButtonKind, Choice>> = {
  link: { kind: 'link', id: 'link.0', text: 'Условия', url: URL },
  contact: { kind: 'contact', id: 'share.0', text: 'Отправить номер' },
  location: { kind: 'location', id: 'share.0', text: 'Отправить место' },
};
const KINDS = ['link', 'contact', 'location'] as const;
const IN_WORDS: Readonly<Record<ButtonKind, string>> = {
  link: `Условия: ${URL}`,
  contact: 'Напишите номер телефона.',
  location: 'Напишите адрес.',
};
const ANSWERS: readonly Choice[] = [
  { id: 'a', text: 'Да' },
  { id: 'b', text: 'Нет' },
];
const offering = (choices: readonly Choice[]): Content[] => [
  { kind: 'text', text: 'Что дальше?' },
  { kind: 'choices', choices },
];

it('is told of every network that has buttons and is not our own page', () => {
  const withButtons = networks.filter(
    ({ capabilities }) => capabilities.content.choices === 'native' && capabilities.acceptance === 'answer',
  );
  expect(withButtons.map(({ name }) => name).sort()).toEqual(Object.keys(BUTTON_NETWORKS).sort());
});

describe.each(networks.filter(({ name }) => BUTTON_NETWORKS[name]))(
  'buttons on $name',
  ({ name, capabilities }) => {
    let network: ButtonNetwork;
    let sent = 0;
    beforeAll(async () => {
      const started = await BUTTON_NETWORKS[name]?.();
      if (!started) throw new Error(`no fake of ${name}`);
      network = started;
    });
    afterAll(() => network.stop());

    /** What stands under the message on the network, and its text. */
    async function offer(choices: readonly Choice[]) {
      for (const part of fitted(offering(choices), capabilities)) {
        const key: OutgoingPart['key'] = `${'0190b5a0-0000-7000-8000-000000000001' as DeliveryId}:${sent++}`;
        const outcome = await network.send({ ...part, key, externalThread: network.thread });
        expect(outcome).toMatchObject({ outcome: 'accepted' });
      }
      return { shown: network.shown().map(({ kind }) => kind), all: network.shown(), text: network.text() };
    }

    it.each(KINDS)(
      'shows one for a %s where its capabilities say so, else says it in words',
      async (kind) => {
        const { all, text } = await offer([BY_KIND[kind]]);
        if (!capabilities.buttons?.[kind]) {
          expect(all).toEqual([]);
          expect(text).toBe(`Что дальше?\n${IN_WORDS[kind]}`);
          return;
        }
        expect(text).toBe('Что дальше?');
        const [button] = all;
        expect(all).toHaveLength(1);
        expect(button?.kind).toBe(kind);
        expect(button?.url).toBe(kind === 'link' ? URL : undefined);
        expect(button?.text ?? BY_KIND[kind].text).toBe(BY_KIND[kind].text);
      },
    );

    it.each(KINDS)('keeps the answers beside a %s, as buttons or by their numbers', async (kind) => {
      const choices = [...ANSWERS, BY_KIND[kind]];
      const { shown, text } = await offer(choices);
      const support = capabilities.buttons?.[kind];
      const isLone = support === 'alone' && kind !== 'link';
      expect(shown).toEqual(isLone ? [kind] : ['answer', 'answer', ...(support === 'beside' ? [kind] : [])]);
      const words = isLone ? '\n1. Да\n2. Нет' : support === 'beside' ? '' : `\n${IN_WORDS[kind]}`;
      expect(text).toBe(`Что дальше?${words}`);
      expect(areNumbered(choices, capabilities)).toBe(isLone);
    });
  },
);

it.each(networks.filter(({ capabilities }) => capabilities.content.choices !== 'native'))(
  'says in words on $name what would be a button',
  ({ capabilities }) => {
    const parts = fitted(offering([...ANSWERS, ...Object.values(BY_KIND)]), capabilities);
    const whole = parts.map((part) => (part.kind === 'text' ? part.text : part.kind)).join('');
    for (const words of Object.values(IN_WORDS)) expect(whole).toContain(words.replace(/^Напишите/, ''));
  },
);
