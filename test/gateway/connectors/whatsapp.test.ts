import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, Received } from '../../../gateway/connectors/connector.ts';
import type { FittedPart, OutgoingMedia } from '../../../gateway/connectors/outgoing.ts';
import { whatsapp } from '../../../gateway/connectors/whatsapp/index.ts';
import type { DeliveryId, MediaId } from '../../../gateway/model/ids.ts';
import { type FakeWhatsApp, refusal, startFakeWhatsApp } from '../../fakes/whatsapp.ts';
import {
  APP_SECRET,
  messageValue,
  notification,
  PHONE_ID,
  signatureOf,
  statusValue,
  textOf,
  VERIFY_TOKEN,
} from '../../fakes/whatsapp-notifications.ts';
import { type MemoryHost, memoryHost } from './host.ts';

const ANN = '79160000001';
const KEY = '0190b5a0-0000-7000-8000-000000000001:0' as `${DeliveryId}:${number}`;
const signal = () => AbortSignal.timeout(5_000);

let fake: FakeWhatsApp;
let host: MemoryHost;
let connector: Connector;

beforeEach(async () => {
  fake = await startFakeWhatsApp();
  host = memoryHost('whatsapp');
  connector = connect(fake.token);
});
afterEach(() => fake.stop());

function connect(token: string, apiRoot = fake.apiRoot): Connector {
  const settings = {
    token,
    phoneId: PHONE_ID,
    appSecret: APP_SECRET,
    verifyToken: VERIFY_TOKEN,
    apiRoot,
    templates: [
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
    ],
  };
  return whatsapp.connect(whatsapp.settings.parse(settings), host);
}

function receive(body: string): Extract<Received, { authentic: true }> {
  const headers = { 'x-hub-signature-256': signatureOf(body) };
  const received = connector.receive({ method: 'POST', url: '/', headers, body: Buffer.from(body) });
  if (!received.authentic) throw new Error(received.reason);
  return received;
}

function translated(content: object) {
  return receive(notification(messageValue(ANN, { ...content })));
}

function send(part: FittedPart, replyTo?: string) {
  return connector.send({ ...part, key: KEY, externalThread: ANN, ...(replyTo && { replyTo }) }, signal());
}

