import { describe, expect, it } from 'vitest';
import { webchat } from '../../../../gateway/connectors/webchat/index.ts';
import { serveSocket } from '../../../../gateway/connectors/webchat/socket.ts';
import { createUploads } from '../../../../gateway/connectors/webchat/uploads.ts';
import { createVisitors } from '../../../../gateway/connectors/webchat/visitors.ts';
import { connector, host, open, reopen, serverSide, startStage, text, visitor } from './stage.ts';

startStage();

describe('saying', () => {
  it('tells that a message is stored, with its place, after it is', async () => {
    const client = await open();
    await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    expect(await client.nth('stored', 1)).toEqual({ type: 'stored', id: 'm1', seq: 2 });
    expect(host.inbound).toMatchObject([
      {
        type: 'message',
        dedupeKey: `${visitor()}:m1`,
        clientId: 'm1',
        content: text('привет'),
        sender: { externalThread: visitor() },
      },
    ]);
  });

  it('tells the same place again for the same id, from any tab', async () => {
    const client = await open();
    const { token } = await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    const first = await client.nth('stored', 1);
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    expect(await client.nth('stored', 2)).toEqual(first);
    const tab = await open();
    await tab.hello({ token });
    tab.send({ type: 'message', id: 'm1', text: 'привет' });
    expect(await tab.nth('stored', 1)).toEqual(first);
  });

  it('keeps the ids of two visitors apart', async () => {
    for (const client of [await open(), await open()]) {
      await client.hello();
      client.send({ type: 'message', id: 'm1', text: 'привет' });
      await client.nth('stored', 1);
    }
    expect(new Set(host.inbound.map((one) => (one.type === 'message' ? one.dedupeKey : ''))).size).toBe(2);
  });

  it('shows what one tab says in the other', async () => {
    const [one, two] = [await open(), await open()];
    const { token } = await one.hello();
    await two.hello({ token });
    one.send({ type: 'message', id: 'm1', text: 'привет' });
    expect(await two.nth('message', 1)).toMatchObject({ id: 'm1', from: 'client', text: 'привет' });
  });

  it('keeps the order in which a visitor spoke, however slow the store is', async () => {
    const client = await open();
    await client.hello();
    for (let n = 0; n < 40; n++) client.send({ type: 'message', id: `m${n}`, text: `${n}` });
    await client.nth('stored', 40);
    expect(host.inbound.map((one) => (one.type === 'message' ? one.clientId : ''))).toEqual(
      Array.from({ length: 40 }, (_, n) => `m${n}`),
    );
  });

  it('puts the label on a pressed button, where it was offered here or before', async () => {
    const client = await open();
    const { token } = await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    await client.nth('stored', 1);
    const choices = [{ id: 'yes', text: 'Да' }];
    host.show(visitor(), {
      id: 'b1',
      from: 'bot',
      content: [...text('Верно?'), { kind: 'choices', choices }],
    });
    expect(await client.nth('message', 2)).toMatchObject({ text: 'Верно?', choices });
    client.send({ type: 'choice', id: 'c1', choice: 'yes' });
    await client.nth('stored', 2);
    const later = await open();
    const { seq } = await later.hello({ token, after: 6 });
    later.send({ type: 'choice', id: 'c2', choice: 'yes' });
    later.send({ type: 'choice', id: 'c3', choice: 'never-offered' });
    await later.nth('stored', 2);
    expect(seq).toBe(6);
    expect(host.inbound.slice(1)).toMatchObject([
      { content: [{ kind: 'choice', id: 'yes', text: 'Да' }] },
      { content: [{ kind: 'choice', id: 'yes', text: 'Да' }] },
      { content: [{ kind: 'choice', id: 'never-offered' }] },
    ]);
    expect(await later.nth('message', 1)).toMatchObject({ from: 'client', text: 'Да' });
  });

  it('hands buttons over with what they do, and takes a place as one; a place beyond the earth is none', async () => {
    const client = await open();
    await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'где отделение?' });
    await client.nth('stored', 1);
    const choices = [
      { kind: 'link' as const, id: 'l', text: 'Карта', url: 'https://bank.example/map' },
      { kind: 'location' as const, id: 's', text: 'Я здесь' },
    ];
    host.show(visitor(), {
      id: 'b1',
      from: 'bot',
      content: [...text('Где вы?'), { kind: 'choices', choices }],
    });
    expect(await client.nth('message', 2)).toMatchObject({ choices });
    client.send({ type: 'location', id: 'p0', latitude: 155, longitude: 37.6 });
    expect(await client.nth('error', 1)).toMatchObject({ code: 'bad-frame', id: 'p0' });
    client.send({ type: 'location', id: 'p1', latitude: 55.75, longitude: 37.6 });
    await client.nth('stored', 2);
    expect(host.inbound.at(-1)).toMatchObject({
      dedupeKey: `${visitor()}:p1`,
      content: [{ kind: 'location', latitude: 55.75, longitude: 37.6 }],
    });
    const link = 'https://www.openstreetmap.org/?mlat=55.75&mlon=37.6#map=17/55.75/37.6';
    expect(await client.nth('message', 3)).toMatchObject({ from: 'client', text: link });
    // Its id is no answer: nobody pressed what only opens something.
    client.send({ type: 'choice', id: 'c1', choice: 'l' });
    await client.nth('stored', 3);
    expect(host.inbound.at(-1)).toMatchObject({ content: [{ kind: 'choice', id: 'l' }] });
    expect(host.inbound.at(-1)).not.toMatchObject({ content: [{ text: 'Карта' }] });
  });

  it('passes typing on, both ways', async () => {
    const client = await open();
    await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    await client.nth('stored', 1);
    client.send({ type: 'typing' });
    await host.until(() => host.signals.length === 1);
    expect(host.signals).toEqual([visitor()]);
    host.showTyping(visitor(), 'operator');
    expect(await client.nth('typing', 1)).toEqual({ type: 'typing', from: 'operator' });
  });

  it('takes "seen" for the receipt of each message of ours up to there, once', async () => {
    const client = await open();
    await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    await client.nth('stored', 1);
    for (const id of ['b1', 'b2', 'b3']) host.show(visitor(), { id, from: 'bot', content: text(id) });
    await client.nth('message', 4);
    for (const seq of [0, 6, 6, 99]) client.send({ type: 'seen', seq });
    await host.until(() => host.inbound.length === 4);
    expect(host.inbound.slice(1)).toEqual(
      ['b1', 'b2', 'b3'].map((externalId) => ({ type: 'receipt', externalId, receipt: 'delivered' })),
    );
  });

  it('takes "read" for more than "seen", and tells the client what an operator has certainly read', async () => {
    const client = await open();
    await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    const { seq } = await client.nth('stored', 1);
    host.show(visitor(), { id: 'b1', from: 'bot', content: text('бот') });
    await client.nth('message', 2);
    client.send({ type: 'seen', seq: 99 });
    client.send({ type: 'read', seq: 99 });
    client.send({ type: 'read', seq: 99 });
    await host.until(() => host.inbound.length === 3);
    expect(host.inbound.slice(1)).toEqual(
      ['delivered', 'read'].map((receipt) => ({ type: 'receipt', externalId: 'b1', receipt })),
    );
    // A bot's answer says nothing of people; an operator who types has read, and is said to once.
    expect(client.frames.some(({ type }) => type === 'receipt')).toBe(false);
    host.showTyping(visitor(), 'operator');
    expect(await client.nth('receipt', 1)).toEqual({ type: 'receipt', seq, state: 'read' });
    host.show(visitor(), { id: 'o1', from: 'operator', content: text('здравствуйте') });
    client.send({ type: 'message', id: 'm2', text: 'ещё' });
    const second = await client.nth('stored', 2);
    await client.nth('message', 4);
    host.show(visitor(), { id: 'o2', from: 'operator', content: text('вижу') });
    expect(await client.nth('receipt', 2)).toEqual({ type: 'receipt', seq: second.seq, state: 'read' });
    expect(client.frames.filter(({ type }) => type === 'receipt')).toHaveLength(2);
  });

  it('hides secrets and shows what cannot be stored as such', async () => {
    const client = await open();
    await client.hello();
    client.sendRaw('{"type":"message","id":"m1","text":"a\\u0000b\\ud800c 4111111111111111"}');
    await client.nth('stored', 1);
    expect(host.inbound).toMatchObject([{ content: text('a\ufffdb\ufffdc •••• 1111') }]);
  });
});

