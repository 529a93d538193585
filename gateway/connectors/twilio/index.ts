import { z } from 'zod';
import { apiRoot } from '../api-root.ts';
import { authentic } from '../authentic.ts';
import { type Capabilities, NO_ABILITIES, TEXT_ONLY } from '../capabilities.ts';
import type {
  Connector,
  ConnectorDefinition,
  ConnectorHost,
  Received,
  WebhookRequest,
} from '../connector.ts';
import type { ChannelHealth } from '../health.ts';
import { askOnce } from '../http-answer.ts';
import { segmentPrice } from '../sms/price.ts';
import { translateForm } from './inbound.ts';
import { outcomeOf, renderMessage } from './outbound.ts';
import { isSignedByTwilio } from './signature.ts';

const CLOUD = 'https://api.twilio.com';

const settings = z.strictObject({
  accountSid: z
    .string()
    .regex(/^AC[0-9A-Za-z]{1,62}$/, 'is not an account SID, such as AC and 32 hexadecimal digits')
    .meta({ titles: { ru: 'SID учётной записи', en: 'Account SID' } }),
  authToken: z
    .string()
    .min(1, 'is empty; it is in the console beside the account SID')
    .meta({ titles: { ru: 'Ключ (Auth Token)', en: 'Auth token' }, secret: true }),
  sender: z
    .string()
    .min(1, 'is empty; set SMS_SENDER to a number of the account, or to a Messaging Service SID')
    .meta({ titles: { ru: 'Номер отправителя', en: 'Sender' } }),
  apiRoot: apiRoot(CLOUD),
  pricePerSegment: segmentPrice,
});
type TwilioSettings = z.infer<typeof settings>;

const HOUR_MS = 3_600_000;

const capabilities: Capabilities = {
  content: TEXT_ONLY,
  abilities: { ...NO_ABILITIES, receipts: 'native' },
  limits: {
    // Within the 1600 characters of https://www.twilio.com/docs/api/errors/21617; Twilio joins segments by itself.
    maxText: 10,
    unit: 'segments',
    maxChoices: 0,
    maxChoiceText: 0,
    // Twilio queues what exceeds a number's rate (https://help.twilio.com/articles/115002943027); the API answers 429.
    perSecond: 100,
    perThreadPerSecond: 10,
    perThreadBurst: 10,
  },
  // A webhook that failed is tried again within hours at most (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
  dedupeWindowMs: 72 * HOUR_MS,
  optOut: true,
  acceptance: 'answer',
  jurisdiction: 'foreign',
  dataClass: 'personal',
};

/** SMS over Twilio's REST API and webhooks (https://www.twilio.com/docs/messaging), or what speaks as it does. */
export const twilio: ConnectorDefinition<TwilioSettings> = {
  name: 'twilio',
  settings,
  capabilities,
  connect,
};

function connect(options: TwilioSettings, host: ConnectorHost): Connector {
  const { accountSid, authToken, apiRoot, sender, pricePerSegment } = options;
  const account = `${apiRoot}/2010-04-01/Accounts/${accountSid}`;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  return {
    hasRates: apiRoot === CLOUD,
    ...(pricePerSegment && { segmentPrice: pricePerSegment }),
    receive: (request) => receive(request, host.webhookUrl, authToken),
    async send(part, signal) {
      if (part.kind !== 'text') return { outcome: 'rejected', reason: 'not-text' };
      const body = renderMessage(part, sender, host.webhookUrl);
      const init = { method: 'POST', headers: { authorization }, body, signal };
      return outcomeOf(await askOnce(host.fetch, `${account}/Messages.json`, init));
    },
    async health(signal) {
      return healthOf(await askOnce(host.fetch, `${account}.json`, { headers: { authorization }, signal }));
    },
  };
}

const EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';

function receive(request: WebhookRequest, webhookUrl: string, authToken: string): Received {
  const at = request.url.indexOf('?');
  const query = at < 0 ? '' : request.url.slice(at);
  if (request.method !== 'POST' || !isSignedByTwilio(request, webhookUrl + query, authToken))
    return { authentic: false, reason: 'wrong-signature' };
  const body = new TextDecoder().decode(request.body);
  const isForm = /^application\/x-www-form-urlencoded/i.test(String(request.headers['content-type']));
  const reply = { status: 200, type: 'text/xml', body: EMPTY_TWIML };
  if (!isForm) return { ...authentic([], [{ reason: 'not-a-form', raw: body }]), reply };
  const form = Object.fromEntries(new URLSearchParams(body));
  return { ...translateForm(form, new URLSearchParams(query).get('part')), reply };
}

/** https://www.twilio.com/docs/iam/api/account#account-properties: `status` is active, suspended or closed. */
function healthOf(answer: Awaited<ReturnType<typeof askOnce>>): ChannelHealth {
  if (!answer.complete) return { findings: [{ problem: 'unreachable', detail: answer.outcome.reason }] };
  const { status, text } = answer;
  if (status === 401 || status === 404) return { findings: [{ problem: 'unauthorized' }] };
  if (status !== 200) return { findings: [{ problem: 'network-trouble', detail: `http-${status}` }] };
  const state = /"status"\s*:\s*"(suspended|closed)"/.exec(text)?.[1];
  return { findings: state ? [{ problem: 'forbidden', detail: state }] : [] };
}