describe('what comes in', () => {
  it.each([
    ['a text', textOf('привет'), { kind: 'text', text: 'привет' }],
    [
      'a pressed button',
      {
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: { id: 'yes', title: 'Да' } },
      },
      { kind: 'choice', id: 'yes', text: 'Да' },
    ],
    [
      'a row of a list',
      {
        type: 'interactive',
        interactive: { type: 'list_reply', list_reply: { id: 'a', title: 'А', description: 'первая' } },
      },
      { kind: 'choice', id: 'a', text: 'А' },
    ],
    [
      'a quick reply of a template',
      { type: 'button', button: { payload: 'stop', text: 'Стоп' } },
      { kind: 'choice', id: 'stop', text: 'Стоп' },
    ],
    [
      'an image',
      { type: 'image', image: { id: '27548', mime_type: 'image/jpeg', sha256: 'x', caption: 'чек' } },
      { kind: 'image', source: '27548', type: 'image/jpeg', caption: 'чек' },
    ],
    [
      'a voice message',
      { type: 'audio', audio: { id: '27549', mime_type: 'audio/ogg; codecs=opus', voice: true } },
      { kind: 'audio', source: '27549', type: 'audio/ogg; codecs=opus', voice: true },
    ],
    [
      'a document',
      { type: 'document', document: { id: '3', mime_type: 'application/pdf', filename: 'счёт.pdf' } },
      { kind: 'file', source: '3', type: 'application/pdf', name: 'счёт.pdf' },
    ],
    [
      'a video',
      { type: 'video', video: { id: '4', mime_type: 'video/mp4' } },
      { kind: 'video', source: '4', type: 'video/mp4' },
    ],
    [
      'a sticker',
      { type: 'sticker', sticker: { id: '5', mime_type: 'image/webp', animated: false } },
      { kind: 'sticker', source: '5', type: 'image/webp' },
    ],
    [
      'a place',
      { type: 'location', location: { latitude: 55.75, longitude: 37.61, name: 'Офис' } },
      { kind: 'location', latitude: 55.75, longitude: 37.61, title: 'Офис' },
    ],
    [
      'a card of a person',
      {
        type: 'contacts',
        contacts: [{ name: { formatted_name: 'Иван' }, phones: [{ phone: '+7 916 000-00-02' }] }],
      },
      { kind: 'contact', name: 'Иван', phone: '+7 916 000-00-02' },
    ],
    ['what we do not know', { type: 'order', order: {} }, { kind: 'unsupported', what: 'order' }],
  ])('reads %s', (_what, content, expected) => {
    const { inbound, quarantine } = translated(content);
    expect(quarantine).toBeUndefined();
    expect(inbound).toMatchObject([
      {
        type: 'message',
        sender: { externalUser: ANN, externalThread: ANN, name: 'Анна' },
        content: [expected],
      },
    ]);
  });

  it('reads which message is answered, and a reaction and its taking back', () => {
    const answer = translated({ ...textOf('да'), context: { from: '15550783881', id: 'wamid.OUT1==' } });
    expect(answer.inbound).toMatchObject([{ replyTo: 'wamid.OUT1==' }]);
    const reacted = (more: object) =>
      translated({ type: 'reaction', reaction: { message_id: 'wamid.OUT1==', ...more } }).inbound;
    expect(reacted({ emoji: '👍' })).toMatchObject([
      { type: 'reaction', externalId: 'wamid.OUT1==', emoji: ['👍'] },
    ]);
    expect(reacted({})).toMatchObject([{ type: 'reaction', emoji: [] }]);
  });

  it('takes the good messages of a request and keeps the bad one so that it can be read again', () => {
    const good = messageValue(ANN, textOf('первое'));
    const bad = messageValue(ANN, { type: 'text', text: null });
    const both = [good, bad].flatMap(({ messages }) => messages);
    const { inbound, quarantine } = receive(notification({ ...good, messages: both }));
    expect(inbound).toMatchObject([{ content: [{ kind: 'text', text: 'первое' }] }]);
    expect(quarantine).toMatchObject([{ reason: 'not-a-message' }]);
    const again = connector.retranslate?.((quarantine?.[0]?.raw ?? '').replace('null', '{"body":"второе"}'));
    expect(again).toMatchObject({ inbound: [{ content: [{ kind: 'text', text: 'второе' }] }] });
  });

  it('reads receipts with the key that went out, and why a message failed', () => {
    const told = (status: string, more: object = {}) =>
      receive(notification(statusValue('wamid.OUT1==', status, { ...more }))).inbound;
    const key = { biz_opaque_callback_data: KEY };
    for (const receipt of ['sent', 'delivered', 'read'])
      expect(told(receipt, key)).toEqual([
        { type: 'receipt', externalId: 'wamid.OUT1==', key: KEY, receipt },
      ]);
    expect(told('failed', { errors: [{ code: 131047, title: 'Re-engagement message' }] })).toMatchObject([
      { receipt: 'failed', reason: 'reply-window' },
    ]);
    expect(told('read', { biz_opaque_callback_data: 'not ours' })[0]).not.toHaveProperty('key');
    expect(told('warning')).toEqual([]);
  });
});

