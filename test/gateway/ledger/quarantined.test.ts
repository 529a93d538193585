import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type QuarantineList, quarantineList, quarantineView } from '../../../gateway/ledger/api.ts';
import { quarantine as keepInbound } from '../../../gateway/store/quarantine.ts';
import { verify } from '../../../gateway/store/verify.ts';
import { messageFrom } from '../../fixtures/scripted-network.ts';
import { CHANNEL, type LedgerHub, type LedgerPerson, startLedgerHub } from './ledger-hub.ts';

let ledger: LedgerHub;
let eve: LedgerPerson;

beforeEach(async () => {
  ledger = await startLedgerHub();
  eve = await ledger.person('eve', 'admin');
});
afterEach(async () => {
  const { broken } = await verify(ledger.db, { full: true });
  await ledger.close();
  expect(broken).toEqual([]);
});

const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 20 });

async function list(query = ''): Promise<QuarantineList> {
  return quarantineList.parse((await eve.get(`/quarantine${query}`)).json());
}

/** The only entry that waits. */
async function entry(): Promise<string> {
  const [only, ...more] = (await list()).rows;
  if (!only || more.length > 0) throw new Error('not one entry waits');
  return only.id;
}

async function acts(): Promise<string[]> {
  const { rows } = await ledger.db.query(`select act from audit where act like 'quarantine.%' order by id`);
  return rows.map(({ act }) => act);
}

describe('the quarantine', () => {
  test('takes in what today’s connector understands, once, and the client is answered', async () => {
    await ledger.quarantines('{"new":"kind"}');
    const heard = messageFrom('ann', 'привет');
    ledger.network.onRetranslate = () => ({ authentic: true, inbound: [heard] });
    const id = await entry();
    expect((await eve.post(`/quarantine/${id}/replay`)).json()).toEqual({ outcome: 'replayed', stored: 1 });
    await soon(() => expect(ledger.network.textsTo('ann')).toEqual(['re: привет']));
    expect(await list()).toMatchObject({ rows: [], waiting: {} });
    expect((await eve.post(`/quarantine/${id}/replay`)).json().code).toBe('already-decided');
    expect(await acts()).toEqual(['quarantine.replayed']);
    // The hub went down before it wrote that down: asked again, it takes no effect again.
    await ledger.db.query('update quarantine set decision = null, decided_at = null, decided_by = null');
    expect((await eve.post(`/quarantine/${id}/replay`)).json()).toEqual({ outcome: 'replayed', stored: 1 });
    const { rows } = await ledger.db.query(`select from event where type = 'message.received'`);
    expect(rows).toHaveLength(1);
  });

  test('keeps what is still not understood, with today’s reason, and what was understood of it', async () => {
    await ledger.quarantines('[1,2]');
    ledger.network.onRetranslate = (raw) => ({
      authentic: true,
      inbound: [messageFrom('ann', 'половина')],
      quarantine: [{ reason: 'unknown-kind', raw }],
    });
    expect((await eve.post(`/quarantine/${await entry()}/replay`)).json()).toEqual({
      outcome: 'kept',
      reason: 'unknown-kind',
    });
    await soon(() => expect(ledger.network.textsTo('ann')).toEqual(['re: половина']));
    expect((await list()).rows).toMatchObject([{ reason: 'unknown-kind' }]);
    expect(await acts()).toEqual(['quarantine.kept']);
  });

  test('takes in what the store could not take, once it can', async () => {
    const poison = { ...messageFrom('ann', 'привет'), dedupeKey: 'null\0byte' };
    await ledger.hub.receive(CHANNEL, {}, { authentic: true, inbound: [poison] });
    const id = await entry();
    expect((await eve.post(`/quarantine/${id}/replay`)).json().outcome).toBe('kept');
    const again = await entry();
    expect(again).not.toBe(id);
    await ledger.db.query(
      `update quarantine set raw = convert_to(replace(convert_from(raw, 'UTF8'), '\\u0000', ''), 'UTF8')`,
    );
    expect((await eve.post(`/quarantine/${again}/replay`)).json()).toEqual({
      outcome: 'replayed',
      stored: 1,
    });
    await soon(() => expect(ledger.network.textsTo('ann')).toEqual(['re: привет']));
  });

  test('takes in a reaction of a person without a thread, once its message is known', async () => {
    const sender = { externalUser: 'ann' };
    const reaction = { type: 'reaction', dedupeKey: 'r1', sender, externalId: 'm1', emoji: ['👍'] } as const;
    await keepInbound(ledger.db, CHANNEL, 'unknown-message', JSON.stringify(reaction), new Date(), 'inbound');
    const id = await entry();
    expect((await eve.post(`/quarantine/${id}/replay`)).json()).toEqual({
      outcome: 'kept',
      reason: 'unknown-message',
    });
    const message = { ...messageFrom('ann', 'привет'), externalId: 'm1' };
    await ledger.hub.receive(CHANNEL, {}, { authentic: true, inbound: [message] });
    expect((await eve.post(`/quarantine/${id}/replay`)).json()).toEqual({ outcome: 'replayed', stored: 1 });
    const { rows } = await ledger.db.query(`select body from event where type = 'reaction.changed'`);
    expect(rows).toEqual([{ body: { emoji: ['👍'] } }]);
  });

  test('cannot replay what was cut, and can discard it', async () => {
    await ledger.quarantines('x'.repeat(70_000));
    const id = await entry();
    expect((await eve.post(`/quarantine/${id}/replay`)).json().code).toBe('incomplete');
    expect((await eve.post(`/quarantine/${id}/discard`)).statusCode).toBe(204);
    expect((await list()).rows).toEqual([]);
    expect((await list('?decided=true')).rows).toMatchObject([
      { id, decision: { decision: 'discarded', by: 'eve' } },
    ]);
    expect(await acts()).toEqual(['quarantine.discarded']);
  });

  test('shows what was kept to those who answer for it, cut and without secrets, and records that', async () => {
    await ledger.quarantines(`{"card":"4111 1111 1111 1111","text":"${'ы'.repeat(5_000)}"}`);
    const id = await entry();
    const view = quarantineView.parse((await eve.get(`/quarantine/${id}`)).json());
    expect(view.raw).toContain('•••• 1111');
    expect(view.raw).not.toContain('4111 1111');
    expect(view.raw).toHaveLength(4_000);
    expect(view.rawLength).toBeGreaterThan(5_000);
    expect(await acts()).toEqual(['quarantine.shown']);
    const boss = await ledger.person('boss', 'supervisor');
    expect((await boss.get(`/quarantine/${id}`)).statusCode).toBe(403);
    expect((await boss.get('/quarantine')).statusCode).toBe(200);
    const vera = await ledger.person('vera', 'compliance');
    expect((await vera.post(`/quarantine/${id}/discard`)).statusCode).toBe(403);
  });

  test('comes a page at a time, none twice and none left out', async () => {
    for (let number = 0; number < 5; number++) await ledger.quarantines(`${number}`);
    const all = (await list()).rows.map(({ id }) => id);
    const paged: string[] = [];
    let next: string | undefined;
    do {
      const page = await list(`?limit=2${next ? `&before=${next}` : ''}`);
      paged.push(...page.rows.map(({ id }) => id));
      next = page.next;
    } while (next);
    expect([paged, all.length]).toEqual([all, 5]);
    expect((await list()).waiting).toEqual({ scripted: 5 });
  });
});
