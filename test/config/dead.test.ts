import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { main } from '../../config/cli.ts';
import type { DeliveryState } from '../../gateway/model/delivery.ts';
import { messageFrom } from '../fixtures/scripted-network.ts';
import { CHANNEL, type LedgerHub, startLedgerHub } from '../gateway/ledger/ledger-hub.ts';

/** `okno dead retry` sends nothing that the contact policy refuses by now. */

let ledger: LedgerHub;
beforeAll(async () => {
  ledger = await startLedgerHub({ optOut: true });
  vi.stubEnv('DATABASE_URL', ledger.url);
});
afterEach(() => {
  ledger.network.onSend = () => undefined;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await ledger.close();
});

async function okno(...argv: string[]): Promise<{ code: number; out: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end();
  const out = text(stdout);
  const code = await main(argv, { stdin, stdout, stderr });
  stdout.end();
  return { code, out: await out };
}

const soon = <Result>(look: () => Promise<Result>) => vi.waitFor(look, { timeout: 20_000, interval: 20 });

interface Fate {
  readonly id: string;
  readonly state: DeliveryState;
  readonly reason: string | null;
}

/** What became of what was said to a client, oldest first. */
async function fatesOf(client: string): Promise<readonly Fate[]> {
  const { rows } = await ledger.db.query<Fate>(
    `select d.id, d.state, d.reason from delivery d join thread t on t.id = d.thread
     where t.external_thread = $1 order by d.position`,
    [client],
  );
  return rows;
}

/** The client writes, and the bot's answer ends in this state. */
async function answered(client: string, said: string, state: DeliveryState): Promise<Fate> {
  const before = (await fatesOf(client)).length;
  await ledger.hears(client, said);
  return soon(async () => {
    const fate = (await fatesOf(client))[before];
    expect(fate?.state).toBe(state);
    return fate as Fate;
  });
}

/** The bot's answer ends without anybody knowing whether it arrived. */
async function lost(client: string, said: string): Promise<Fate> {
  ledger.network.onSend = () => ({ outcome: 'unknown', reason: 'timeout' });
  const letter = await answered(client, said, 'unknown');
  ledger.network.onSend = () => undefined;
  return letter;
}

/** Sent again on the command line; the fate of the new delivery once it has one. `notSent`: what is known at once. */
async function retried(client: string, letter: Fate, notSent?: string): Promise<Fate> {
  const { code, out } = await okno('dead', 'retry', letter.id, '--json');
  const { again, ...told } = JSON.parse(out) as { again: string };
  expect({ code, ...told }).toEqual({
    id: letter.id,
    code: notSent ? 1 : 0,
    outcome: 'retried',
    ...(notSent && { notSent }),
  });
  return soon(async () => {
    const fate = (await fatesOf(client)).find(({ id }) => id === again);
    expect(['accepted', 'cancelled']).toContain(fate?.state);
    return fate as Fate;
  });
}

test('what its channel may carry goes out again', async () => {
  const letter = await lost('anna', 'привет');
  const before = ledger.network.textsTo('anna').length;
  expect(await retried('anna', letter)).toMatchObject({ state: 'accepted' });
  expect(ledger.network.textsTo('anna').slice(before)).toEqual(['re: привет']);
});

test('what says more of a person than its channel may carry does not', async () => {
  const letter = await lost('boris', 'счёт 40817810099910004312');
  const before = ledger.network.textsTo('boris').length;
  expect(await retried('boris', letter, 'data-class')).toMatchObject({
    state: 'cancelled',
    reason: 'data-class',
  });
  // The hub goes on with the thread, so it has passed the one that was cancelled.
  await answered('boris', 'ещё', 'accepted');
  expect(ledger.network.textsTo('boris').slice(before)).toEqual(['re: ещё']);
});

test('what a client does not want any more does not', async () => {
  const letter = await lost('vera', 'привет');
  const stop = { ...messageFrom('vera', 'STOP'), optOut: 'out' as const };
  await ledger.hub.receive(CHANNEL, {}, { authentic: true, inbound: [stop] });
  // One message tells that it was understood.
  await soon(async () => expect((await fatesOf('vera'))[1]?.state).toBe('accepted'));
  const before = ledger.network.textsTo('vera').length;
  expect(await retried('vera', letter)).toMatchObject({ state: 'cancelled', reason: 'opted-out' });
  expect(ledger.network.textsTo('vera').slice(before)).toEqual([]);
});