describe('what goes out', () => {
  it('has buttons up to three, else a list, each as long as Meta takes it', async () => {
    const choices = (count: number, label = 'Ответ') =>
      Array.from({ length: count }, (_, n) => ({ id: `c${n}`, text: `${label} ${n}` }));
    const kinds: unknown[] = [];
    for (const part of [
      { kind: 'text', text: 'Да?', choices: choices(3) },
      { kind: 'text', text: 'Да?', choices: choices(10) },
      { kind: 'text', text: 'Да?', choices: choices(2, 'Ответ, что длиннее') },
      { kind: 'text', text: 'я'.repeat(4096), choices: choices(2) },
      { kind: 'text', text: 'Да?', choices: [...choices(1), { id: 'other', text: 'Ответ 0' }] },
    ] as const) {
      expect(await send(part)).toMatchObject({ outcome: 'accepted' });
      kinds.push(fake.taken.at(-1)?.interactive?.type);
    }
    expect(kinds).toEqual(['button', 'list', 'button', 'list', 'list']);
    expect(
      await send({ kind: 'text', text: 'Да?', choices: choices(2, 'Ответ, что длиннее 20') }),
    ).toMatchObject({ outcome: 'accepted' });
    expect(fake.taken.at(-1)?.interactive?.type).toBe('list');
  });

  it('uploads a file first and sends its id; what a caption cannot say with audio goes as a document', async () => {
    const id = 'm1' as MediaId;
    host.media.set(id, Buffer.from('bytes'));
    const media = (kind: OutgoingMedia['kind'], type: string, more: object = {}): FittedPart => ({
      kind: 'media',
      media: [{ kind, media: { id, type, size: 5 }, ...more }],
    });
    expect(await send(media('image', 'image/png', { caption: 'чек' }))).toMatchObject({
      outcome: 'accepted',
    });
    expect(fake.files.get('uploaded-0')).toEqual({ bytes: Buffer.from('bytes'), type: 'image/png' });
    expect(fake.taken.at(-1)).toMatchObject({ type: 'image', image: { id: 'uploaded-0', caption: 'чек' } });
    await send(media('audio', 'audio/ogg'));
    expect(fake.taken.at(-1)).toMatchObject({ type: 'audio', audio: { id: 'uploaded-1' } });
    await send(media('audio', 'audio/ogg', { caption: 'слушайте' }));
    expect(fake.taken.at(-1)).toMatchObject({ type: 'document', document: { caption: 'слушайте' } });
    await send({
      ...media('image', 'image/png', { caption: 'чек' }),
      choices: [{ id: 'a', text: 'Да' }],
    } as FittedPart);
    expect(fake.taken.at(-1)).toMatchObject({
      interactive: { type: 'button', header: { type: 'image', image: { id: 'uploaded-3' } } },
    });
    await send({ ...media('audio', 'audio/ogg'), choices: [{ id: 'a', text: 'Да' }] } as FittedPart);
    expect(fake.taken.at(-1)).toMatchObject({ type: 'document', document: { caption: '• Да' } });
    expect(fake.taken).toHaveLength(5);
  });

  it('sends places, persons, reactions and answers to a certain message, and its key along', async () => {
    await send({ kind: 'location', latitude: 1, longitude: 2 }, 'wamid.IN==');
    expect(fake.taken.at(-1)).toMatchObject({
      location: { latitude: 1, longitude: 2 },
      context: { message_id: 'wamid.IN==' },
      biz_opaque_callback_data: KEY,
    });
    await send({ kind: 'contact', name: 'Иван', phone: '+79160000002' });
    expect(fake.taken.at(-1)).toMatchObject({ contacts: [{ phones: [{ phone: '+79160000002' }] }] });
    const target = { externalThread: ANN, externalId: 'wamid.IN==' };
    await connector.react?.(target, ['👍'], signal(), KEY);
    await connector.react?.(target, [], signal(), KEY);
    expect(fake.taken.slice(-2)).toMatchObject([
      { reaction: { message_id: 'wamid.IN==', emoji: '👍' } },
      { reaction: { message_id: 'wamid.IN==', emoji: '' } },
    ]);
  });

  it('marks what was committed as read, and shows typing as an answer to it', async () => {
    await connector.typing?.(ANN);
    expect(fake.read).toEqual([]);
    await connector.acknowledge?.(`${ANN} wamid.IN1==`);
    await connector.acknowledge?.(`${ANN} wamid.IN2==`);
    await connector.typing?.(ANN);
    expect(fake.read).toEqual([
      { id: 'wamid.IN1==', isTyping: false },
      { id: 'wamid.IN2==', isTyping: false },
      { id: 'wamid.IN2==', isTyping: true },
    ]);
  });

  it('is refused for good after the 24 hours', async () => {
    fake.closeWindow(ANN);
    expect(await send({ kind: 'text', text: 'ещё' })).toEqual({
      outcome: 'rejected',
      reason: 'reply-window',
    });
  });

  it('says approved templates after them, and asks Meta for none that its settings do not have', async () => {
    fake.closeWindow(ANN);
    fake.templates.set('application_ready en_US', { body: 2 });
    const say = (name: string, parameters: readonly string[]) =>
      send({ kind: 'text', text: 'Hello', template: { name, language: 'en', parameters } });
    expect(await say('application_ready', ['Ann', 'a card,\n\tgold'])).toMatchObject({ outcome: 'accepted' });
    expect(fake.taken.at(-1)).toMatchObject({
      type: 'template',
      biz_opaque_callback_data: KEY,
      template: {
        name: 'application_ready',
        language: { code: 'en_US' },
        components: [
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'Ann' },
              { type: 'text', text: 'a card, gold' },
            ],
          },
        ],
      },
    });
    const before = fake.taken.length;
    expect(await say('application_lost', ['Ann', 'a card'])).toMatchObject({ reason: 'template-unknown' });
    expect(await say('application_ready', ['Ann'])).toMatchObject({ reason: 'template-parameters' });
    expect(fake.taken).toHaveLength(before);
  });

  it('fills in the header, the text and the buttons of a template, each as Meta wants it', async () => {
    fake.templates.set('with_header en_US', {
      header: 'text',
      body: 2,
      buttons: ['fixed-url', 'url', 'quick_reply'],
    });
    fake.templates.set('with_document en_US', { header: 'document', body: 0 });
    fake.templates.set('with_image en_US', { header: 'image', body: 1 });
    const say = async (name: string, ...parameters: string[]) => {
      const outcome = await send({
        kind: 'text',
        text: 'Hello',
        template: { name, language: 'en', parameters },
      });
      const components = outcome.outcome === 'accepted' && fake.taken.at(-1)?.template?.components;
      return components || outcome;
    };
    const text = (value: string) => ({ type: 'text', text: value });
    expect(await say('with_header', 'May', 'Ann', 'Smith', 'a1?b=2')).toEqual([
      { type: 'header', parameters: [text('May')] },
      { type: 'body', parameters: [text('Ann'), text('Smith')] },
      { type: 'button', sub_type: 'url', index: '1', parameters: [text('a1?b=2')] },
      {
        type: 'button',
        sub_type: 'quick_reply',
        index: '2',
        parameters: [{ type: 'payload', payload: 'operator' }],
      },
    ]);
    const statement = 'https://bank.example/f/%D0%BC%D0%B0%D0%B9.pdf?key=5';
    expect(await say('with_document', statement)).toEqual([
      {
        type: 'header',
        parameters: [{ type: 'document', document: { link: statement, filename: 'май.pdf' } }],
      },
    ]);
    const picture = 'https://bank.example/card.png';
    expect(await say('with_image', picture, 'Ann')).toEqual([
      { type: 'header', parameters: [{ type: 'image', image: { link: picture } }] },
      { type: 'body', parameters: [text('Ann')] },
    ]);
    const before = fake.taken.length;
    const wrong: readonly Parameters<typeof say>[] = [
      ['with_header', 'May', 'Ann', 'Smith', 'a 1'],
      ['with_header', 'May', 'Ann', 'Smith'],
      ['with_document', 'http://bank.example/may.pdf'],
      ['with_image', 'card.png', 'Ann'],
    ];
    for (const one of wrong)
      expect(await say(...one)).toEqual({ outcome: 'rejected', reason: 'template-parameters' });
    expect(fake.taken).toHaveLength(before);
  });

  it.each([
    ['a header that the settings do not know', { header: 'text', body: 0 }],
    ['another file', { header: 'image', body: 0 }],
    ['no file', { body: 0 }],
    ['more in the text', { header: 'document', body: 1 }],
    ['a button that wants an end', { header: 'document', body: 0, buttons: ['url'] }],
  ] as const)(
    'is told what to compare where Meta has approved the template with %s',
    async (_what, approved) => {
      fake.templates.set('with_document en_US', approved);
      const template = {
        name: 'with_document',
        language: 'en',
        parameters: ['https://bank.example/may.pdf'],
      };
      expect(await send({ kind: 'text', text: 'Hello', template })).toEqual({
        outcome: 'rejected',
        reason: 'template-parameters',
      });
    },
  );

  it.each([
    [400, 130429, { outcome: 'retry', reason: 'too-many-requests', scope: 'channel' }],
    [400, 131056, { outcome: 'retry', reason: 'pair-limit', scope: 'thread', afterMs: 6_000 }],
    [401, 190, { outcome: 'retry', reason: 'unauthorized', scope: 'channel' }],
    [403, 10, { outcome: 'retry', reason: 'whatsapp-10', scope: 'channel' }],
    [500, 131016, { outcome: 'retry', reason: 'whatsapp-131016' }],
    [400, 131026, { outcome: 'rejected', reason: 'undeliverable' }],
    [400, 132000, { outcome: 'rejected', reason: 'template-parameters' }],
    [404, 132001, { outcome: 'rejected', reason: 'template-unknown' }],
    [400, 132005, { outcome: 'rejected', reason: 'template-too-long' }],
    [400, 132007, { outcome: 'rejected', reason: 'template-policy' }],
    [400, 132012, { outcome: 'rejected', reason: 'template-parameters' }],
    [400, 132015, { outcome: 'rejected', reason: 'template-paused' }],
    [400, 132016, { outcome: 'rejected', reason: 'template-disabled' }],
    [400, 100, { outcome: 'rejected', reason: 'whatsapp-100' }],
  ])('reads HTTP %i with code %i as Meta means it', async (status, code, outcome) => {
    fake.fault(ANN, { kind: 'refuse', status, body: refusal(status, code, 'x').text });
    expect(await send({ kind: 'text', text: 'привет' })).toEqual(outcome);
  });

  it('takes no word about a message from what stands before Meta', async () => {
    fake.fault(ANN, { kind: 'refuse', status: 400, body: '<html>' });
    expect(await send({ kind: 'text', text: 'привет' })).toEqual({ outcome: 'retry', reason: 'http-400' });
    expect(fake.taken).toEqual([]);
  });
});

