import { z } from 'zod';
import { authentic } from '../authentic.ts';
import { type Capabilities, TEXT_ONLY } from '../capabilities.ts';
import type { Connector, ConnectorDefinition, ConnectorHost } from '../connector.ts';
import type { OutgoingPart, SendOutcome, SentMessage } from '../outgoing.ts';
import { createSlackApi, loadBolt, outcomeOfFailure } from './api.ts';
import { createSlackDesk } from './desk.ts';
import { downloadFile, sendFiles } from './files.ts';
import { healthOf } from './health.ts';
import { translate } from './inbound.ts';
import { blocksOf } from './outbound.ts';
import { externalIdOf, placeOf } from './place.ts';
import { createWhoWeAre, setReactions } from './react.ts';
import { isFromSlack } from './signature.ts';
import { escapeText } from './text.ts';

const CLOUD = 'https://slack.com/api/';
const channelId = z
  .string()
  .regex(/^([CG][A-Z0-9]{1,30})?$/, 'is not the id of a channel, such as C0123456789');

const settings = z.strictObject({
  token: z
    .string()
    .regex(/^xox[a-z]-[\w-]+$/, 'is not a bot token, which begins with xoxb-')
    .meta({ titles: { ru: 'Токен бота', en: 'Bot token' }, secret: true }),
  signingSecret: z
    .string()
    .min(16, 'is empty or too short; the app’s Basic Information page shows the Signing Secret')
    .meta({ titles: { ru: 'Секрет подписи', en: 'Signing secret' }, secret: true }),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .default(CLOUD)
    .meta({ titles: { ru: 'Адрес Web API', en: 'Address of the Web API' } }),
  clientsChannel: channelId
    .optional()
    .meta({ titles: { ru: 'Канал, где пишут клиенты', en: 'Channel in which clients write' } }),
  deskChannel: channelId
    .optional()
    .meta({ titles: { ru: 'Канал операторов', en: 'Channel of the operators' } }),
});
type SlackSettings = z.infer<typeof settings>;

const HOUR_MS = 3_600_000;
const GIGABYTE = 1024 ** 3;

const capabilities: Capabilities = {
  content: {
    ...TEXT_ONLY,
    choices: 'native',
    image: 'native',
    file: 'native',
    audio: 'native',
    video: 'native',
  },
  abilities: {
    typing: 'none',
    receipts: 'none',
    edit: 'native',
    delete: 'native',
    reaction: 'native',
    replyTo: 'none',
  },
  limits: {
    // "For best results, limit the number of characters in the text field to 4,000", https://docs.slack.dev/reference/methods/chat.postMessage#truncating
    maxText: 4000,
    unit: 'utf16',
    // https://docs.slack.dev/reference/block-kit/blocks/actions-block and block-elements/button-element
    maxChoices: 25,
    maxChoiceText: 75,
    media: {
      maxCaption: 4000,
      // "Files … up to 1 GB", https://slack.com/help/articles/201330736
      maxBytes: { image: GIGABYTE, file: GIGABYTE, audio: GIGABYTE, video: GIGABYTE },
      albumSize: 10,
      albumIs: 'message',
    },
    // "several hundred messages per minute" for a workspace, one a second for a channel with short bursts,
    // https://docs.slack.dev/apis/web-api/rate-limits#posting-messages
    perSecond: 5,
    perThreadPerSecond: 1,
    perThreadBurst: 2,
  },
  buttons: { link: 'beside' },
  // Told again at most three times: at once, after a minute, after five, https://docs.slack.dev/apis/events-api#retries;
  // with delayed events hourly for a day.
  dedupeWindowMs: 48 * HOUR_MS,
  acceptance: 'answer',
  jurisdiction: 'foreign',
  dataClass: 'personal',
};

/** Slack over the Events API and the Web API: direct messages, a clients' channel, and mentions. */
export const slack: ConnectorDefinition<SlackSettings> = { name: 'slack', settings, capabilities, connect };

function connect(given: SlackSettings, host: ConnectorHost): Connector {
  const bolt = loadBolt();
  const api = createSlackApi(bolt, given, host.fetch);
  const whoWeAre = createWhoWeAre(api);
  const scope = { clientsChannel: given.clientsChannel, deskChannel: given.deskChannel };

  async function post(part: Extract<OutgoingPart, { kind: 'text' }>): Promise<SendOutcome> {
    const { channel, threadTs } = placeOf(part.externalThread);
    const sent = await api.chat.postMessage({
      channel,
      text: escapeText(part.text),
      ...(part.choices?.length && { blocks: blocksOf(part.text, part.choices) }),
      ...(threadTs && { thread_ts: threadTs }),
      mrkdwn: false,
      parse: 'none',
      unfurl_links: false,
      unfurl_media: false,
    });
    return { outcome: 'accepted', ...(sent.ts && { externalId: externalIdOf(channel, sent.ts) }) };
  }

  async function sendPart(part: OutgoingPart): Promise<SendOutcome> {
    if (part.kind === 'text') return post(part);
    if (part.kind === 'media') return sendFiles(api, host, part);
    return { outcome: 'rejected', reason: `${part.kind}-not-native` };
  }

  /** https://docs.slack.dev/reference/methods/chat.update: the same words again change nothing. */
  async function editPart({ externalId }: SentMessage, part: OutgoingPart): Promise<SendOutcome> {
    if (part.kind !== 'text') return { outcome: 'rejected', reason: `${part.kind}-not-editable` };
    const { channel, threadTs: ts = '' } = placeOf(externalId);
    await api.chat.update({ channel, ts, text: escapeText(part.text), parse: 'none' });
    return { outcome: 'accepted', externalId };
  }

  /** https://docs.slack.dev/reference/methods/chat.delete */
  async function removeMessage({ externalId }: SentMessage): Promise<SendOutcome> {
    const { channel, threadTs: ts = '' } = placeOf(externalId);
    await api.chat.delete({ channel, ts });
    return { outcome: 'accepted', externalId };
  }

  async function outcomeOf(work: Promise<SendOutcome>): Promise<SendOutcome> {
    return work.catch((error: unknown) => outcomeOfFailure(bolt, error));
  }

  return {
    hasRates: given.apiUrl === CLOUD,
    receive(request) {
      if (!isFromSlack(request, given.signingSecret, host.now())) {
        return { authentic: false, reason: 'wrong-signature' };
      }
      const type = request.headers['content-type'];
      const isForm = typeof type === 'string' && type.startsWith('application/x-www-form-urlencoded');
      const body = new TextDecoder().decode(request.body);
      return body === '' ? authentic([], [{ reason: 'empty', raw: '' }]) : translate(body, isForm, scope);
    },
    send: (part) => outcomeOf(sendPart(part)),
    edit: (target, part) => outcomeOf(editPart(target, part)),
    // The second of two deletions, after a lost answer, finds nothing: that is what was wanted.
    remove: async (target) => {
      const outcome = await outcomeOf(removeMessage(target));
      const isGone = outcome.outcome === 'rejected' && outcome.reason === 'message_not_found';
      return isGone ? { outcome: 'accepted', externalId: target.externalId } : outcome;
    },
    react: (target, emoji) => outcomeOf(setReactions({ bolt, api, whoWeAre }, target, emoji)),
    download: (source, limits, signal) => downloadFile(bolt, api, given, host, { source, limits, signal }),
    health: () => healthOf(bolt, api),
    ...(given.deskChannel && { desk: createSlackDesk(api, given.deskChannel, outcomeOf) }),
  };
}
