import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ActionCall, ActionResult } from '../../gateway/actions.ts';
import type { HandoffPlan } from '../../gateway/decide-turn.ts';
import { changeOwner } from '../../gateway/decide-turn.ts';
import { createHub, type Hub } from '../../gateway/hub.ts';
import { createLog } from '../../gateway/log.ts';
import { createMetrics } from '../../gateway/metrics.ts';
import { readableText } from '../../gateway/model/content.ts';
import type { Conversation } from '../../gateway/model/conversation.ts';
import type { EventType } from '../../gateway/model/events.ts';
import type { ChannelId, ConversationId, QueueId } from '../../gateway/model/ids.ts';
import type { Decision, Turn } from '../../gateway/model/turn.ts';
import { takeShards } from '../../gateway/shards.ts';
import { type Database, openDatabase } from '../../gateway/store/database.ts';
import { verify } from '../../gateway/store/verify.ts';
import { alone } from '../fixtures/alone.ts';
import { memoryFiles, ROOMY } from '../fixtures/memory-files.ts';
import { freshDatabase } from '../fixtures/postgres.ts';
import { messageFrom, type ScriptedNetwork, scriptedNetwork, textOf } from '../fixtures/scripted-network.ts';

const channel = 'scripted' as ChannelId;
const plan: HandoffPlan = { context: { summary: 'из теста' }, queue: 'default' as QueueId };

let db: Database;
let network: ScriptedNetwork;
let respond: (turn: Turn) => readonly Decision[] | Promise<readonly Decision[]>;
let perform: (call: ActionCall) => Promise<ActionResult>;
let hub: Hub;
let stopHub: () => Promise<void>;
let fold: boolean;

const done: Decision = { type: 'turn.completed', state: {}, trail: [] };
const says = (text: string): Decision => ({ type: 'message.sent', content: [{ kind: 'text', text }] });

/** Answers each message with `re: TEXT`, and each result with its outcome. */
function echo({ event }: Turn): readonly Decision[] {
  if (event.type === 'message.received')
    return [done, says(`re: ${readableText(event.body?.content ?? [])}`)];
  if (event.type === 'action.completed')
    return [done, says(`${event.facts.outcome} ${event.facts.code ?? ''}`.trim())];
  if (event.type === 'action.unknown') return [done, says(`unknown ${event.facts.reason}`)];
  return [done];
}

async function startHub(url: string): Promise<void> {
  const log = createLog('silent');
  const shards = await takeShards({ url, log });
  hub = createHub({
    db,
    shards,
    ...alone(),
    channels: [{ id: channel, definition: network.definition, settings: {} }],
    responders: { bot: { respond: (turn) => respond(turn) }, desk: { respond: () => [] } },
    planHandoff: () => plan,
    perform: (call) => perform(call),
    publicUrl: 'http://127.0.0.1',
    media: { files: memoryFiles(), maxBytes: 1_000_000, bounds: ROOMY },
    log,
    metrics: createMetrics(),
    now: () => new Date(),
    silenceMs: 3_600_000,
    fold,
  });
  await hub.start();
  stopHub = async () => {
    await hub.stop();
    await shards.release();
  };
}

let url: string;

const hear = (user: string, ...texts: string[]) =>
  hub.receive(channel, {}, { authentic: true, inbound: texts.map((text) => messageFrom(user, text)) });

async function deliveries(): Promise<
  { state: string; reason: string | null; attempts: number; possibly_twice: boolean }[]
> {
  return (await db.query('select state, reason, attempts, possibly_twice from delivery order by position'))
    .rows;
}

async function countEvents(type: EventType): Promise<number> {
  return (await db.query('select count(*) as count from event where type = $1', [type])).rows[0].count;
}

const settled = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 20 });

async function theConversation(): Promise<Pick<Conversation, 'id' | 'epoch' | 'owner'>> {
  const { rows } = await db.query<{ id: ConversationId; epoch: number }>(
    'select id, epoch from conversation',
  );
  const row = rows[0];
  if (!row) throw new Error('there is no conversation');
  return { ...row, owner: { kind: 'bot' } };
}

