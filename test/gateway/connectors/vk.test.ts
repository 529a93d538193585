import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FittedPart, OutgoingMedia } from '../../../gateway/connectors/outgoing.ts';
import { vk } from '../../../gateway/connectors/vk/index.ts';
import type { DeliveryId, MediaId } from '../../../gateway/model/ids.ts';
import { startFakeVk } from '../../fakes/vk.ts';
import { GROUP, SECRET } from '../../fakes/vk-events.ts';
import { ANN, openVkStage, signal, type VkStage } from './vk-stage.ts';

const KEY = '0190b5a0-0000-7000-8000-000000000001:0' as `${DeliveryId}:${number}`;
const OTHER_KEY = '0190b5a0-0000-7000-8000-000000000001:1' as `${DeliveryId}:${number}`;

let stage: VkStage;

beforeEach(async () => {
  stage = await openVkStage();
});
afterEach(() => stage.fake.stop());

function send(part: FittedPart, replyTo?: string, key = KEY) {
  const outgoing = { ...part, key, externalThread: String(ANN), ...(replyTo && { replyTo }) };
  return stage.connector.send(outgoing, signal());
}

const last = () => [...stage.fake.messages.values()].at(-1);

describe('what goes out', () => {
  const choices = [{ id: 'yes', text: 'Да' }];

  it('sends a text with buttons as an answer, edits and removes it', async () => {
    const sent = await send({ kind: 'text', text: 'Верно?\n  & <так>', choices }, '9');
    if (sent.outcome !== 'accepted' || !sent.externalId) throw new Error(sent.outcome);
    const payload = JSON.stringify({ choice: 'yes', label: 'Да' });
    expect(last()).toMatchObject({
      text: 'Верно?\n  & <так>',
      replyTo: '9',
      keyboard: { inline: true, buttons: [[{ action: { type: 'callback', label: 'Да', payload } }]] },
    });
    const target = { externalThread: String(ANN), externalId: sent.externalId };
    const part = { kind: 'text', text: 'Готово', key: KEY, externalThread: String(ANN) } as const;
    expect(await stage.connector.edit?.(target, part, signal())).toMatchObject({ outcome: 'accepted' });
    expect(last()).toEqual({ peer: '7', text: 'Готово' });
    expect(await stage.connector.remove?.(target, signal(), KEY)).toMatchObject({ outcome: 'accepted' });
    expect(stage.fake.messages.size).toBe(0);
    expect(await stage.connector.edit?.(target, part, signal())).toEqual({
      outcome: 'rejected',
      reason: 'vk-909',
    });
    // The answer to a first deletion may be lost: a second one finds nothing, and that is what was wanted.
    expect(await stage.connector.remove?.(target, signal(), KEY)).toMatchObject({ outcome: 'accepted' });
    const other = await send({ kind: 'text', text: 'ещё' }, undefined, OTHER_KEY);
    if (other.outcome !== 'accepted' || !other.externalId) throw new Error(other.outcome);
    stage.fake.refuseNext('messages.delete', 924);
    const kept = { externalThread: String(ANN), externalId: other.externalId };
    expect(await stage.connector.remove?.(kept, signal(), KEY)).toEqual({
      outcome: 'rejected',
      reason: 'vk-924',
    });
    expect(stage.fake.messages.size).toBe(1);
  });

  it('asks VK once what a person is called, after their message is kept, and does without where it does not say', async () => {
    const { inbound } = stage.said('привет');
    expect(inbound).toMatchObject([{ type: 'message', acknowledgement: String(ANN) }]);
    const asked = () => stage.fake.requests.filter(({ method }) => method === 'users.get').length;
    stage.fake.refuseNext('users.get', 6);
    await stage.connector.acknowledge?.('8');
    stage.fake.people.set(String(ANN), { id: ANN, first_name: 'Анна', last_name: 'Иванова' });
    await Promise.all([
      stage.connector.acknowledge?.(String(ANN)),
      stage.connector.acknowledge?.(String(ANN)),
    ]);
    await stage.connector.acknowledge?.(String(ANN));
    // Of a page that is no more VK tells a word in the place of the name.
    await stage.connector.acknowledge?.('9');
    expect([...stage.host.names]).toEqual([[String(ANN), 'Анна Иванова']]);
    expect(asked()).toBe(3);
  });

  it('is known by its key when it comes again, and only then', async () => {
    const first = await send({ kind: 'text', text: 'раз' });
    expect(await send({ kind: 'text', text: 'раз' })).toEqual(first);
    expect(await send({ kind: 'text', text: 'раз' }, undefined, OTHER_KEY)).not.toEqual(first);
    expect(stage.fake.saidTo(ANN)).toEqual(['раз', 'раз']);
  });

  it('lays out as many buttons as VK takes, and keeps long payloads within its limit', async () => {
    const ten = Array.from({ length: 10 }, (_, n) => ({ id: `${n}`.repeat(200), text: 'Кнопка'.repeat(6) }));
    expect(await send({ kind: 'text', text: 'Что?', choices: ten })).toMatchObject({ outcome: 'accepted' });
    const buttons = last()?.keyboard?.buttons.flat() ?? [];
    expect(buttons.map(({ action }) => JSON.parse(action.payload).choice)).toEqual(ten.map(({ id }) => id));
  });

  it.each([
    ['image', 'image/png', 'photo', `photo-${GROUP}_7_key`],
    ['file', 'application/pdf', 'file', `doc-${GROUP}_8`],
  ] as const)('uploads a %s and sends it with its caption', async (kind, type, field, attachment) => {
    const id = 'm1' as MediaId;
    stage.host.media.set(id, Buffer.from('bytes of a file'));
    const media: OutgoingMedia = { kind, media: { id, type, size: 15 }, caption: 'вот', name: 'счёт.pdf' };
    expect(await send({ kind: 'media', media: [media] })).toMatchObject({ outcome: 'accepted' });
    expect(last()).toEqual({ peer: '7', text: 'вот', attachment });
    expect(stage.fake.files.get(field)?.toString()).toBe('bytes of a file');
  });

  it('says what VK does not take, and tries an upload again that went wrong', async () => {
    const id = 'm1' as MediaId;
    stage.host.media.set(id, Buffer.from('x'));
    const song: OutgoingMedia = {
      kind: 'file',
      media: { id, type: 'application/octet-stream', size: 1 },
      name: 'a.exe',
    };
    expect(await send({ kind: 'media', media: [song] })).toEqual({
      outcome: 'rejected',
      reason: 'file-refused',
    });
    stage.fake.refuseNext('docs.save', 36);
    expect(await send({ kind: 'media', media: [{ ...song, name: 'a.pdf' }] })).toMatchObject({
      outcome: 'retry',
    });
    stage.host.media.clear();
    expect(await send({ kind: 'media', media: [song] })).toEqual({ outcome: 'retry', reason: 'media-away' });
    expect(stage.fake.messages.size).toBe(0);
  });

  it('sends a place with its words', async () => {
    await send({ kind: 'location', latitude: 55, longitude: 37, title: 'Офис', address: 'Тверская, 1' });
    expect(last()).toEqual({ peer: '7', text: 'Офис\nТверская, 1', place: ['55', '37'] });
  });

  it.each([
    [5, { outcome: 'retry', reason: 'unauthorized', scope: 'channel' }],
    [6, { outcome: 'retry', reason: 'too-many-requests', scope: 'channel', afterMs: 1_000 }],
    [9, { outcome: 'retry', reason: 'flood-control', scope: 'thread' }],
    [10, { outcome: 'retry', reason: 'vk-internal-error' }],
    [14, { outcome: 'retry', reason: 'captcha-needed' }],
    [36, { outcome: 'unknown', reason: 'vk-timeout' }],
    [901, { outcome: 'rejected', reason: 'vk-901' }],
    [911, { outcome: 'rejected', reason: 'vk-911' }],
    [914, { outcome: 'rejected', reason: 'vk-914' }],
  ])('takes error %i for what it is', async (code, outcome) => {
    stage.fake.refuseNext('messages.send', code);
    expect(await send({ kind: 'text', text: 'a' })).toMatchObject(outcome);
  });

  it('takes a trouble in front of VK for no word of VK', async () => {
    stage.fake.fault(ANN, { kind: 'refuse', status: 503, retryAfterS: 7 });
    expect(await send({ kind: 'text', text: 'a' })).toEqual({
      outcome: 'retry',
      reason: 'http-503',
      afterMs: 7_000,
    });
  });

  it('tries again where nobody was there', async () => {
    const gone = await startFakeVk();
    await gone.stop();
    stage.connector = stage.connect({ apiRoot: gone.url });
    expect(await send({ kind: 'text', text: 'a' })).toMatchObject({ outcome: 'retry' });
  });
});

