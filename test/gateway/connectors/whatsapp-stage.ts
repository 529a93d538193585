import { afterEach, beforeEach } from 'vitest';
import type { Connector, Received } from '../../../gateway/connectors/connector.ts';
import type { FittedPart } from '../../../gateway/connectors/outgoing.ts';
import { whatsapp } from '../../../gateway/connectors/whatsapp/index.ts';
import type { DeliveryId } from '../../../gateway/model/ids.ts';
import { type FakeWhatsApp, startFakeWhatsApp } from '../../fakes/whatsapp.ts';
import {
  APP_SECRET,
  messageValue,
  notification,
  PHONE_ID,
  signatureOf,
  VERIFY_TOKEN,
} from '../../fakes/whatsapp-notifications.ts';
import { type MemoryHost, memoryHost } from './host.ts';

export const ANN = '79160000001';
/** Of what is sent. */
export const KEY = '0190b5a0-0000-7000-8000-000000000001:0' as `${DeliveryId}:${number}`;
export const signal = () => AbortSignal.timeout(5_000);

/** The templates that the settings name. */
const TEMPLATES = [
  { name: 'application_ready', language: 'en_US', text: 'Hello {{1}}, {{2}} is ready' },
  {
    name: 'with_header',
    language: 'en_US',
    header: 'Statement for {{1}}',
    text: 'Dear {{2}}, dear {{1}}, it is ready.',
    buttons: [
      { text: 'About', url: 'https://bank.example/about' },
      { text: 'Open', url: 'https://bank.example/s/{{1}}' },
      { text: 'An operator', answer: 'operator' },
    ],
  },
  { name: 'with_document', language: 'en_US', file: 'document', text: 'Your statement.' },
  { name: 'with_image', language: 'en_US', file: 'image', text: 'Your card, {{1}}.' },
];

/** A WhatsApp and a hub of each test's own, and a number of the bank. */
export class WhatsAppStage {
  fake!: FakeWhatsApp;
  host!: MemoryHost;
  connector!: Connector;

  async open(): Promise<void> {
    this.fake = await startFakeWhatsApp();
    this.host = memoryHost('whatsapp');
    this.connector = this.connect(this.fake.token);
  }

  connect(token: string, apiRoot = this.fake.apiRoot): Connector {
    const given = { token, apiRoot, phoneId: PHONE_ID, appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN };
    return whatsapp.connect(whatsapp.settings.parse({ ...given, templates: TEMPLATES }), this.host);
  }

  receive(body: string): Extract<Received, { authentic: true }> {
    const headers = { 'x-hub-signature-256': signatureOf(body) };
    const received = this.connector.receive({ method: 'POST', url: '/', headers, body: Buffer.from(body) });
    if (!received.authentic) throw new Error(received.reason);
    return received;
  }

  /** What Ann wrote. */
  translated(content: object) {
    return this.receive(notification(messageValue(ANN, { ...content })));
  }

  send(part: FittedPart, replyTo?: string) {
    return this.connector.send(
      { ...part, key: KEY, externalThread: ANN, ...(replyTo && { replyTo }) },
      signal(),
    );
  }
}

/** For a file of tests: opened anew before each of them. */
export function whatsAppStage(): WhatsAppStage {
  const stage = new WhatsAppStage();
  beforeEach(() => stage.open());
  afterEach(() => stage.fake.stop());
  return stage;
}
