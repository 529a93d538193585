import { afterEach, expect, it } from 'vitest';
import type { Connector } from '../../../../gateway/connectors/connector.ts';
import type { OutgoingPart, SendOutcome } from '../../../../gateway/connectors/outgoing.ts';
import { smpp } from '../../../../gateway/connectors/smpp/index.ts';
import type { TextPart } from '../../../../gateway/connectors/smpp/outbound.ts';
import { type FakeSmsc, type SmscOptions, startFakeSmsc } from '../../../fakes/smsc.ts';
import { deliverOf, piecesOf } from '../../../fakes/smsc-messages.ts';
import { type MemoryHost, memoryHost } from '../host.ts';

const PHONE = '79161234567';

interface Running {
  readonly smsc: FakeSmsc;
  readonly host: MemoryHost;
  readonly connector: Connector;
  /** Resolves once the newest `listen` is over. */
  readonly over: () => Promise<void>;
  readonly listener: AbortController;
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function run(settings: Record<string, unknown> = {}, options: SmscOptions = {}): Promise<Running> {
  const smsc = await startFakeSmsc(options);
  const host = memoryHost('smpp');
  const connector = connect(smsc, host, settings);
  const listener = new AbortController();
  let listening: Promise<void> = Promise.resolve();
  const keep = async () => {
    while (!listener.signal.aborted) {
      listening = connector.listen?.(listener.signal) ?? Promise.resolve();
      await listening.catch(() => new Promise((resolve) => setTimeout(resolve, 20)));
    }
  };
  const kept = keep();
  stops.push(async () => {
    listener.abort();
    await kept;
    await smsc.stop();
  });
  await smsc.until(() => smsc.binds.length > 0 || smsc.refuseBinds !== undefined);
  return { smsc, host, connector, listener, over: () => listening.catch(() => undefined) };
}

function connect(smsc: FakeSmsc, host: MemoryHost, settings: Record<string, unknown> = {}): Connector {
  return smpp.connect(smpp.settings.parse({ url: smsc.url, sender: '7000', ...settings }), host);
}

let parts = 0;
function part(text: string, other: Partial<TextPart> = {}): TextPart {
  parts += 1;
  const key = `00000000-0000-7000-8000-${String(parts).padStart(12, '0')}:0` as OutgoingPart['key'];
  return { kind: 'text', key, externalThread: `+${PHONE}`, text, ...other };
}

function send({ connector }: Running, one: OutgoingPart, limitMs = 5_000): Promise<SendOutcome> {
  return connector.send(one, AbortSignal.timeout(limitMs));
}

it('binds, sends a text in its alphabet with a receipt asked for, and tells its id', async () => {
  const running = await run();
  expect(await send(running, part('balance: 100 €'))).toEqual({ outcome: 'accepted', externalId: 'a001' });
  expect(await send(running, part('Остаток: 100 ₽'))).toEqual({ outcome: 'accepted', externalId: 'a002' });
  expect(running.smsc.binds).toEqual(['bind_transceiver']);
  expect(running.smsc.accepted).toMatchObject([
    {
      source_addr: '7000',
      destination_addr: PHONE,
      dest_addr_ton: 1,
      data_coding: 0,
      registered_delivery: 1,
    },
    { destination_addr: PHONE, data_coding: 8 },
  ]);
  expect(running.smsc.saidTo(PHONE)).toEqual(['balance: 100 €', 'Остаток: 100 ₽']);
});

it('joins segments by one header, the same over all attempts', async () => {
  const running = await run();
  const key = part('').key;
  const segment = (number: number) => ({ message: 0, number, of: 2, alphabet: 'ucs2' }) as const;
  await send(running, part('Остаток на вашем ', { key, segment: segment(1) }));
  await send(running, part('Остаток на вашем ', { key, segment: segment(1) }));
  await send(running, part('account', { key, segment: segment(2) }));
  expect(running.smsc.saidTo(PHONE)).toEqual(['Остаток на вашем account']);
  expect(running.smsc.accepted.map((pdu) => pdu.data_coding)).toEqual([8, 8, 8]);
});

it('uses a transmitter and a receiver where it is told to', async () => {
  const running = await run({ bind: 'transmitter+receiver' });
  await send(running, part('hi'));
  await running.smsc.deliver(deliverOf('hello', { from: PHONE }));
  expect(running.smsc.binds).toEqual(['bind_receiver', 'bind_transmitter']);
  expect(running.host.inbound).toMatchObject([{ type: 'message', content: [{ text: 'hello' }] }]);
});

it('binds as transmitter by itself on a node that does not listen', async () => {
  const running = await run();
  const other = connect(running.smsc, memoryHost('smpp'));
  expect(await other.send(part('from elsewhere'), AbortSignal.timeout(10_000))).toMatchObject({
    outcome: 'accepted',
  });
  expect(running.smsc.binds).toEqual(['bind_transceiver', 'bind_transmitter']);
});

it.each([
  [0x58, { outcome: 'retry', reason: 'throttled', scope: 'channel' }],
  [0x14, { outcome: 'retry', reason: 'queue-full', scope: 'channel' }],
  [0x08, { outcome: 'retry', reason: 'smpp-0x8' }],
  [0x0b, { outcome: 'rejected', reason: 'bad-number' }],
  [0x45, { outcome: 'retry', reason: 'smpp-0x45' }],
  [0x33, { outcome: 'rejected', reason: 'smpp-0x33' }],
] as const)('reads the answer 0x%s', async (status, outcome) => {
  const running = await run();
  running.smsc.fault(PHONE, { kind: 'status', status });
  expect(await send(running, part('hi'))).toEqual(outcome);
});

it.each(['no-answer', 'cut-before', 'cut-after', 'truncated', 'garbage'] as const)(
  'does not know what came of a request that met "%s", and goes on',
  async (kind) => {
    const running = await run({ enquireLinkSeconds: 1 });
    running.smsc.fault(PHONE, { kind });
    expect(await send(running, part('hi'), 2_000)).toEqual({ outcome: 'unknown', reason: 'no-answer' });
    await running.smsc.until(() => running.smsc.binds.length > (kind === 'no-answer' ? 0 : 1));
    expect(await send(running, part('again'))).toMatchObject({ outcome: 'accepted' });
  },
);

it('ends a session after octets that are no PDU, however they lie about their length, and binds again', async () => {
  const running = await run({ enquireLinkSeconds: 1 });
  const { smsc } = running;
  for (const octets of [
    Uint8Array.of(0x7f, 0xff, 0xff, 0xff),
    Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0),
    Uint8Array.of(0, 0, 0, 5, 1),
    Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 5),
  ]) {
    const before = smsc.binds.length;
    smsc.writeToAll(octets);
    await smsc.until(() => smsc.binds.length > before);
  }
  expect(await send(running, part('hi'))).toMatchObject({ outcome: 'accepted' });
  expect(await running.connector.health?.(AbortSignal.timeout(1_000))).toEqual({ findings: [] });
}, 60_000);