describe('beside messages', () => {
  it.each([
    ['nothing, where the token may not know', undefined, []],
    ['that VK sends nothing to anybody', [], [{ problem: 'webhook-missing' }]],
    [
      'that VK sends elsewhere',
      [{ url: 'https://old.example', status: 'ok' }],
      [{ problem: 'webhook-elsewhere' }],
    ],
    ['that VK gave up', [{ status: 'failed' }], [{ problem: 'webhook-failing', detail: 'failed' }]],
    [
      'that the address is not confirmed',
      [{ status: 'unconfigured' }],
      [{ problem: 'webhook-missing', detail: 'unconfigured' }],
    ],
    ['nothing, where all is well', [{ status: 'ok' }], []],
  ])('finds %s', async (_what, servers, findings) => {
    stage.fake.servers = servers?.map((one) => ({ url: stage.host.webhookUrl, ...one }));
    expect(await stage.connector.health?.(signal())).toEqual({ account: '@bank', findings });
  });

  it('finds a token that is refused, and one of another community', async () => {
    expect((await stage.connect({ token: 'another' }).health?.(signal()))?.findings).toEqual([
      { problem: 'unauthorized' },
    ]);
    const given = {
      token: stage.fake.token,
      apiRoot: stage.fake.url,
      groupId: '5',
      secret: SECRET,
      confirmation: '',
    };
    const misled = vk.connect(vk.settings.parse(given), stage.host);
    expect((await misled.health?.(signal()))?.findings).toMatchObject([{ problem: 'forbidden' }]);
  });

  it('shows typing, and knows its link at once', async () => {
    await stage.connector.typing?.(String(ANN));
    expect(stage.parametersOf('messages.setActivity')).toMatchObject({ peer_id: '7', type: 'typing' });
    expect(stage.connector.startLink?.('okno_x')).toBe(`https://vk.me/club${GROUP}?ref=okno_x`);
  });

  it('fetches files from VK only', async () => {
    stage.fake.files.set('a', Buffer.from('абв'));
    const limits = { maxBytes: 100 };
    const fetched = await stage.connector.download?.(`${stage.fake.url}/files/a`, limits, signal());
    expect(fetched).toMatchObject({ outcome: 'file', bytes: Buffer.from('абв') });
    for (const url of [
      'http://169.254.169.254/latest',
      'https://userapi.com.evil.example/a',
      'https://eviluserapi.com/a',
    ])
      expect(await stage.connector.download?.(url, limits, signal())).toEqual({
        outcome: 'refused',
        reason: 'foreign-host',
      });
  });
});
