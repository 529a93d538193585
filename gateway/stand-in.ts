import type { Capabilities } from './connectors/capabilities.ts';
import { newId } from './ids.ts';
import type { Locale } from './model/contact.ts';
import type { NewEvent } from './model/events.ts';
import type { ChannelId, MessageId } from './model/ids.ts';
import type { Turn } from './model/turn.ts';
import { offerMove } from './moves.ts';
import type { PlacesElsewhere } from './places-elsewhere.ts';
import type { DataPolicy } from './policy/data-policy.ts';

/** The events of a turn, with what the hub says where the channel may not carry an answer among them. */
export type WithStandIn = (turn: Turn, events: readonly NewEvent[]) => readonly NewEvent[];

export interface StandInOptions {
  readonly policy: DataPolicy;
  readonly placesElsewhere: PlacesElsewhere;
  readonly capabilitiesOf: (channel: ChannelId) => Pick<Capabilities, 'choicesAs'> | undefined;
}

/**
 * A client whose answer is refused is told so, once a turn, and given a link to each place that may carry it. The refused
 * message stays in the log, with its reason. Pure but for new ids and the link.
 */
export function createStandIn({ policy, placesElsewhere, capabilitiesOf }: StandInOptions): WithStandIn {
  return (turn, events) => {
    const { channel } = turn.contact.identity;
    const refused = events.findIndex(
      (event) =>
        event.type === 'message.sent' && policy.refuses(channel, event.body?.content ?? []) !== undefined,
    );
    const message = events[refused];
    if (message?.type !== 'message.sent') return events;
    const locale = turn.contact.locale ?? 'ru';
    const { event: offered, link } = offerMove({ kind: 'hub' }, turn.now);
    // An address that is spoken helps nobody.
    const isSpoken = capabilitiesOf(channel)?.choicesAs === 'spoken';
    const holds = policy.holds(message.body?.content ?? []);
    const places = isSpoken ? [] : placesElsewhere(link, channel, locale, holds);
    const text =
      places.length === 0 ? NOWHERE[locale] : ELSEWHERE[locale].replace('{places}', places.join('\n'));
    const { thread, answers } = message.facts;
    const said: NewEvent<'message.sent'> = {
      type: 'message.sent',
      facts: {
        message: newId<MessageId>(),
        thread,
        author: { kind: 'system' },
        kinds: ['text'],
        answers,
        ...(places.length > 0 && { once: true }),
      },
      body: { content: [{ kind: 'text', text }] },
    };
    return events.toSpliced(refused + 1, 0, ...(places.length > 0 ? [offered] : []), said);
  };
}

const ELSEWHERE: Readonly<Record<Locale, string>> = {
  ru: 'В ответе есть номер, который нельзя передавать здесь целиком. Откройте ссылку и спросите ещё раз, диалог продолжится там:\n{places}\nСсылка действует 10 минут и один раз. Никому её не пересылайте.',
  en: 'The answer holds a number that must not be told here in full. Open the link and ask again; the conversation goes on there:\n{places}\nThe link works once, for 10 minutes. Do not pass it on.',
};
const NOWHERE: Readonly<Record<Locale, string>> = {
  ru: 'В ответе есть номер, который нельзя передавать здесь целиком. Спросите о нём в чате на сайте банка или в отделении.',
  en: "The answer holds a number that must not be told here in full. Please ask for it in the chat on the bank's website or at a branch.",
};
