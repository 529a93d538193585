import { verifySlackRequest } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import type { Received, WebhookRequest } from '../../../gateway/connectors/connector.ts';
import { translate } from '../../../gateway/connectors/slack/inbound.ts';
import { blocksOf } from '../../../gateway/connectors/slack/outbound.ts';
import { isFromSlack } from '../../../gateway/connectors/slack/signature.ts';
import { escapeText, plainText } from '../../../gateway/connectors/slack/text.ts';
import { SIGNING_SECRET, signed } from '../../fakes/slack.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const SCOPE = { clientsChannel: 'CCLIENTS', deskChannel: 'CDESK' };

function request(body: string, headers: Record<string, string>): WebhookRequest {
  return { method: 'POST', url: '/', headers, body: new TextEncoder().encode(body) };
}

const isOurs = (one: WebhookRequest) => isFromSlack(one, SIGNING_SECRET, NOW);

describe('the signature', () => {
  it('is what Slack’s own library takes', () => {
    const headers = signed('{"a":"я"}', SECONDS);
    expect(() =>
      verifySlackRequest({
        signingSecret: SIGNING_SECRET,
        body: '{"a":"я"}',
        headers: {
          'x-slack-signature': headers['x-slack-signature'],
          'x-slack-request-timestamp': SECONDS,
        },
        nowMilliseconds: NOW.getTime(),
      }),
    ).not.toThrow();
    expect(isOurs(request('{"a":"я"}', headers))).toBe(true);
  });

  it('is that of the bytes, be they UTF-8 or not', () => {
    const body = Buffer.from('{"a":"\xff"}', 'latin1');
    expect(isOurs({ ...request('', signed(body, SECONDS)), body })).toBe(true);
    expect(isOurs(request(body.toString(), signed(body, SECONDS)))).toBe(false);
  });

  it.each([
    ['five minutes old and a second', -301],
    ['of the future, which Slack’s library would take', 301],
  ])('is refused when it is %s', (_what, seconds) => {
    expect(isOurs(request('{}', signed('{}', SECONDS + seconds)))).toBe(false);
    expect(isOurs(request('{}', signed('{}', SECONDS + Math.sign(seconds) * 299)))).toBe(true);
  });

  it.each([
    ['another secret', signed('{}', SECONDS, 'another-secret-of-some-length')],
    ['another body', signed('{ }', SECONDS)],
    [
      'a longer signature',
      { ...signed('{}', SECONDS), 'x-slack-signature': `${signed('{}', SECONDS)['x-slack-signature']}0` },
    ],
    ['no signature', { 'x-slack-request-timestamp': String(SECONDS) }],
    ['no time', { 'x-slack-signature': signed('{}', SECONDS)['x-slack-signature'] }],
    ['a time that is no number', { ...signed('{}', SECONDS), 'x-slack-request-timestamp': `${SECONDS}e0` }],
    ['an empty signature', { ...signed('{}', SECONDS), 'x-slack-signature': '' }],
  ])('is refused with %s', (_what, headers) => {
    expect(isOurs(request('{}', headers))).toBe(false);
  });
});

describe('text', () => {
  it('comes and goes as it was written', () => {
    const text = 'a < b && c > d <@U1> <!channel> *bold* &amp;';
    expect(plainText(escapeText(text))).toBe(text);
  });

  it('shows links and mentions as they stand in the message', () => {
    expect(
      plainText(
        'see <https://bank.example/a?b=1&amp;c|the page>, <https://x.example>, <mailto:a@b.example|a@b.example>, <#C1|general>',
      ),
    ).toBe('see the page, https://x.example, a@b.example, general');
  });
});

const envelope = (event: object, id = 'Ev1') =>
  JSON.stringify({ type: 'event_callback', event_id: id, team_id: 'T1', event });