describe('a page that does not read', () => {
  it('is hung up on, even where it speaks', async () => {
    await reopen({}, (socket) =>
      serveSocket(socket, {
        host,
        visitors: createVisitors(),
        uploads: createUploads(),
        admits: () => true,
        pace: { helloMs: 60_000, heartbeatMs: 100 },
      }),
    );
    const client = await open();
    await client.hello();
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    await client.nth('stored', 1);
    client.socket.pause();
    for (let n = 0; n < 200; n++)
      host.show(visitor(), { id: `b${n}`, from: 'bot', content: text('x'.repeat(100_000)) });
    const speaking = setInterval(() => client.send({ type: 'typing' }), 10);
    const [socket] = serverSide;
    await new Promise((resolve) => socket?.once('close', resolve));
    clearInterval(speaking);
    expect(socket?.readyState).toBe(3);
  });
});

describe('a store that is away', () => {
  it('puts the page off, so that it comes back and says it again', async () => {
    const client = await open();
    const { token } = await client.hello();
    host.failure = new Error('away');
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    client.send({ type: 'message', id: 'm2', text: 'ау' });
    expect(await client.closed).toBe(1013);
    host.failure = undefined;
    const again = await open();
    await again.hello({ token });
    again.send({ type: 'message', id: 'm1', text: 'привет' });
    await again.nth('stored', 1);
    expect(host.inbound).toHaveLength(1);
  });

  it('says so of a message that it cannot keep', async () => {
    const client = await open();
    await client.hello();
    host.outcome = { outcome: 'quarantined' };
    client.send({ type: 'message', id: 'm1', text: 'привет' });
    expect(await client.nth('error', 1)).toEqual({ type: 'error', code: 'not-storable', id: 'm1' });
  });
});

describe('sending', () => {
  it('has nothing to do: what is committed is accepted', async () => {
    expect(webchat.capabilities.acceptance).toBe('commit');
    const part = { kind: 'text', key: 'a:0' as never, externalThread: 'x', text: 'y' } as const;
    expect(await connector.send(part, AbortSignal.timeout(1_000))).toEqual({ outcome: 'accepted' });
  });
});
