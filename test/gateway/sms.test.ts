import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newId } from '../../gateway/ids.ts';
import type { ConversationId, MessageId, ThreadId } from '../../gateway/model/ids.ts';
import { createChangeLog } from '../../gateway/store/change-log.ts';
import type { Database } from '../../gateway/store/database.ts';
import { type FakeSmsc, startFakeSmsc } from '../fakes/smsc.ts';
import { deliverOf, piecesOf } from '../fakes/smsc-messages.ts';
import { startHub, type TestHub } from '../fixtures/hub.ts';

let smsc: FakeSmsc;
let hub: TestHub;
let phone = 79_160_000_000;
let from: { from: string };

beforeAll(async () => {
  smsc = await startFakeSmsc();
  hub = await startHub({ env: { SMPP_URL: smsc.url, SMS_SENDER: 'OKNO' } });
  await smsc.until(() => smsc.sessions > 0);
});
afterAll(async () => {
  await hub.stop();
  await smsc.stop();
});
beforeEach(() => {
  phone += 1;
  from = { from: String(phone) };
  smsc.receipts = undefined;
  smsc.spellId = (id) => id.toString(16).toUpperCase();
});

/** What the log holds of this phone's client, oldest first. */
async function received(
  db: Database,
): Promise<readonly { kinds: string[]; text: string; optOut: string | null }[]> {
  const { rows } = await db.query(
    `select e.facts -> 'kinds' as kinds, e.body -> 'content' -> 0 ->> 'text' as text, e.facts ->> 'optOut' as "optOut"
     from event e join thread t on t.id::text = e.facts ->> 'thread'
     where e.type = 'message.received' and t.external_thread = $1 order by e.conversation, e.seq`,
    [`+${phone}`],
  );
  return rows;
}

interface Fate {
  readonly state: string;
  readonly receipt: string | null;
  readonly reason: string | null;
  readonly unknown: number;
  /** Attempts of which nobody knows what the network calls them. */
  readonly unnamed: number;
  readonly twice: boolean;
}

async function fates(): Promise<readonly Fate[]> {
  const { rows } = await hub.db.query<Fate>(
    `select d.state, d.receipt, d.reason, d.possibly_twice as twice,
       (select count(*) from attempt a where a.delivery = d.id and a.outcome = 'unknown')::integer as unknown,
       (select count(*) from attempt a where a.delivery = d.id and a.external_id is null
          and a.outcome <> 'retry')::integer as unnamed
     from delivery d join thread t on t.id = d.thread where t.external_thread = $1 order by d.position`,
    [`+${phone}`],
  );
  return rows;
}

