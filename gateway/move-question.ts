import { newId } from './ids.ts';
import type { Locale } from './model/contact.ts';
import type { NewEvent } from './model/events.ts';
import type { ChannelId, MessageId, ThreadId } from './model/ids.ts';
import { OWN_DIALOGUE } from './moves.ts';
import { en } from './web/texts/en.ts';
import { ru } from './web/texts/ru.ts';

/** Where a dialogue began that a link would continue. */
export interface MovePlace {
  readonly channel: ChannelId;
  /** Who they are there, masked: enough to know oneself by, nothing to learn of another. */
  readonly contact?: string;
}

/** What a client is told before they decide whether a dialogue of another channel goes on here. */
export type LinkLook =
  /** Used, too old, of a conversation that is over, or never given. */
  | { readonly state: 'ended' }
  /** The bank says who the sender is, and does not know that the dialogue is theirs. */
  | { readonly state: 'another-client' }
  | { readonly state: 'open'; readonly from: MovePlace };

const texts = {
  ru: {
    ask: (from: string) =>
      `По этой ссылке здесь продолжится диалог, начатый в другом канале: ${from}. Соглашайтесь, только если его начали вы сами: иначе тот, кто прислал ссылку, сможет прочитать, что вы напишете.`,
    agree: 'Продолжить диалог',
    decline: 'Начать свой',
  },
  en: {
    ask: (from: string) =>
      `This link continues here a dialogue that was begun in another channel: ${from}. Agree only if you began it yourself: otherwise whoever sent you the link can read what you write.`,
    agree: 'Continue the dialogue',
    decline: 'Begin my own',
  },
};

/** The question to a client who came with a link of another channel; by choosing the link itself they agree. */
export function askToMove(
  thread: ThreadId,
  link: string,
  from: MovePlace,
  locale: Locale = 'ru',
): NewEvent<'message.sent'> {
  const { ask, agree, decline } = texts[locale];
  const place = [channelTitle(from.channel, locale), from.contact].filter((part) => part !== undefined);
  return {
    type: 'message.sent',
    facts: {
      message: newId<MessageId>(),
      thread,
      author: { kind: 'system' },
      kinds: ['text', 'choices'],
      offers: 2,
    },
    body: {
      content: [
        { kind: 'text', text: ask(place.join(', ')) },
        {
          kind: 'choices',
          choices: [
            { id: link, text: agree },
            { id: OWN_DIALOGUE, text: decline },
          ],
        },
      ],
    },
  };
}

/** A channel as clients call it; an id that has no name stands as it is. */
export function channelTitle(channel: ChannelId, locale: Locale): string {
  const names: Readonly<Record<string, string>> = locale === 'ru' ? ru : en;
  return names[`channel.${channel}`] ?? channel;
}

/**
 * A person by what their channel tells of them: `А••• П•••` by a name, `+7•••67` by a phone number, `a•••@bank.example`
 * by an address; undefined where the channel tells only a number of its own. Pure.
 */
export function maskedContact(externalUser: string, name: string | undefined): string | undefined {
  const words = name?.match(/[\p{L}\p{N}]+/gu)?.slice(0, 3) ?? [];
  if (words.length > 0) return words.map((word) => `${Array.from(word)[0]}•••`).join(' ');
  if (/^\+\d{8,15}$/.test(externalUser)) return `${externalUser.slice(0, 2)}•••${externalUser.slice(-2)}`;
  const address = /^(\S)\S*@(\S+\.\S+)$/.exec(externalUser);
  return address ? `${address[1]}•••@${address[2]}` : undefined;
}