it('ends a session that does not answer enquire_link, and answers the SMSC’s own', async () => {
  const { smsc, connector } = await run({ enquireLinkSeconds: 1 });
  await smsc.until(() => smsc.commands.includes('enquire_link'));
  smsc.isFrozen = true;
  await smsc.until(() => smsc.sessions === 0);
  smsc.isFrozen = false;
  await smsc.until(() => smsc.sessions === 1);
  await smsc.deliver(deliverOf('hello', { from: PHONE }));
  expect(await connector.health?.(AbortSignal.timeout(1_000))).toEqual({ findings: [] });
});

it('keeps to its window', async () => {
  const running = await run({ window: 3 });
  running.smsc.answerMs = 20;
  const outcomes = await Promise.all(Array.from({ length: 12 }, (_, n) => send(running, part(`n${n}`))));
  expect(outcomes.every(({ outcome }) => outcome === 'accepted')).toBe(true);
  expect(running.smsc.mostWaiting).toBe(3);
});

it('says what is wrong while it cannot bind, and sends nothing meanwhile', async () => {
  const smsc = await startFakeSmsc({ password: 'right' });
  const host = memoryHost('smpp');
  const connector = connect(smsc, host, { url: smsc.url.replace('right', 'wrong') });
  await expect(connector.listen?.(new AbortController().signal)).rejects.toThrow('0xe');
  expect(await connector.health?.(AbortSignal.timeout(1_000))).toMatchObject({
    findings: [{ problem: 'unauthorized' }],
  });
  expect(await connector.send(part('hi'), AbortSignal.timeout(5_000))).toEqual({
    outcome: 'retry',
    reason: 'not-bound',
    scope: 'channel',
  });
  expect(smsc.accepted).toEqual([]);
  await smsc.stop();
  await expect(connector.listen?.(new AbortController().signal)).rejects.toThrow();
  expect(await connector.health?.(AbortSignal.timeout(1_000))).toMatchObject({
    findings: [{ problem: 'not-connected' }],
  });
  expect(host.logged.join()).not.toMatch(/wrong|7916/);
});

it('answers what comes in only after it is stored, and asks for it again while the store is away', async () => {
  const { smsc, host } = await run();
  host.failure = new Error('the store is away');
  const taken = smsc.deliver(deliverOf('hello', { from: PHONE }));
  await host.until(() => host.logged.length > 1);
  host.failure = undefined;
  const statuses = await taken;
  expect(statuses.at(-1)).toBe(0);
  expect(new Set(statuses.slice(0, -1))).toEqual(new Set([0x64]));
  expect(host.inbound).toHaveLength(1);
});

it('counts a message once whose answer was lost, and the same words twice when they are said twice', async () => {
  const running = await run();
  const { smsc, host } = running;
  const one = deliverOf('1', { from: PHONE });
  await smsc.deliver(one, { loseFirstAnswer: true });
  const keys = () => host.inbound.map((inbound) => 'dedupeKey' in inbound && inbound.dedupeKey);
  expect(keys()).toEqual([keys()[0], keys()[0]]);
  // Whatever is answered after our answer shows that the SMSC has it.
  await send(running, part('answer'));
  expect(await host.receive({ authentic: true, inbound: host.inbound.slice(0, 1) })).toMatchObject([
    { outcome: 'stored' },
  ]);
});

it('hands over pieces as they come, and a STOP as what it is', async () => {
  const { smsc, host } = await run();
  for (const piece of piecesOf('я'.repeat(100), 7, { from: PHONE })) await smsc.deliver(piece);
  await smsc.deliver(deliverOf('СТОП', { from: PHONE }));
  expect(host.inbound).toMatchObject([
    { type: 'piece', group: '7000/7/2', number: 1 },
    { type: 'piece', group: '7000/7/2', number: 2 },
    { type: 'message', optOut: 'out' },
  ]);
});

it('refuses requests that are none of an SMSC’s', async () => {
  const { connector } = await run();
  expect(connector.receive({ method: 'POST', url: '/', headers: {}, body: new Uint8Array() })).toEqual({
    authentic: false,
    reason: 'no-webhook',
  });
});

it('unbinds as it stops listening', async () => {
  const { smsc, listener, over } = await run();
  listener.abort();
  await over();
  expect(smsc.commands.at(-1)).toBe('unbind');
});
