import { describe, expect, it } from 'vitest';
import type { FittedPart, OutgoingMedia } from '../../../gateway/connectors/outgoing.ts';
import type { MediaId } from '../../../gateway/model/ids.ts';
import { refusal } from '../../fakes/whatsapp.ts';
import { ANN, KEY, signal, whatsAppStage } from './whatsapp-stage.ts';

const stage = whatsAppStage();

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
      expect(await stage.send(part)).toMatchObject({ outcome: 'accepted' });
      kinds.push(stage.fake.taken.at(-1)?.interactive?.type);
    }
    expect(kinds).toEqual(['button', 'list', 'button', 'list', 'list']);
    expect(
      await stage.send({ kind: 'text', text: 'Да?', choices: choices(2, 'Ответ, что длиннее 20') }),
    ).toMatchObject({ outcome: 'accepted' });
    expect(stage.fake.taken.at(-1)?.interactive?.type).toBe('list');
  });

  it('uploads a file first and sends its id; what a caption cannot say with audio goes as a document', async () => {
    const id = 'm1' as MediaId;
    stage.host.media.set(id, Buffer.from('bytes'));
    const media = (kind: OutgoingMedia['kind'], type: string, more: object = {}): FittedPart => ({
      kind: 'media',
      media: [{ kind, media: { id, type, size: 5 }, ...more }],
    });
    expect(await stage.send(media('image', 'image/png', { caption: 'чек' }))).toMatchObject({
      outcome: 'accepted',
    });
    expect(stage.fake.files.get('uploaded-0')).toEqual({ bytes: Buffer.from('bytes'), type: 'image/png' });
    expect(stage.fake.taken.at(-1)).toMatchObject({
      type: 'image',
      image: { id: 'uploaded-0', caption: 'чек' },
    });
    await stage.send(media('audio', 'audio/ogg'));
    expect(stage.fake.taken.at(-1)).toMatchObject({ type: 'audio', audio: { id: 'uploaded-1' } });
    await stage.send(media('audio', 'audio/ogg', { caption: 'слушайте' }));
    expect(stage.fake.taken.at(-1)).toMatchObject({ type: 'document', document: { caption: 'слушайте' } });
    await stage.send({
      ...media('image', 'image/png', { caption: 'чек' }),
      choices: [{ id: 'a', text: 'Да' }],
    } as FittedPart);
    expect(stage.fake.taken.at(-1)).toMatchObject({
      interactive: { type: 'button', header: { type: 'image', image: { id: 'uploaded-3' } } },
    });
    await stage.send({ ...media('audio', 'audio/ogg'), choices: [{ id: 'a', text: 'Да' }] } as FittedPart);
    expect(stage.fake.taken.at(-1)).toMatchObject({ type: 'document', document: { caption: '• Да' } });
    expect(stage.fake.taken).toHaveLength(5);
  });

  it('sends places, persons, reactions and answers to a certain message, and its key along', async () => {
    await stage.send({ kind: 'location', latitude: 1, longitude: 2 }, 'wamid.IN==');
    expect(stage.fake.taken.at(-1)).toMatchObject({
      location: { latitude: 1, longitude: 2 },
      context: { message_id: 'wamid.IN==' },
      biz_opaque_callback_data: KEY,
    });
    await stage.send({ kind: 'contact', name: 'Иван', phone: '+79160000002' });
    expect(stage.fake.taken.at(-1)).toMatchObject({ contacts: [{ phones: [{ phone: '+79160000002' }] }] });
    const target = { externalThread: ANN, externalId: 'wamid.IN==' };
    await stage.connector.react?.(target, ['👍'], signal(), KEY);
    await stage.connector.react?.(target, [], signal(), KEY);
    expect(stage.fake.taken.slice(-2)).toMatchObject([
      { reaction: { message_id: 'wamid.IN==', emoji: '👍' } },
      { reaction: { message_id: 'wamid.IN==', emoji: '' } },
    ]);
  });

  it('marks what was committed as read, and shows typing as an answer to it', async () => {
    await stage.connector.typing?.(ANN);
    expect(stage.fake.read).toEqual([]);
    await stage.connector.acknowledge?.(`${ANN} wamid.IN1==`);
    await stage.connector.acknowledge?.(`${ANN} wamid.IN2==`);
    await stage.connector.typing?.(ANN);
    expect(stage.fake.read).toEqual([
      { id: 'wamid.IN1==', isTyping: false },
      { id: 'wamid.IN2==', isTyping: false },
      { id: 'wamid.IN2==', isTyping: true },
    ]);
  });

  it('is refused for good after the 24 hours', async () => {
    stage.fake.closeWindow(ANN);
    expect(await stage.send({ kind: 'text', text: 'ещё' })).toEqual({
      outcome: 'rejected',
      reason: 'reply-window',
    });
  });

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
    stage.fake.fault(ANN, { kind: 'refuse', status, body: refusal(status, code, 'x').text });
    expect(await stage.send({ kind: 'text', text: 'привет' })).toEqual(outcome);
  });

  it('takes no word about a message from what stands before Meta', async () => {
    stage.fake.fault(ANN, { kind: 'refuse', status: 400, body: '<html>' });
    expect(await stage.send({ kind: 'text', text: 'привет' })).toEqual({
      outcome: 'retry',
      reason: 'http-400',
    });
    expect(stage.fake.taken).toEqual([]);
  });
});
