import { describe, expect, it } from 'vitest';
import { SECRET, telegramStage } from './telegram-stage.ts';

const stage = telegramStage();

// Fields as https://core.telegram.org/bots/api#update documents them.
describe('translation', () => {
  const from = {
    id: 7,
    is_bot: false,
    first_name: 'Анна',
    last_name: 'К.',
    username: 'anna',
    language_code: 'ru-RU',
  };
  const chat = { id: 7, type: 'private', first_name: 'Анна' };
  const sender = { externalUser: '7', externalThread: '7', name: 'Анна К.', username: 'anna', locale: 'ru' };
  const message = { message_id: 1, from, chat, date: 1_700_000_000 };

  const translate = (update: Record<string, unknown>) => {
    const connector = stage.connect({ webhookSecret: SECRET });
    const received = connector.receive({
      method: 'POST',
      url: '/',
      headers: { 'x-telegram-bot-api-secret-token': SECRET },
      body: Buffer.from(JSON.stringify({ update_id: 5, ...update })),
    });
    return received.authentic ? received : undefined;
  };

  it('makes a message of a text', () => {
    expect(translate({ message: { ...message, text: 'привет' } })).toEqual({
      authentic: true,
      inbound: [
        {
          type: 'message',
          dedupeKey: '5',
          sender,
          content: [{ kind: 'text', text: 'привет' }],
          sentAt: new Date(1_700_000_000_000),
          externalId: `${chat.id}:${message.message_id}`,
        },
      ],
    });
  });

  it('takes a pressed button with its label, to be acknowledged', () => {
    const reply_markup = {
      inline_keyboard: [
        [
          { text: 'Да', callback_data: 'yes' },
          { text: 'Сайт', url: 'https://a' },
        ],
      ],
    };
    const callback_query = {
      id: '77',
      from,
      chat_instance: '1',
      data: 'yes',
      message: { ...message, reply_markup },
    };
    expect(translate({ callback_query })?.inbound).toEqual([
      {
        type: 'message',
        dedupeKey: '5',
        sender,
        acknowledgement: '77',
        content: [{ kind: 'choice', id: 'yes', text: 'Да' }],
      },
    ]);
  });

  it('takes a pressed button of a message that is too old to be shown', () => {
    const callback_query = { id: '77', from, data: 'yes', message: { chat, message_id: 1, date: 0 } };
    expect(translate({ callback_query })?.inbound).toMatchObject([
      { content: [{ kind: 'choice', id: 'yes' }] },
    ]);
  });

  it.each([
    ['/start', undefined],
    ['/start abc_1-2', 'abc_1-2'],
    ['/start@fake_bank_bot abc', 'abc'],
  ])('takes "%s" for the opening of a dialogue', (text, payload) => {
    expect(translate({ message: { ...message, text } })?.inbound).toEqual([
      { type: 'start', dedupeKey: '5', sender, payload },
    ]);
  });

  it('takes a word that only begins like it for a text', () => {
    expect(translate({ message: { ...message, text: '/started' } })?.inbound).toMatchObject([
      { type: 'message' },
    ]);
  });

  it.each([
    ['photo', { photo: [], caption: 'мой паспорт' }, [{ kind: 'text', text: 'мой паспорт' }]],
    ['animation', { document: {}, animation: {} }, []],
    ['venue', { location: {}, venue: {} }, []],
    ['contact', { reply_to_message: {}, contact: { phone_number: 79161234567 } }, []],
    ['hologram', { hologram: {} }, []],
    ['message', {}, []],
  ])('shows %s as something that it cannot read, with the payload', (what, fields, more) => {
    const raw = { ...message, ...fields };
    expect(translate({ message: raw })?.inbound).toMatchObject([
      { type: 'message', content: [{ kind: 'unsupported', what }, ...more], raw },
    ]);
  });

  it('lets no secret and nothing that cannot be stored through, in texts, names, payloads and the quarantine', () => {
    const bad = 'a\u0000b\ud800c 4111 1111 1111 1111';
    const good = 'a\ufffdb\ufffdc •••• 1111';
    const named = { ...message, from: { ...from, first_name: bad, last_name: undefined } };
    expect(translate({ message: { ...named, text: bad } })?.inbound).toMatchObject([
      { sender: { name: good }, content: [{ kind: 'text', text: good }] },
    ]);
    expect(
      translate({ message: { ...message, photo: [], caption: bad, 'k\u0000': [bad] } })?.inbound,
    ).toMatchObject([
      {
        content: [{ kind: 'unsupported' }, { kind: 'text', text: good }],
        raw: { caption: good, 'k\ufffd': [good] },
      },
    ]);
    expect(translate({ message: { ...message, text: `/start ${bad}` } })?.inbound).toMatchObject([
      { payload: good },
    ]);
    const [quarantined] = translate({ poll: { question: bad } })?.quarantine ?? [];
    expect(quarantined?.raw).toContain(good);
  });

  it('leaves the numbers of chats and people as they are', () => {
    const id = 4_111_111_111_111_111;
    const received = translate({
      message: { ...message, chat: { id, type: 'private' }, from: { id }, sticker: {} },
    });
    expect(received?.inbound).toMatchObject([
      { sender: { externalUser: String(id) }, raw: { chat: { id } } },
    ]);
  });
});