describe('files and health', () => {
  it('fetches a file in two steps, and no more of it than it may', async () => {
    fake.files.set('27548', { bytes: Buffer.from('jpeg'), type: 'image/jpeg' });
    const download = (id: string, maxBytes: number) => connector.download?.(id, { maxBytes }, signal());
    expect(await download('27548', 10)).toEqual({
      outcome: 'file',
      bytes: Buffer.from('jpeg'),
      type: 'image/jpeg',
    });
    expect(await download('27548', 3)).toEqual({ outcome: 'refused', reason: 'too-large' });
    expect(await download('nothing', 10)).toEqual({ outcome: 'refused', reason: 'whatsapp-100' });
  });

  it('says who we are and what Meta says is wrong', async () => {
    expect(await connector.health?.(signal())).toEqual({ findings: [], account: '+7 495 000-00-00' });
    fake.number = { status: 'RESTRICTED', quality_rating: 'RED' };
    expect(await connector.health?.(signal())).toEqual({
      findings: [
        { problem: 'forbidden', detail: 'RESTRICTED' },
        { problem: 'limited', detail: 'quality RED' },
      ],
    });
    expect(await connect('revoked').health?.(signal())).toEqual({ findings: [{ problem: 'unauthorized' }] });
    const away = connect(fake.token, 'http://127.0.0.1:1/v24.0');
    expect(await away.health?.(signal())).toMatchObject({ findings: [{ problem: 'unreachable' }] });
  });
});
