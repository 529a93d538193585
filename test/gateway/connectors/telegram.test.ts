import { describe, expect, it } from 'vitest';
import type { Connector, Received } from '../../../gateway/connectors/connector.ts';
import { telegram } from '../../../gateway/connectors/telegram/index.ts';
import { SECRET, telegramStage } from './telegram-stage.ts';

const stage = telegramStage();

describe('settings', () => {
  it('takes an address of the API with or without a slash at its end, and an empty secret for none', () => {
    const checked = telegram.settings.parse({
      token: '1:a',
      apiRoot: 'http://127.0.0.1:8081/',
      webhookSecret: '',
    });
    expect(checked).toEqual({ token: '1:a', apiRoot: 'http://127.0.0.1:8081', webhookSecret: '' });
  });

  it.each([
    { token: '' },
    { token: '1:a/getMe' },
    { token: '1:a', apiRoot: 'ftp://telegram' },
    { token: '1:a', webhookSecret: 'with space' },
    { token: '1:a', unknown: 1 },
  ])('refuses %j', (settings) => {
    expect(telegram.settings.safeParse(settings).success).toBe(false);
  });

  it('never says the token in an error', () => {
    const { error } = telegram.settings.safeParse({ token: 'se cret' });
    expect(JSON.stringify(error?.issues)).not.toContain('se cret');
  });
});

describe('webhook', () => {
  const receive = (connector: Connector, body: string, headers: Record<string, string> = {}): Received =>
    connector.receive({
      method: 'POST',
      url: '/channels/telegram/webhook',
      headers: { 'x-telegram-bot-api-secret-token': SECRET, ...headers },
      body: Buffer.from(body),
    });

  it('announces itself with its secret, and waits until it is stopped', async () => {
    stage.listen(stage.connect({ webhookSecret: SECRET }));
    await stage.fake.chats.until(() => stage.fake.updates.webhook !== undefined, 'a webhook', 5_000);
    expect(stage.fake.updates.webhook).toEqual({
      url: stage.host.webhookUrl,
      secret: SECRET,
      maxConnections: 40,
    });
    stage.stop.abort();
    await expect(stage.listening).resolves.toBeUndefined();
  });

  it.each([
    ['another secret', { 'x-telegram-bot-api-secret-token': 'a-secret_2' }],
    ['a longer secret', { 'x-telegram-bot-api-secret-token': `${SECRET}1` }],
    ['an empty secret', { 'x-telegram-bot-api-secret-token': '' }],
  ])('refuses %s', (_what, headers) => {
    expect(receive(stage.connect({ webhookSecret: SECRET }), '{}', headers)).toMatchObject({
      authentic: false,
    });
  });

  it('refuses everything without a secret of its own, and what is not a POST', () => {
    expect(receive(stage.connect(), '{}')).toMatchObject({ authentic: false });
    const connector = stage.connect({ webhookSecret: SECRET });
    const headers = { 'x-telegram-bot-api-secret-token': SECRET };
    const request = { method: 'GET', url: '/', headers, body: Buffer.alloc(0) };
    expect(connector.receive(request)).toMatchObject({ authentic: false });
    expect(connector.receive({ ...request, method: 'POST', headers: {} })).toMatchObject({
      authentic: false,
    });
  });

  it.each([
    ['no JSON', '<html>', 'not-json'],
    ['nothing', '', 'not-json'],
    ['half of a JSON', '{"update_id":1,"mess', 'not-json'],
    ['another JSON', '[1,2]', 'not-an-update'],
    ['a number that is none', '{"update_id":"1"}', 'not-an-update'],
    [
      'a date out of all calendars',
      '{"update_id":1,"message":{"chat":{"id":1,"type":"private"},"date":1e300}}',
      'not-an-update',
    ],
    ['an unknown type', '{"update_id":1,"poll":{"id":"1"}}', 'unknown-update poll'],
    ['a type with an odd name', '{"update_id":1,"Привет":{}}', 'unknown-update without-a-type'],
    [
      'a group',
      '{"update_id":1,"message":{"chat":{"id":-5,"type":"group"},"text":"hi"}}',
      'not-a-private-chat',
    ],
    [
      'an edit in a group',
      '{"update_id":1,"edited_message":{"chat":{"id":-5,"type":"group"},"text":"hi"}}',
      'not-a-private-chat',
    ],
    [
      'a button of inline mode',
      '{"update_id":1,"callback_query":{"id":"1","from":{"id":5},"inline_message_id":"x","data":"a"}}',
      'callback-without-a-chat',
    ],
    [
      'brackets without end',
      `{"update_id":1,"message":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      'not-an-update',
    ],
  ])('puts %s into the quarantine', (_what, body, reason) => {
    const received = receive(stage.connect({ webhookSecret: SECRET }), body);
    expect(received).toMatchObject({ authentic: true, inbound: [], quarantine: [{ reason }] });
  });

  it('keeps a deep payload without choking on it', () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const body = `{"update_id":1,"message":{"chat":{"id":1,"type":"private"},"sticker":${deep}}}`;
    const received = receive(stage.connect({ webhookSecret: SECRET }), body);
    expect(received).toMatchObject({ inbound: [{ content: [{ kind: 'unsupported', what: 'sticker' }] }] });
    expect(JSON.stringify(received).length).toBeLessThan(2_000);
  });
});
