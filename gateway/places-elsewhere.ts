import type { Capabilities } from './connectors/capabilities.ts';
import type { Connector } from './connectors/connector.ts';
import type { Locale } from './model/contact.ts';
import { type DataClass, isWithin } from './model/data-class.ts';
import type { ChannelId } from './model/ids.ts';

/**
 * Where a client can go on with a dialogue, a line each, except in the channel where they are: addresses at which a link
 * of `offerMove` is opened, and numbers to call, where its code is said. With `holds` only places that may carry so much.
 */
export type PlacesElsewhere = (
  link: string,
  here: ChannelId,
  locale: Locale,
  holds?: DataClass,
) => readonly string[];

/** The places that the channels which are on have. */
export function createPlacesElsewhere(
  connectors: ReadonlyMap<ChannelId, Pick<Connector, 'startLink' | 'phone'>>,
  capabilitiesOf: (channel: ChannelId) => Pick<Capabilities, 'dataClass'> | undefined,
): PlacesElsewhere {
  return (link, here, locale, holds = 'public') =>
    [...connectors].flatMap(([id, { startLink, phone }]) => {
      if (id === here || !isWithin(holds, capabilitiesOf(id)?.dataClass ?? 'public')) return [];
      return startLink?.(link) ?? (phone === undefined ? [] : callLine(phone, locale));
    });
}

const CALL: Readonly<Record<Locale, string>> = { ru: 'По телефону', en: 'By phone' };

/** A number to call, as a line of a message. */
export function callLine(phone: string, locale: Locale): string {
  return `${CALL[locale]}: ${phone}`;
}
