import type { Pdu } from 'smpp';
import { z } from 'zod';
import { within } from '../../within.ts';
import { type Capabilities, NO_ABILITIES, TEXT_ONLY } from '../capabilities.ts';
import type { Connector, ConnectorDefinition, ConnectorHost } from '../connector.ts';
import type { ChannelHealth } from '../health.ts';
import type { SendOutcome } from '../outgoing.ts';
import { segmentPrice } from '../sms/price.ts';
import { createBinds } from './binds.ts';
import { translateDeliver } from './inbound.ts';
import { outcomeOfStatus, renderSubmit, type TextPart } from './outbound.ts';
import { STATUS, textField } from './pdus.ts';
import { plainId } from './receipt.ts';
import { RequestLost } from './requests.ts';
import { BindRefused, type BoundSession, openSession, type Taken } from './session.ts';
import { readSmppUrl } from './url.ts';

const settings = z.strictObject({
  url: z
    .string()
    .refine(
      (url) => readSmppUrl(url) !== undefined,
      'is not smpp://system_id:password@host:port or ssmpp://…',
    )
    .meta({ titles: { ru: 'Адрес SMS-центра', en: 'Address of the SMSC' }, secret: true }),
  sender: z
    .string()
    .max(20)
    .optional()
    .transform((sender) => sender || undefined)
    .meta({ titles: { ru: 'От чьего имени', en: 'Sender' } }),
  bind: z
    .enum(['transceiver', 'transmitter+receiver'])
    .default('transceiver')
    .meta({ titles: { ru: 'Соединения', en: 'Binds' } }),
  systemType: z
    .string()
    .max(12)
    .default('')
    .meta({ titles: { ru: 'Тип системы', en: 'System type' } }),
  alphabet: z
    .enum(['gsm', 'latin1'])
    .default('gsm')
    .meta({ titles: { ru: 'Алфавит по умолчанию у SMS-центра', en: "The SMSC's default alphabet" } }),
  window: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .meta({ titles: { ru: 'Запросов без ответа', en: 'Requests without an answer' } }),
  enquireLinkSeconds: z
    .number()
    .min(1)
    .max(600)
    .default(30)
    .meta({ titles: { ru: 'Проверка связи, секунд', en: 'Link check, seconds' } }),
  ca: z
    .string()
    .optional()
    .meta({ titles: { ru: 'Сертификат удостоверяющего центра (PEM)', en: 'Certificate authority (PEM)' } }),
  pricePerSegment: segmentPrice,
});
type SmppSettings = z.infer<typeof settings>;

const MINUTE_MS = 60_000;
/** The outbox gives up a send after 30 s. */
const TAKE_LIMIT_MS = 8_000;

const capabilities: Capabilities = {
  content: TEXT_ONLY,
  abilities: { ...NO_ABILITIES, receipts: 'native' },
  limits: {
    maxText: 10,
    unit: 'segments',
    requestPer: 'segment',
    maxChoices: 0,
    maxChoiceText: 0,
    // By contract, so unknown here: the outbox spaces nothing and obeys ESME_RTHROTTLED.
    perSecond: 1_000,
    perThreadPerSecond: 1_000,
    perThreadBurst: 1_000,
  },
  // An SMSC repeats what it had no answer to within minutes; keys of answered messages go earlier (see connect).
  dedupeWindowMs: 60 * MINUTE_MS,
  optOut: true,
  acceptance: 'answer',
  jurisdiction: 'ru',
  dataClass: 'personal',
};

/** SMS over SMPP 3.4, as an ESME of an operator's SMSC (Short Message Peer to Peer Protocol Specification v3.4, issue 1.2). */
export const smpp: ConnectorDefinition<SmppSettings> = { name: 'smpp', settings, capabilities, connect };

function connect(options: SmppSettings, host: ConnectorHost): Connector {
  const { channel, log } = host;
  const address = readSmppUrl(options.url);
  if (!address) throw new Error('the settings were not checked');

  const binds = createBinds({
    bind: options.bind,
    log,
    open: (bind) =>
      openSession(
        { ...address, systemType: options.systemType, ...(options.ca && { ca: options.ca }) },
        {
          bind,
          window: options.window,
          enquireLinkMs: options.enquireLinkSeconds * 1_000,
          onDeliver: take,
          // The same words may come again and are then another message.
          onConfirmed: (keys) =>
            void host
              .forget(keys)
              .catch((error: unknown) => log.warn({ channel, err: error }, 'keys could not be forgotten')),
        },
      ),
  });

  /** Stored before it is answered; while the store is away the SMSC is asked to try again. */
  async function take(pdu: Pdu): Promise<Taken> {
    const { received, contentKey } = translateDeliver(pdu, options.alphabet);
    try {
      await within(TAKE_LIMIT_MS, host.receive(received));
      return { status: STATUS.ok, ...(contentKey && { key: contentKey }) };
    } catch (error) {
      log.error({ channel, err: error }, 'a deliver_sm could not be stored');
      return { status: STATUS.temporaryReceiverError };
    }
  }

  const { pricePerSegment } = options;
  return {
    hasRates: false,
    ...(pricePerSegment && { segmentPrice: pricePerSegment }),
    receive: () => ({ authentic: false, reason: 'no-webhook' }),
    listen: (signal) => binds.listen(signal),
    async send(part, signal) {
      if (part.kind !== 'text') return { outcome: 'rejected', reason: 'not-text' };
      const session = await binds.sending().catch(() => undefined);
      if (!session) return { outcome: 'retry', reason: 'not-bound', scope: 'channel' };
      return submit(session, part, options, signal);
    },
    health: async () => healthOf(binds.trouble),
  };
}

async function submit(
  session: BoundSession,
  part: TextPart,
  options: SmppSettings,
  signal: AbortSignal,
): Promise<SendOutcome> {
  try {
    const answer = await session.request('submit_sm', renderSubmit(part, options), signal);
    if (answer.command_status !== STATUS.ok) return outcomeOfStatus(answer.command_status);
    const id = textField(answer, 'message_id');
    return { outcome: 'accepted', ...(id && { externalId: plainId(id) }) };
  } catch (error) {
    if (!(error instanceof RequestLost)) throw error;
    return error.mayHaveArrived
      ? { outcome: 'unknown', reason: 'no-answer' }
      : { outcome: 'retry', reason: 'not-bound', scope: 'channel' };
  }
}

function healthOf(trouble: unknown): ChannelHealth {
  if (trouble === undefined) return { findings: [] };
  if (trouble instanceof BindRefused) {
    const { status } = trouble;
    const isOurs = ([STATUS.bindFailed, STATUS.invalidPassword, STATUS.invalidSystemId] as number[]).includes(
      status,
    );
    return { findings: [{ problem: isOurs ? 'unauthorized' : 'not-connected', detail: trouble.message }] };
  }
  const detail = trouble instanceof Error ? trouble.message.slice(0, 200) : undefined;
  return { findings: [{ problem: 'not-connected', ...(detail && { detail }) }] };
}