async function until(holds: (now: readonly Fate[]) => boolean): Promise<readonly Fate[]> {
  for (;;) {
    const now = await fates();
    if (holds(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

it('joins pieces that come in any order, twice, and side by side, to one message', async () => {
  const text = 'Здравствуйте! '.repeat(20);
  const pieces = piecesOf(text, 5, from);
  const shuffled = [...pieces].reverse();
  await Promise.all([...shuffled, ...pieces].map((piece) => smsc.deliver(piece)));
  await smsc.hears(String(phone), 1);
  expect(await received(hub.db)).toEqual([{ kinds: ['text'], text, optOut: null }]);
  expect(smsc.saidTo(String(phone))).toEqual([`you said ${text}`]);
  const { rows } = await hub.db.query('select from piece where text is not null');
  expect(rows).toHaveLength(0);
});

it('takes a piece that comes again after the whole for what it is, and the same reference for a new message', async () => {
  const first = piecesOf('а'.repeat(100), 9, from);
  for (const piece of first) await smsc.deliver(piece);
  await smsc.deliver(first[1] ?? {});
  for (const piece of piecesOf('б'.repeat(100), 9, from)) await smsc.deliver(piece);
  await smsc.hears(String(phone), 2);
  expect((await received(hub.db)).map(({ text }) => text)).toEqual(['а'.repeat(100), 'б'.repeat(100)]);
});

it('joins a character and a card’s number that were torn apart, and redacts only then', async () => {
  const text = `${'я'.repeat(57)} 4111 1111 1111 1111 ${'я'.repeat(53)}👍`;
  for (const piece of piecesOf(text, 3, from)) await smsc.deliver(piece);
  await smsc.hears(String(phone), 1);
  expect((await received(hub.db))[0]?.text).toBe(`${'я'.repeat(57)} •••• 1111 ${'я'.repeat(53)}👍`);
});

it('keeps two phones apart that use the same reference', async () => {
  const other = { from: String(phone + 500_000) };
  const [one, two] = [piecesOf('а'.repeat(100), 4, from), piecesOf('б'.repeat(100), 4, other)];
  for (const piece of [one[0], two[1], two[0], one[1]]) await smsc.deliver(piece ?? {});
  expect(await smsc.hears(String(phone), 1)).toEqual([`you said ${'а'.repeat(100)}`]);
  expect(await smsc.hears(other.from, 1)).toEqual([`you said ${'б'.repeat(100)}`]);
});

it.each([
  ['in hexadecimal in both', (id: number) => id.toString(16), (id: number) => id.toString(16).toUpperCase()],
  ['in decimal with leading zeros', (id: number) => String(id), (id: number) => String(id).padStart(10, '0')],
  ['in hexadecimal, and the receipt in decimal', (id: number) => id.toString(16), (id: number) => String(id)],
  [
    'in decimal, and the receipt in hexadecimal',
    (id: number) => String(id),
    (id: number) => id.toString(16).padStart(8, '0'),
  ],
] as const)('knows a receipt whose id is %s, in the text and in the TLV', async (_how, spellId, spell) => {
  smsc.spellId = spellId;
  for (const place of ['text', 'tlv'] as const) {
    smsc.receipts = { style: { in: place, spell }, stat: 'DELIVRD' };
    await smsc.deliver(deliverOf(`hello ${place}`, from));
    await until((now) => now.at(-1)?.receipt === 'delivered');
  }
});

it('keeps a receipt that comes before the answer that tells the id', async () => {
  smsc.receipts = { style: { in: 'text', spell: (id) => id.toString(16) }, stat: 'DELIVRD', before: true };
  await smsc.deliver(deliverOf('hello', from));
  const [fate] = await until((now) => now[0]?.receipt === 'delivered');
  expect(fate).toMatchObject({ state: 'accepted', unknown: 0 });
  const { rows } = await hub.db.query('select from early_receipt');
  expect(rows).toHaveLength(0);
});

it('says that a long message was delivered once each of its segments was, and goes never back', async () => {
  const submitted = () => smsc.accepted.filter((pdu) => pdu.destination_addr === String(phone));
  await smsc.deliver(deliverOf('x'.repeat(155), from));
  await smsc.hears(String(phone), 1);
  await until((now) => now[0]?.state === 'accepted');
  expect(submitted()).toHaveLength(2);
  const { rows } = await hub.db.query<{ external_id: string }>(
    `select a.external_id from attempt a join delivery d on d.id = a.delivery join thread t on t.id = d.thread
     where t.external_thread = $1 order by a.part`,
    [`+${phone}`],
  );
  const ids = rows.map(({ external_id }) => external_id);
  const receipt = (id: string | undefined, stat: string) =>
    smsc.deliver({
      ...deliverOf(`id:${id} stat:${stat}`, from),
      esm_class: 4,
      short_message: Buffer.from(`id:${id} stat:${stat}`),
    });
  await receipt(ids[0], 'DELIVRD');
  expect((await fates())[0]?.receipt).toBe('sent');
  await receipt(ids[1], 'DELIVRD');
  expect((await fates())[0]?.receipt).toBe('delivered');
  await receipt(ids[0], 'ENROUTE');
  expect((await fates())[0]?.receipt).toBe('delivered');
});

it('reconciles by its receipt a message whose answer never came', async () => {
  smsc.receipts = { style: { in: 'text', spell: (id) => id.toString(16) }, stat: 'DELIVRD' };
  smsc.fault(String(phone), { kind: 'cut-after' });
  await smsc.deliver(deliverOf('hello', from));
  const [fate] = await until((now) => now[0]?.receipt === 'delivered' && now[0].unnamed === 0);
  expect(fate?.state).toBe('accepted');
});

it('confirms a STOP once, answers what the client asks after it, and says nothing by itself until START', async () => {
  await smsc.deliver(deliverOf('СТОП', from));
  await smsc.hears(String(phone), 1);
  expect(await received(hub.db)).toEqual([{ kinds: ['text'], text: 'СТОП', optOut: 'out' }]);
  await until((now) => now[0]?.state === 'accepted');
  await saysByItself();
  expect((await until((now) => now[1]?.state === 'cancelled'))[1]?.reason).toBe('opted-out');
  await smsc.deliver(deliverOf('what is my balance', from));
  await smsc.hears(String(phone), 2);
  await smsc.deliver(deliverOf('START', from));
  await smsc.hears(String(phone), 3);
  await saysByItself();
  await until((now) => now.at(-1)?.state === 'accepted');
  expect(smsc.saidTo(String(phone)).at(-1)).toBe('A loan, only today');
  // Two of its messages wait for the outbox to look for what nobody told it of.
}, 180_000);

/** Something is said to the client that nobody asked for, as a campaign would. */
async function saysByItself(): Promise<void> {
  const { rows } = await hub.db.query<{ conversation: ConversationId; thread: ThreadId }>(
    `select d.conversation, d.thread from delivery d join thread t on t.id = d.thread where t.external_thread = $1
     order by d.position desc limit 1`,
    [`+${phone}`],
  );
  const [place] = rows;
  if (!place) throw new Error('nothing was said to this phone yet');
  const { conversation, thread } = place;
  const facts = { message: newId<MessageId>(), thread, author: { kind: 'system' }, kinds: ['text'] } as const;
  const change = createChangeLog({ db: hub.db, now: () => new Date(), acceptsAtCommit: () => false });
  await change.commit([
    {
      conversation,
      events: [
        {
          type: 'message.sent',
          facts: { ...facts, kinds: [...facts.kinds] },
          body: { content: [{ kind: 'text', text: 'A loan, only today' }] },
        },
      ],
    },
  ]);
}

it('has a whole ledger', async () => {
  await until((now) => now.every(({ state }) => state !== 'due' && state !== 'attempting'));
  expect(await hub.verify()).toMatchObject({ ok: true, broken: [] });
});
