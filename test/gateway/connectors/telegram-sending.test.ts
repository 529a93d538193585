import { describe, expect, it } from 'vitest';
import type { OutgoingPart, SendOutcome } from '../../../gateway/connectors/outgoing.ts';
import type { Choice } from '../../../gateway/model/content.ts';
import type { DeliveryId } from '../../../gateway/model/ids.ts';
import { startFakeTelegram } from '../../fakes/telegram.ts';
import type { Fault } from '../../fakes/telegram-faults.ts';
import { telegramStage } from './telegram-stage.ts';

const part = (chat: number, text: string, choices?: readonly Choice[]): OutgoingPart => ({
  key: `${'11111111-1111-7111-8111-111111111111' as DeliveryId}:0`,
  kind: 'text',
  externalThread: String(chat),
  text,
  ...(choices && { choices }),
});

const stage = telegramStage();

describe('sending', () => {
  const send = async (text = 'привет', signal = AbortSignal.timeout(5_000)): Promise<SendOutcome> => {
    stage.fake.chats.open(7);
    return stage.connect().send(part(7, text), signal);
  };
  const sendWith = async (fault: Fault): Promise<SendOutcome> => {
    stage.fake.fault({ method: 'sendMessage', fault });
    return send();
  };

  it('says a text with buttons, one in a row', async () => {
    stage.fake.chats.open(7);
    const outcome = await stage.connect().send(
      part(7, 'Да?', [
        { id: 'y', text: 'Да' },
        { id: 'n', text: 'Нет' },
      ]),
      AbortSignal.timeout(5_000),
    );
    expect(outcome).toEqual({ outcome: 'accepted', externalId: '7:1' });
    expect(stage.fake.chats.find(7)?.messages).toMatchObject([
      {
        from: 'bot',
        text: 'Да?',
        buttons: [
          { text: 'Да', data: 'y' },
          { text: 'Нет', data: 'n' },
        ],
      },
    ]);
    expect(stage.fake.requests.at(-1)?.parameters).toEqual({
      chat_id: 7,
      text: 'Да?',
      reply_markup: {
        inline_keyboard: [[{ text: 'Да', callback_data: 'y' }], [{ text: 'Нет', callback_data: 'n' }]],
      },
    });
  });

  it('waits as long as Telegram asks', async () => {
    expect(await sendWith({ kind: 'too-many', retryAfter: 3 })).toEqual({
      outcome: 'retry',
      reason: 'too-many-requests',
      afterMs: 3_000,
      scope: 'thread',
    });
  });

  it.each([
    [
      { kind: 'refuse', status: 500, description: 'Internal Server Error' },
      { outcome: 'retry', reason: 'http-500' },
    ],
    [
      { kind: 'proxy-error', status: 502 },
      { outcome: 'retry', reason: 'http-502' },
    ],
    [
      { kind: 'proxy-error', status: 302 },
      { outcome: 'retry', reason: 'http-302' },
    ],
    [
      { kind: 'proxy-error', status: 403 },
      { outcome: 'retry', reason: 'http-403' },
    ],
    [
      { kind: 'refuse', status: 400, description: 'Bad Request: chat not found' },
      { outcome: 'rejected', reason: 'bad-request' },
    ],
    [
      { kind: 'refuse', status: 403, description: 'Forbidden: bot was blocked by the user' },
      { outcome: 'rejected', reason: 'blocked-by-contact' },
    ],
    [
      { kind: 'refuse', status: 403, description: 'Forbidden: user is deactivated' },
      { outcome: 'rejected', reason: 'blocked-by-contact' },
    ],
    [
      { kind: 'refuse', status: 401, description: 'Unauthorized' },
      { outcome: 'retry', reason: 'unauthorized', scope: 'channel' },
    ],
    [
      { kind: 'refuse', status: 404, description: 'Not Found' },
      { outcome: 'retry', reason: 'unauthorized', scope: 'channel' },
    ],
  ] as const)('takes the complete refusal %j for %j', async (fault, outcome) => {
    expect(await sendWith(fault)).toEqual(outcome);
    expect(stage.fake.saidTo(7)).toEqual([]);
  });

  it.each(['cut-before', 'cut-after', 'truncated', 'garbage'] as const)(
    'does not know what came of a request that met %s',
    async (kind) => {
      expect(await sendWith({ kind })).toMatchObject({ outcome: 'unknown' });
      expect(stage.fake.saidTo(7)).toHaveLength(kind === 'cut-before' ? 0 : 1);
    },
  );

  it('does not know what came of a request that it gave up', async () => {
    const controller = new AbortController();
    stage.fake.chats.open(7);
    stage.fake.fault({ method: 'sendMessage', fault: { kind: 'slow', ms: 60_000 } });
    const sending = stage.connect().send(part(7, 'привет'), controller.signal);
    await stage.fake.hears(7, 1);
    controller.abort();
    expect(await sending).toMatchObject({ outcome: 'unknown' });
  });

  it('knows that nothing went out where nobody listens', async () => {
    const { url } = stage.fake;
    await stage.fake.stop();
    const connector = stage.connect({ apiRoot: url });
    expect(await connector.send(part(7, 'привет'), AbortSignal.timeout(5_000))).toEqual({
      outcome: 'retry',
      reason: 'ECONNREFUSED',
    });
    stage.fake = await startFakeTelegram();
  });

  it('sends each message once, whatever happens: retrying is not its to decide', async () => {
    await sendWith({ kind: 'too-many', retryAfter: 0 });
    await sendWith({ kind: 'cut-before' });
    await sendWith({ kind: 'refuse', status: 500, description: 'x' });
    expect(stage.fake.requests.filter(({ method }) => method === 'sendMessage')).toHaveLength(3);
  });

  it('logs neither texts nor the token', async () => {
    await sendWith({ kind: 'refuse', status: 400, description: 'Bad Request: chat not found' });
    await sendWith({ kind: 'cut-after' });
    expect(stage.host.logged.length).toBeGreaterThan(0);
    expect(stage.host.logged.join()).not.toContain('привет');
    expect(stage.host.logged.join()).not.toContain(stage.fake.token);
  });
});

describe('what is not a message', () => {
  it('answers a callback, and shows that it types', async () => {
    stage.fake.chats.open(7);
    await stage.connect().send(part(7, 'Да?', [{ id: 'y', text: 'Да' }]), AbortSignal.timeout(5_000));
    const { callback_query } = stage.fake.press(7, 'Да') as { callback_query?: { id: string } };
    await stage.connect().acknowledge?.(callback_query?.id ?? '');
    await stage.connect().typing?.('7');
    expect(stage.fake.answeredCallbacks).toEqual([callback_query?.id]);
    expect(stage.fake.chats.find(7)?.actions).toEqual(['typing']);
  });

  it('tells why a callback could not be answered, and nothing of the request', async () => {
    await expect(stage.connect().acknowledge?.('1')).rejects.toThrow(
      /^answerCallbackQuery: 400 Bad Request: query is too old/,
    );
    await expect(stage.connect().typing?.('12345')).rejects.toThrow(
      /^sendChatAction: 400 Bad Request: chat not found$/,
    );
  });
});
