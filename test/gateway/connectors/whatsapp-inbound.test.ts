import { describe, expect, it } from 'vitest';
import { messageValue, notification, statusValue, textOf } from '../../fakes/whatsapp-notifications.ts';
import { ANN, KEY, whatsAppStage } from './whatsapp-stage.ts';

const stage = whatsAppStage();

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
    const { inbound, quarantine } = stage.translated(content);
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
    const answer = stage.translated({
      ...textOf('да'),
      context: { from: '15550783881', id: 'wamid.OUT1==' },
    });
    expect(answer.inbound).toMatchObject([{ replyTo: 'wamid.OUT1==' }]);
    const reacted = (more: object) =>
      stage.translated({ type: 'reaction', reaction: { message_id: 'wamid.OUT1==', ...more } }).inbound;
    expect(reacted({ emoji: '👍' })).toMatchObject([
      { type: 'reaction', externalId: 'wamid.OUT1==', emoji: ['👍'] },
    ]);
    expect(reacted({})).toMatchObject([{ type: 'reaction', emoji: [] }]);
  });

  it('takes the good messages of a request and keeps the bad one so that it can be read again', () => {
    const good = messageValue(ANN, textOf('первое'));
    const bad = messageValue(ANN, { type: 'text', text: null });
    const both = [good, bad].flatMap(({ messages }) => messages);
    const { inbound, quarantine } = stage.receive(notification({ ...good, messages: both }));
    expect(inbound).toMatchObject([{ content: [{ kind: 'text', text: 'первое' }] }]);
    expect(quarantine).toMatchObject([{ reason: 'not-a-message' }]);
    const again = stage.connector.retranslate?.(
      (quarantine?.[0]?.raw ?? '').replace('null', '{"body":"второе"}'),
    );
    expect(again).toMatchObject({ inbound: [{ content: [{ kind: 'text', text: 'второе' }] }] });
  });

  it('reads receipts with the key that went out, and why a message failed', () => {
    const told = (status: string, more: object = {}) =>
      stage.receive(notification(statusValue('wamid.OUT1==', status, { ...more }))).inbound;
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