describe.each([
  { way: 'within the commit of its message', folds: true },
  { way: 'by itself', folds: false },
])('with turns answered $way', ({ folds }) => {
  beforeEach(async () => {
    url = await freshDatabase();
    db = openDatabase(url, () => {});
    network = scriptedNetwork();
    respond = echo;
    perform = async () => ({ outcome: 'failed', code: 'not-expected' });
    fold = folds;
    await startHub(url);
  });

  afterEach(async () => {
    await stopHub();
    const { broken } = await verify(db, { full: true });
    await db.end();
    expect(broken).toEqual([]);
  });

  describe('the way of a message', () => {
    test('answers every message once and in order', async () => {
      const texts = Array.from({ length: 30 }, (_, number) => `${number}`);
      await Promise.all(['ann', 'bob', 'eve'].map((user) => hear(user, ...texts)));
      await settled(() => expect(network.sent).toHaveLength(90));
      for (const user of ['ann', 'bob', 'eve'])
        expect(network.textsTo(user)).toEqual(texts.map((text) => `re: ${text}`));
    });

    test('sends a long answer in parts, one after another', async () => {
      respond = () => [done, says('слово '.repeat(60).trim())];
      await hear('ann', 'расскажи');
      await settled(async () => expect(await deliveries()).toMatchObject([{ state: 'accepted' }]));
      expect(network.sent.length).toBeGreaterThan(3);
      expect(network.textsTo('ann').join(' ').split(/\s+/)).toHaveLength(60);
    });

    test('lets nothing overtake a delivery that waits for its retry, and holds up nobody else', async () => {
      let refusals = 2;
      let answered = () => {};
      const other = new Promise<void>((resolve) => {
        answered = resolve;
      });
      network.onSend = async ({ externalThread }) => {
        if (externalThread !== 'ann' || refusals === 0) return undefined;
        refusals--;
        // The second comes once the other client has been answered, however slow the machine is.
        if (refusals === 0) await other;
        return { outcome: 'retry', reason: 'slow-down', afterMs: 300 };
      };
      await hear('ann', 'раз', 'два');
      await hear('bob', 'три');
      await settled(() => expect(network.textsTo('bob')).toEqual(['re: три']));
      expect(network.textsTo('ann')).not.toContain('re: два');
      answered();
      await settled(() =>
        expect(network.textsTo('ann')).toEqual(['re: раз', 're: раз', 're: раз', 're: два']),
      );
    });

    test('keeps to the pace that the network asks of a thread, and holds up nobody else', async () => {
      network.rates = { perSecond: 1000, perThreadPerSecond: 4, perThreadBurst: 2 };
      await hear('ann', ...Array.from({ length: 8 }, (_, number) => `${number}`));
      await hear('bob', 'три');
      await settled(() => expect(network.textsTo('bob')).toEqual(['re: три']));
      expect(network.textsTo('ann').length).toBeLessThan(8);
      await settled(() => expect(network.textsTo('ann')).toHaveLength(8));
      // Two at once, then six a quarter of a second apart: the last one cannot have been marked earlier.
      const { rows } = await db.query<{ early: number }>(
        `select count(*) as early from attempt a join delivery d on d.id = a.delivery
       where a.marked_at < (select min(at) from event) + interval '1500 milliseconds'
         and d.position = (select max(d.position) from delivery d join thread t on t.id = d.thread where t.external_thread = 'ann')`,
      );
      expect(rows).toEqual([{ early: 0 }]);
    });

    test('spaces nothing where the rates of a server are not known', async () => {
      network.rates = { perSecond: 1, perThreadPerSecond: 0.001, perThreadBurst: 1 };
      network.hasRates = false;
      await hear('ann', 'раз', 'два', 'три');
      await settled(() => expect(network.textsTo('ann')).toHaveLength(3));
    });

    test('goes on with the next message after a final refusal', async () => {
      network.onSend = (part) =>
        textOf(part) === 're: раз' ? { outcome: 'rejected', reason: 'blocked-by-contact' } : undefined;
      await hear('ann', 'раз', 'два');
      await settled(async () =>
        expect(await deliveries()).toMatchObject([
          { state: 'rejected', reason: 'blocked-by-contact' },
          { state: 'accepted' },
        ]),
      );
    });

    test('resends once what may have been lost, and says so', async () => {
      network.onSend = () => ({ outcome: 'unknown', reason: 'timeout' });
      await hear('ann', 'раз');
      await settled(async () =>
        expect(await deliveries()).toMatchObject([{ state: 'unknown', attempts: 2, possibly_twice: true }]),
      );
      expect((await verify(db)).unknown).toBe(2);
    });

    test('holds what must not be said twice', async () => {
      respond = () => [
        done,
        { type: 'message.sent', content: [{ kind: 'text', text: 'код 1234' }], once: true },
      ];
      network.onSend = () => ({ outcome: 'unknown', reason: 'timeout' });
      await hear('ann', 'код');
      await settled(async () =>
        expect(await deliveries()).toMatchObject([{ state: 'unknown', attempts: 1 }]),
      );
    });

    test('takes a connector that throws for one that may have sent', async () => {
      network.onSend = () => {
        throw new Error('a fault in the connector');
      };
      await hear('ann', 'раз');
      await settled(async () =>
        expect(await deliveries()).toMatchObject([{ state: 'unknown', reason: 'connector-failed' }]),
      );
    });

    test('finishes after a crash what was due, and calls an attempt that was under way unknown', async () => {
      network.onSend = () => new Promise(() => {});
      await hear('ann', 'раз', 'два');
      await settled(async () =>
        expect(await deliveries()).toMatchObject([{ state: 'attempting' }, { state: 'due' }]),
      );
      const crashed = stopHub;
      network.onSend = () => undefined;
      await db.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'okno-shards' and datname = current_database()`,
      );
      await startHub(url);
      const stopBoth = stopHub;
      stopHub = async () => {
        await stopBoth();
        void crashed();
      };
      await settled(async () =>
        expect(await deliveries()).toMatchObject([
          { state: 'accepted', possibly_twice: true, attempts: 2 },
          { state: 'accepted', possibly_twice: false, attempts: 1 },
        ]),
      );
      expect(network.textsTo('ann')).toEqual(['re: раз', 're: раз', 're: два']);
    });
  });

  describe('a turn', () => {
    test('whose owner changes while the bot thinks is dropped, recorded, and asked again', async () => {
      let release = () => {};
      const thinking = new Promise<void>((resolve) => {
        release = resolve;
      });
      respond = async (turn) => {
        await thinking;
        return echo(turn);
      };
      await hear('ann', 'привет');
      await settled(async () => expect(await countEvents('message.received')).toBe(1));
      const conversation = await theConversation();
      const taken = changeOwner(conversation, { kind: 'queue', queue: plan.queue }, { kind: 'hub' }, 'asked');
      await hub.change.commit([{ conversation: conversation.id, events: [taken] }]);
      release();
      await settled(async () => expect(await countEvents('turn.dropped')).toBe(1));
      expect(network.sent).toEqual([]);
    });

    test('that keeps failing goes to people, and the next client is not held up', async () => {
      respond = (turn) => {
        if (turn.event.type === 'message.received' && readableText(turn.event.body?.content ?? []) === 'яд') {
          throw new Error('a fault in the responder');
        }
        return echo(turn);
      };
      await hear('ann', 'яд');
      await hear('bob', 'привет');
      await settled(() => expect(network.textsTo('bob')).toEqual(['re: привет']));
      await settled(async () => expect(await countEvents('turn.failed')).toBe(1));
      const { rows } = await db.query(`select owner_kind, owner_id from conversation order by id limit 1`);
      expect(rows).toEqual([{ owner_kind: 'queue', owner_id: 'default' }]);
    });

    test("cancels the bot's message whose attempt was refused while a handoff overtook it", async () => {
      let refuse = (_outcome: { outcome: 'retry'; reason: string; afterMs: number }) => {};
      network.onSend = () =>
        new Promise((resolve) => {
          refuse = resolve;
        });
      await hear('ann', 'привет');
      await settled(async () => expect(await deliveries()).toMatchObject([{ state: 'attempting' }]));
      const conversation = await theConversation();
      const taken = changeOwner(conversation, { kind: 'queue', queue: plan.queue }, { kind: 'hub' }, 'asked');
      await hub.change.commit([{ conversation: conversation.id, events: [taken] }]);
      refuse({ outcome: 'retry', reason: 'slow-down', afterMs: 0 });
      await settled(async () =>
        expect(await deliveries()).toMatchObject([{ state: 'cancelled', reason: 'handed-off', attempts: 1 }]),
      );
      expect(network.sent).toHaveLength(1);
    });
  });

  describe('an action', () => {
    const call = (parts: Partial<Extract<Decision, { type: 'action.requested' }>> = {}): Decision => ({
      type: 'action.requested',
      call: 'c1',
      name: 'transfer_money',
      parameters: { amount: '5.00' },
      needs: 'nothing',
      repeatable: false,
      timeoutMs: 200,
      ...parts,
    });
    const callOnce = (action: Decision) => (turn: Turn) =>
      turn.event.type === 'message.received' ? [done, action] : echo(turn);

    test('is called once, and its result starts a turn of its own', async () => {
      const calls: ActionCall[] = [];
      perform = async (asked) => {
        calls.push(asked);
        return { outcome: 'done', result: { ok: true } };
      };
      respond = callOnce(call());
      await hear('ann', 'переведи');
      await settled(() => expect(network.textsTo('ann')).toEqual(['done']));
      expect(calls).toMatchObject([
        { name: 'transfer_money', parameters: { amount: '5.00' }, evidence: 'claimed' },
      ]);
      expect(calls[0]?.customer).toBeUndefined();
    });

    test('is refused by the hub where the client is not known well enough, whatever the script believed', async () => {
      respond = callOnce(call({ needs: 'bank-authenticated' }));
      await hear('ann', 'переведи');
      await settled(() => expect(network.textsTo('ann')).toEqual(['refused not-identified']));
    });

    test('raises the evidence of the identity when the bank vouches for it', async () => {
      perform = async () => ({
        outcome: 'done',
        result: {},
        proves: { evidence: 'code-confirmed', customer: 'C-7', how: 'code' },
      });
      respond = callOnce(call());
      await hear('ann', 'код 1234');
      await settled(() => expect(network.textsTo('ann')).toEqual(['done']));
      const { rows } = await db.query('select evidence, customer from identity');
      expect(rows).toEqual([{ evidence: 'code-confirmed', customer: 'C-7' }]);
    });

    test('that was cut off by a crash is unknown, and is not called again unless it may be', async () => {
      let calls = 0;
      perform = () => {
        calls++;
        return new Promise(() => {});
      };
      respond = callOnce(call());
      await hear('ann', 'переведи');
      await settled(() => expect(calls).toBe(1));
      await db.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'okno-shards' and datname = current_database()`,
      );
      await startHub(url);
      await settled(() => expect(network.textsTo('ann')).toEqual(['unknown cut-off']));
      expect(calls).toBe(1);
    });

    test('that the performer does not settle well is unknown, and does not stop the dialogue meanwhile', async () => {
      perform = ({ signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted'))),
        );
      respond = (turn) =>
        turn.event.type === 'message.received' && turn.event.seq === 3
          ? [done, call({ timeoutMs: 1_500 })]
          : echo(turn);
      await hear('ann', 'переведи');
      await hear('ann', 'вы тут?');
      await settled(() =>
        expect(network.textsTo('ann')).toEqual(['re: вы тут?', 'unknown performer-failed']),
      );
    });
  });
});
