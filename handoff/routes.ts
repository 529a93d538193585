import type { FastifyPluginAsync } from 'fastify';
import { guardApi } from '../gateway/access/guard.ts';
import type { Sessions } from '../gateway/access/sessions.ts';
import type { ChangeLog } from '../gateway/change.ts';
import type { Capabilities } from '../gateway/connectors/capabilities.ts';
import type { Connector, Log } from '../gateway/connectors/connector.ts';
import type { Linking } from '../gateway/linking.ts';
import type { Live } from '../gateway/live.ts';
import type { ChannelId } from '../gateway/model/ids.ts';
import type { Database } from '../gateway/store/database.ts';
import type { Intent } from './act-api.ts';
import { actRoutes } from './act-routes.ts';
import { labelRoutes } from './labels/routes.ts';
import { linkRoutes } from './link-routes.ts';
import type { Timing } from './live/desk-pages.ts';
import { liveSocket } from './live-socket.ts';
import { createOperators, type OperatorsOptions } from './operators.ts';
import type { Presence } from './presence.ts';
import { readRoutes } from './read-routes.ts';
import { createAbilities } from './revising/abilities.ts';
import { reviseRoutes } from './revising/routes.ts';
import { sayRoutes } from './say-routes.ts';
import { searchRoutes } from './search/routes.ts';
import type { SearchWords } from './search/words.ts';

export interface DeskRoutesOptions {
  readonly db: Database;
  readonly change: ChangeLog;
  readonly linking: Pick<Linking, 'unlink'>;
  readonly connectors: ReadonlyMap<
    ChannelId,
    Pick<Connector, 'startLink' | 'phone' | 'edit' | 'remove' | 'react' | 'templates' | 'segmentPrice'>
  >;
  readonly live: Live;
  readonly sessions: Sessions;
  readonly presence: Presence;
  readonly now: () => Date;
  readonly log: Log;
  /** Where the outside reaches the hub. */
  readonly publicUrl: string;
  /** Of a channel that is on. */
  readonly capabilitiesOf: (channel: ChannelId) => Capabilities | undefined;
  /** Channels that have settings, and that the policy pack keeps off. */
  readonly offByPolicy: ReadonlySet<string>;
  /** Clients are asked how it was when an operator closes their conversation. */
  readonly asksRating?: boolean;
  readonly botStory?: OperatorsOptions['botStory'];
  /** How words are made comparable for searching. */
  readonly searchWords: SearchWords;
  /** What a client's message can be about, as the bot knows it at the moment. */
  readonly intents: () => readonly Intent[];
  readonly timing?: Partial<Timing>;
}

/** The desk: its REST routes and its live socket. Needs @fastify/cookie, @fastify/websocket and zod's compilers. */
export const deskRoutes: FastifyPluginAsync<DeskRoutesOptions> = async (app, options) => {
  const { db, linking, connectors, live, capabilitiesOf, offByPolicy, searchWords } = options;
  guardApi(app, options);
  const abilitiesOn = createAbilities(connectors, capabilitiesOf);
  const templatesOn = (channel: ChannelId) => connectors.get(channel)?.templates ?? [];
  const isOn = (channel: ChannelId) => capabilitiesOf(channel) !== undefined;
  await app.register(readRoutes, { db, capabilitiesOf, abilitiesOn, connectors, offByPolicy });
  await app.register(searchRoutes, { db, words: searchWords });
  const operators = createOperators(options);
  await app.register(actRoutes, { db, operators });
  await app.register(linkRoutes, { db, operators, linking, connectors, isOn });
  await app.register(labelRoutes, options);
  await app.register(sayRoutes, { db, live, operators, templatesOn, isOn });
  await app.register(reviseRoutes, { ...options, abilitiesOn });
  await app.register(liveSocket, options);
};
