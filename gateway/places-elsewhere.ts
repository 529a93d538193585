import type { Connector } from './connectors/connector.ts';
import type { Locale } from './model/contact.ts';
import type { ChannelId } from './model/ids.ts';

/**
 * Where a client can go on with a dialogue, a line each, except in the channel where they are: addresses at which a link
 * of `offerMove` is opened, and numbers to call, where its code is said.
 */
export type PlacesElsewhere = (link: string, here: ChannelId, locale: Locale) => readonly string[];

/** The places that the channels which are on have. */
export function createPlacesElsewhere(
  connectors: ReadonlyMap<ChannelId, Pick<Connector, 'startLink' | 'phone'>>,
): PlacesElsewhere {
  return (link, here, locale) =>
    [...connectors].flatMap(([id, { startLink, phone }]) => {
      if (id === here) return [];
      return startLink?.(link) ?? (phone === undefined ? [] : callLine(phone, locale));
    });
}

const CALL: Readonly<Record<Locale, string>> = { ru: 'По телефону', en: 'By phone' };

/** A number to call, as a line of a message. */
export function callLine(phone: string, locale: Locale): string {
  return `${CALL[locale]}: ${phone}`;
}