const message = (more: object) => ({
  type: 'message',
  channel: 'D1',
  channel_type: 'im',
  user: 'U1',
  text: 'hi',
  ts: '1700000000.000100',
  ...more,
});

function inboundOf(event: object): Extract<Received, { authentic: true }>['inbound'] {
  const received = translate(envelope(event), false, SCOPE);
  expect(received.quarantine ?? []).toEqual([]);
  return received.inbound;
}

describe('what comes in', () => {
  it('answers the check of the address', () => {
    const received = translate('{"type":"url_verification","challenge":"abc","token":"x"}', false, SCOPE);
    expect(received).toMatchObject({ inbound: [], reply: { status: 200, body: 'abc' } });
  });

  it('takes a direct message, with its id and time', () => {
    expect(inboundOf(message({ text: 'a &lt; b' }))).toEqual([
      {
        type: 'message',
        dedupeKey: 'D1:1700000000.000100',
        externalId: 'D1:1700000000.000100',
        sender: { externalUser: 'U1', externalThread: 'D1' },
        content: [{ kind: 'text', text: 'a < b' }],
        sentAt: new Date(1_700_000_000_000),
      },
    ]);
  });

  it('keeps the people of a channel apart, each in the thread of their question', () => {
    const [root] = inboundOf(message({ channel: 'CCLIENTS', channel_type: 'channel' }));
    const [reply] = inboundOf(
      message({
        channel: 'CCLIENTS',
        channel_type: 'channel',
        user: 'U2',
        ts: '1700000001.0001',
        thread_ts: '1700000000.000100',
      }),
    );
    expect(root).toMatchObject({ sender: { externalThread: 'CCLIENTS:1700000000.000100:U1' } });
    expect(reply).toMatchObject({ sender: { externalThread: 'CCLIENTS:1700000000.000100:U2' } });
  });

  it('hears its name in other channels and nothing else there, and counts the two events of a mention once', () => {
    const there = { channel: 'COTHER', channel_type: 'channel' };
    expect(inboundOf(message(there))).toEqual([]);
    const mention = { ...there, type: 'app_mention', text: '<@UBOT>, my balance' };
    expect(inboundOf(message(mention))).toMatchObject([
      { dedupeKey: 'COTHER:1700000000.000100', content: [{ kind: 'text', text: 'my balance' }] },
    ]);
    const twice = { channel: 'CCLIENTS', channel_type: 'channel', text: '<@UBOT> hi' };
    const keys = [message(twice), message({ ...twice, type: 'app_mention' })].map((event) => {
      const [one] = inboundOf(event);
      return one && 'dedupeKey' in one ? one.dedupeKey : undefined;
    });
    expect(keys[0]).toBe(keys[1]);
  });

  it.each([
    ['an echo of our own', { bot_id: 'BBOT' }],
    ['somebody who joined', { subtype: 'channel_join', channel: 'CCLIENTS', channel_type: 'channel' }],
    ['the operators’ channel', { channel: 'CDESK', channel_type: 'channel' }],
  ])('passes over %s', (_what, more) => {
    expect(inboundOf(message(more))).toEqual([]);
  });

  it('takes files, edits, deletions and reactions', () => {
    const files = [
      { id: 'F1', name: 'card.png', mimetype: 'image/png', size: 10, url_private: 'https://elsewhere' },
    ];
    expect(inboundOf(message({ subtype: 'file_share', files, text: '' }))).toMatchObject([
      { content: [{ kind: 'image', source: 'F1', type: 'image/png', size: 10, name: 'card.png' }] },
    ]);
    const place = { type: 'message', channel: 'D1', channel_type: 'im' };
    const edited = message({ text: 'bye', edited: { user: 'U1', ts: '1700000002.0' } });
    expect(inboundOf({ ...place, subtype: 'message_changed', message: edited })).toMatchObject([
      { type: 'edit', externalId: 'D1:1700000000.000100', content: [{ kind: 'text', text: 'bye' }] },
    ]);
    expect(inboundOf({ ...place, subtype: 'message_changed', message: message({}) })).toEqual([]);
    const gone = { ...place, subtype: 'message_deleted', deleted_ts: '1700000000.000100' };
    expect(inboundOf({ ...gone, previous_message: message({}) })).toMatchObject([
      { type: 'delete', externalId: 'D1:1700000000.000100' },
    ]);
    const item = { type: 'message', channel: 'D1', ts: '1700000000.000100' };
    expect(inboundOf({ type: 'reaction_added', user: 'U1', reaction: '+1', item })).toMatchObject([
      {
        type: 'reaction',
        sender: { externalUser: 'U1' },
        externalId: 'D1:1700000000.000100',
        emoji: ['👍'],
        change: 'added',
      },
    ]);
    const atDesk = { ...item, channel: 'CDESK' };
    expect(inboundOf({ type: 'reaction_added', user: 'U1', reaction: '+1', item: atDesk })).toEqual([]);
    expect(inboundOf({ type: 'reaction_removed', user: 'U1', reaction: 'our_logo', item })).toMatchObject([
      { type: 'reaction', emoji: [':our_logo:'], change: 'removed' },
    ]);
  });

  it('takes a pressed button by its value, with its label', () => {
    const payload = {
      type: 'block_actions',
      user: { id: 'U1', username: 'ann' },
      channel: { id: 'D1' },
      container: { type: 'message', message_ts: '1700000000.000100' },
      actions: [
        {
          action_id: 'choice-0',
          action_ts: '1700000003.0001',
          value: 'yes',
          text: { type: 'plain_text', text: 'Да &amp; нет' },
        },
      ],
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    expect(translate(body, true, SCOPE).inbound).toMatchObject([
      {
        sender: { externalUser: 'U1', externalThread: 'D1', username: 'ann' },
        content: [{ kind: 'choice', id: 'yes', text: 'Да & нет' }],
      },
    ]);
  });

  it('passes over a button that only opened an address, of which Slack tells all the same', () => {
    const [, actions] = blocksOf('Ещё', [
      { kind: 'link', id: 'l', text: 'Условия', url: 'https://bank.example' },
      { id: 'yes', text: 'Да' },
    ]);
    if (actions?.type !== 'actions') throw new Error('no buttons');
    const pressed = actions.elements.map((element) => ({ ...element, action_ts: '1700000003.0001' }));
    const payload = {
      type: 'block_actions',
      user: { id: 'U1' },
      channel: { id: 'D1' },
      container: { type: 'message', message_ts: '1700000000.000100' },
      actions: pressed,
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    expect(translate(body, true, SCOPE).inbound).toMatchObject([
      { content: [{ kind: 'choice', id: 'yes' }] },
    ]);
    expect(translate(body, true, SCOPE).inbound).toHaveLength(1);
  });

  it.each([
    ['no JSON', 'nothing', false],
    ['half of a form', 'payload={"type":', true],
    ['a form without a payload', 'command=%2Fbank', true],
    ['an event without an id', '{"type":"event_callback","event":{"type":"message"}}', false],
    ['an unknown event', envelope({ type: 'team_join', user: {} }), false],
    ['a message of another shape', envelope({ type: 'message', channel: 7, ts: 'x' }), false],
  ])('keeps %s in the quarantine', (_what, body, isForm) => {
    const received = translate(body, isForm, SCOPE);
    expect(received.inbound).toEqual([]);
    expect(received.quarantine).toHaveLength(1);
  });
});

it('says a long text over its buttons in sections that Slack takes', () => {
  const blocks = blocksOf('я'.repeat(7_000), [{ id: 'yes', text: 'Да' }]);
  const sections = blocks.flatMap((block) =>
    block.type === 'section' ? [block.text?.text.length ?? 0] : [],
  );
  expect(sections).toEqual([3000, 3000, 1000]);
});
