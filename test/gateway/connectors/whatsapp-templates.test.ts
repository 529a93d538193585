import { describe, expect, it } from 'vitest';
import { ANN, KEY, whatsAppStage } from './whatsapp-stage.ts';

const stage = whatsAppStage();

describe('approved templates', () => {
  it('are said after the 24 hours, and Meta is asked for none that the settings do not have', async () => {
    stage.fake.closeWindow(ANN);
    stage.fake.templates.set('application_ready en_US', { body: 2 });
    const say = (name: string, parameters: readonly string[]) =>
      stage.send({ kind: 'text', text: 'Hello', template: { name, language: 'en', parameters } });
    expect(await say('application_ready', ['Ann', 'a card,\n\tgold'])).toMatchObject({ outcome: 'accepted' });
    expect(stage.fake.taken.at(-1)).toMatchObject({
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
    const before = stage.fake.taken.length;
    expect(await say('application_lost', ['Ann', 'a card'])).toMatchObject({ reason: 'template-unknown' });
    expect(await say('application_ready', ['Ann'])).toMatchObject({ reason: 'template-parameters' });
    expect(stage.fake.taken).toHaveLength(before);
  });

  it('have their header, their text and their buttons filled in, each as Meta wants it', async () => {
    stage.fake.templates.set('with_header en_US', {
      header: 'text',
      body: 2,
      buttons: ['fixed-url', 'url', 'quick_reply'],
    });
    stage.fake.templates.set('with_document en_US', { header: 'document', body: 0 });
    stage.fake.templates.set('with_image en_US', { header: 'image', body: 1 });
    const say = async (name: string, ...parameters: string[]) => {
      const outcome = await stage.send({
        kind: 'text',
        text: 'Hello',
        template: { name, language: 'en', parameters },
      });
      const components = outcome.outcome === 'accepted' && stage.fake.taken.at(-1)?.template?.components;
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
    const before = stage.fake.taken.length;
    const wrong: readonly Parameters<typeof say>[] = [
      ['with_header', 'May', 'Ann', 'Smith', 'a 1'],
      ['with_header', 'May', 'Ann', 'Smith'],
      ['with_document', 'http://bank.example/may.pdf'],
      ['with_image', 'card.png', 'Ann'],
    ];
    for (const one of wrong)
      expect(await say(...one)).toEqual({ outcome: 'rejected', reason: 'template-parameters' });
    expect(stage.fake.taken).toHaveLength(before);
  });

  it.each([
    ['a header that the settings do not know', { header: 'text', body: 0 }],
    ['another file', { header: 'image', body: 0 }],
    ['no file', { body: 0 }],
    ['more in the text', { header: 'document', body: 1 }],
    ['a button that wants an end', { header: 'document', body: 0, buttons: ['url'] }],
  ] as const)(
    'are refused with a reason that says what to compare where Meta has approved one with %s',
    async (_what, approved) => {
      stage.fake.templates.set('with_document en_US', approved);
      const template = {
        name: 'with_document',
        language: 'en',
        parameters: ['https://bank.example/may.pdf'],
      };
      expect(await stage.send({ kind: 'text', text: 'Hello', template })).toEqual({
        outcome: 'rejected',
        reason: 'template-parameters',
      });
    },
  );
});
