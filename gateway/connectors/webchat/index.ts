import { z } from 'zod';
import { type Capabilities, NO_ABILITIES, TEXT_ONLY } from '../capabilities.ts';
import type { Connector, ConnectorDefinition, ConnectorHost } from '../connector.ts';
import { createIdentityCheck, isIdentityKey } from './identity.ts';
import { createNewcomers } from './newcomers.ts';
import { createOriginCheck } from './origins.ts';
import { refuseSocket, serveSocket } from './socket.ts';
import { createUploads } from './uploads.ts';
import { createVisitors } from './visitors.ts';

const origin = z
  .string()
  .transform((url) => url.replace(/\/$/, ''))
  .refine((url) => /^https?:/.test(url) && URL.canParse(url) && new URL(url).origin === url, {
    message: 'is not the origin of a page, such as https://bank.example',
  });

const settings = z.strictObject({
  origins: z
    .array(origin)
    .default([])
    .meta({ titles: { ru: 'Сайты, где стоит чат', en: 'Pages that embed the chat' } }),
  page: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .optional()
    .meta({
      titles: {
        ru: 'Страница с чатом, куда клиент приходит по ссылке из другого канала',
        en: 'The page with the chat to which a link from another channel leads',
      },
    }),
  newVisitorsPerMinute: z
    .number()
    .int()
    .min(1)
    .default(120)
    .meta({
      titles: {
        ru: 'Сколько новых посетителей в минуту может прийти с одного адреса',
        en: 'How many new visitors may come from one address in a minute',
      },
    }),
  identityKey: z
    .string()
    .refine((key) => key === '' || isIdentityKey(key), {
      message: 'is neither a public key in PEM (ES256) nor a secret of 32 bytes or more in base64url (HS256)',
    })
    .optional()
    .meta({
      titles: { ru: 'Ключ подписи клиентов банка', en: "Key of the bank's signed identities" },
      secret: true,
    }),
});
type WebchatSettings = z.infer<typeof settings>;

const MAX_FILE = 1024 ** 3;

const capabilities: Capabilities = {
  content: {
    ...TEXT_ONLY,
    choices: 'native',
    image: 'native',
    file: 'native',
    audio: 'native',
    video: 'native',
    sticker: 'native',
  },
  abilities: {
    ...NO_ABILITIES,
    typing: 'native',
    receipts: 'native',
    edit: 'native',
    delete: 'native',
    reaction: 'native',
  },
  limits: {
    maxText: 100 * 1024,
    unit: 'bytes',
    maxChoices: 20,
    maxChoiceText: 200,
    // Our own page fetches by a link what the hub keeps, so the hub's own limit holds.
    media: {
      maxCaption: 100 * 1024,
      maxBytes: { image: MAX_FILE, file: MAX_FILE, audio: MAX_FILE, video: MAX_FILE, sticker: MAX_FILE },
      albumSize: 1,
    },
    perSecond: 1_000,
    perThreadPerSecond: 20,
    perThreadBurst: 60,
  },
  buttons: { link: 'beside', contact: 'beside', location: 'beside' },
  // A page keeps what was not stored and sends it again when it is opened again.
  dedupeWindowMs: 30 * 24 * 3_600_000,
  acceptance: 'commit',
  jurisdiction: 'own',
  dataClass: 'bank-secret',
};

/** The chat on the bank's own pages, served by the hub itself; the page's part is in widget/. */
export const webchat: ConnectorDefinition<WebchatSettings> = {
  name: 'webchat',
  settings,
  capabilities,
  connect,
};

function connect(
  { origins, page, identityKey, newVisitorsPerMinute }: WebchatSettings,
  host: ConnectorHost,
): Connector {
  const isAllowed = createOriginCheck(origins, host.webhookUrl);
  const checkIdentity = identityKey ? createIdentityCheck(identityKey, host.channel, host.now) : undefined;
  const visitors = createVisitors();
  const uploads = createUploads();
  const newcomers = createNewcomers(newVisitorsPerMinute);
  return {
    receive: () => ({ authentic: false, reason: 'no-webhook' }),
    // What is committed is accepted: the sockets show it from the client's view.
    send: async () => ({ outcome: 'accepted' }),
    startLink(payload) {
      const address = new URL(page || '/widget/frame.html', host.webhookUrl);
      if (!page) address.searchParams.set('channel', host.channel);
      address.searchParams.set('okno', payload);
      return address.href;
    },
    socket(socket, { origin: from, host: own, ip }) {
      const admits = () => newcomers.admit(ip, host.now());
      if (isAllowed(from, own)) serveSocket(socket, { host, visitors, uploads, admits, checkIdentity });
      else refuseSocket(socket, 'origin');
    },
  };
}
