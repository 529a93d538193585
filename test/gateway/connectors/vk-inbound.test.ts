import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vk } from '../../../gateway/connectors/vk/index.ts';
import { eventOf, GROUP, type Json, messageOf, newMessage, SECRET } from '../../fakes/vk-events.ts';
import { ANN, openVkStage, type VkStage } from './vk-stage.ts';

const HOUR_S = 3_600;
const nowS = () => Math.floor(Date.now() / 1_000);

let stage: VkStage;

beforeEach(async () => {
  stage = await openVkStage();
});
afterEach(() => stage.fake.stop());

describe('what comes in', () => {
  const url = 'https://sun9-1.userapi.com/a.jpg';
  const photo = {
    type: 'photo',
    photo: {
      sizes: [
        { type: 's', url: `${url}?s`, width: 75 },
        { type: 'z', url, width: 1080 },
        { type: 'm', url: `${url}?m`, width: 130 },
      ],
    },
  };

  it.each([
    ['a text', 'привет', {}, [{ kind: 'text', text: 'привет' }]],
    ['a text as HTML writes it', '<b> "&amp;"', {}, [{ kind: 'text', text: '<b> "&amp;"' }]],
    [
      'a picture with words, the largest',
      'чек',
      { attachments: [photo] },
      [{ kind: 'image', source: url, caption: 'чек' }],
    ],
    [
      'a document',
      '',
      { attachments: [{ type: 'doc', doc: { url, title: 'счёт.pdf', size: 12, ext: 'pdf' } }] },
      [{ kind: 'file', source: url, name: 'счёт.pdf', size: 12 }],
    ],
    [
      'a voice note',
      '',
      { attachments: [{ type: 'audio_message', audio_message: { link_ogg: url, link_mp3: url } }] },
      [{ kind: 'audio', source: url, voice: true }],
    ],
    [
      'a sticker and a drawing',
      '',
      {
        attachments: [
          { type: 'sticker', sticker: { images: [{ url, width: 64 }] } },
          { type: 'graffiti', graffiti: { url } },
        ],
      },
      [
        { kind: 'sticker', source: url },
        { kind: 'image', source: url },
      ],
    ],
    [
      'a place',
      '',
      { geo: { type: 'point', coordinates: { latitude: 55.75, longitude: 37.61 } } },
      [{ kind: 'location', latitude: 55.75, longitude: 37.61 }],
    ],
    [
      'a link with its preview',
      'https://a.ru',
      { attachments: [{ type: 'link', link: { url: 'https://a.ru' } }] },
      [{ kind: 'text', text: 'https://a.ru' }],
    ],
    [
      'a link without words',
      '',
      { attachments: [{ type: 'link', link: { url: 'https://a.ru' } }] },
      [{ kind: 'text', text: 'https://a.ru' }],
    ],
    [
      'what was forwarded, also within another',
      'вот',
      { fwd_messages: [{ text: 'оттуда', fwd_messages: [{ text: 'издалека', attachments: [photo] }] }] },
      [
        { kind: 'text', text: 'вот' },
        { kind: 'text', text: 'оттуда' },
        { kind: 'image', source: url, caption: 'издалека' },
      ],
    ],
    ['what we do not know', '', { attachments: [{ type: 'poll' }] }, [{ kind: 'unsupported', what: 'poll' }]],
    ['an empty message', '', {}, [{ kind: 'unsupported', what: 'message' }]],
  ])('reads %s', (_what, text, more, content) => {
    expect(stage.said(text, more).inbound).toMatchObject([
      { type: 'message', content, sender: { externalUser: '7', externalThread: '7', locale: 'ru' } },
    ]);
  });

  it('goes no deeper into what was forwarded than it should', () => {
    const nested = Array.from({ length: 2_000 }).reduce<Json>(
      (inner) => ({ text: 'x', fwd_messages: [inner] }),
      { text: 'the innermost' },
    );
    const { inbound, quarantine } = stage.said('', nested);
    expect(quarantine).toBeUndefined();
    const [message] = inbound;
    expect(message?.type === 'message' && message.content.at(-1)).toEqual({
      kind: 'unsupported',
      what: 'forwarded',
    });
  });

  it('answers "ok" to what it keeps, and what the network wants to hear to a confirmation', () => {
    expect(stage.said('привет').reply).toEqual({ status: 200, type: 'text/plain', body: 'ok' });
    expect(stage.receive({ type: 'confirmation', group_id: GROUP }).reply?.body).toBe('c0nf1rm');
    stage.connector = stage.connect({ confirmation: '' });
    expect(stage.hand({ type: 'confirmation', group_id: GROUP }).authentic).toBe(false);
  });

  it('knows an event by its id, and a message by its number', () => {
    const event = newMessage(messageOf(ANN, 'раз', { id: 42, reply_message: { id: 41 } }));
    expect(stage.receive(event).inbound).toMatchObject([
      { dedupeKey: event.event_id, externalId: '42', replyTo: '41' },
    ]);
  });

  it('reads a pressed button with its label, and answers it', async () => {
    const payload = JSON.stringify({ choice: 'yes', label: 'Да' });
    for (const given of [payload, JSON.parse(payload)])
      expect(stage.press({ payload: given }).inbound).toMatchObject([
        { content: [{ kind: 'choice', id: 'yes', text: 'Да' }], acknowledgement: '7 e1' },
      ]);
    await stage.connector.acknowledge?.('7 e1');
    expect(stage.parametersOf('messages.sendMessageEventAnswer')).toMatchObject({
      user_id: '7',
      peer_id: '7',
      event_id: 'e1',
    });
  });

  it('keeps a press of a button that is not ours as what it is', () => {
    expect(stage.press({ payload: '{"command":"buy"}' }).inbound).toMatchObject([
      { content: [{ kind: 'unsupported', what: 'message_event' }] },
    ]);
  });

  it('reads a start by the button, and one by a link whose visitor wrote at once, the link once', () => {
    const start = { payload: '{"command":"start"}', ref: 'okno_abc' };
    expect(stage.said('Начать', start).inbound).toMatchObject([{ type: 'start', payload: 'okno_abc' }]);
    const keys = ['раз', 'два'].map((text) => {
      const { inbound } = stage.said(text, { ref: 'okno_abc' });
      expect(inbound).toMatchObject([{ type: 'start', payload: 'okno_abc' }, { type: 'message' }]);
      return inbound.map((one) => one.type !== 'receipt' && one.type !== 'piece' && one.dedupeKey);
    });
    expect(keys[0]?.[0]).toBe(keys[1]?.[0]);
    expect(keys[0]?.[1]).not.toBe(keys[1]?.[1]);
    expect(stage.said('три', { ref: 'a ref with spaces' }).inbound).toMatchObject([{ type: 'message' }]);
  });

  it('reads an edit, and what was read', () => {
    expect(stage.receive(eventOf('message_edit', messageOf(ANN, 'иначе', { id: 5 }))).inbound).toMatchObject([
      { type: 'edit', externalId: '5', content: [{ kind: 'text', text: 'иначе' }] },
    ]);
    const read = { from_id: ANN, peer_id: ANN, read_message_id: 9, conversation_message_id: 3 };
    expect(stage.receive(eventOf('message_read', read)).inbound).toEqual([
      { type: 'receipt', externalId: '9', externalThread: '7', receipt: 'read' },
    ]);
  });

  it.each([
    ['our own message', eventOf('message_reply', messageOf(ANN, 'x', { from_id: -GROUP, out: 1 }))],
    ['our own edit', eventOf('message_edit', messageOf(ANN, 'x', { from_id: -GROUP, out: 1 }))],
    ['what a colleague read', eventOf('message_read', { from_id: -GROUP, peer_id: ANN, read_message_id: 9 })],
    ['typing', eventOf('message_typing_state', { from_id: ANN, to_id: -GROUP, state: 'typing' })],
    ['leave to write', eventOf('message_allow', { user_id: ANN, key: '' })],
  ])('takes %s as no word of a client', (_what, event) => {
    const { inbound, quarantine } = stage.receive(event);
    expect([inbound, quarantine]).toEqual([[], undefined]);
  });

  it.each([
    ['stale', -25],
    ['future-dated', 2],
  ])('keeps what is %s apart without the secret, and reads it again when somebody asks', (reason, hours) => {
    const { inbound, quarantine } = stage.said('давно', { date: nowS() + hours * HOUR_S });
    expect([inbound.length, quarantine?.[0]?.reason]).toEqual([0, reason]);
    expect(quarantine?.[0]?.raw).not.toContain(SECRET);
    expect(stage.connector.retranslate?.(quarantine?.[0]?.raw ?? '').inbound).toHaveLength(1);
  });

  it('takes the time of an edit from the edit', () => {
    const date = nowS() - 25 * HOUR_S;
    const edited = (update_time: number) =>
      stage.receive(eventOf('message_edit', messageOf(ANN, 'x', { date, update_time }))).inbound;
    expect([edited(nowS()).length, edited(date).length]).toEqual([1, 0]);
  });

  it('asks for settings that can work', () => {
    const given = { token: 't', groupId: '1', secret: 'short', confirmation: '' };
    expect(vk.settings.safeParse(given).success).toBe(false);
    expect(vk.settings.safeParse({ ...given, secret: SECRET, groupId: 'bank' }).success).toBe(false);
    expect(vk.settings.safeParse({ ...given, secret: SECRET }).success).toBe(true);
  });
});
