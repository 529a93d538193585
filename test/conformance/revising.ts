import { expect, it, vi } from 'vitest';
import type { Ability } from '../../gateway/connectors/capabilities.ts';
import { networks } from '../../gateway/connectors/index.ts';
import { type Answer, type DeskOperator, signIn } from '../fixtures/operator.ts';
import { expectAsRecorded } from './as-recorded.ts';
import { CASES } from './failures.ts';
import type { AskedChange, Network, Person } from './suite.ts';

const soon = { timeout: 20_000 };

/** An operator who has a person's conversation, at the desk of the hub under test. */
interface Dialogue {
  readonly person: Person;
  /** The number of what the person wrote. */
  readonly asked: number;
  /** What the connector of this channel promises. */
  can(ability: Ability): boolean;
  /** Says it, and resolves with its number once the network took it. */
  says(text: string): Promise<number>;
  revise(seq: number, ...wish: Wish): Promise<Answer>;
  /** Resolves once the network took all of these changes; rejects where one ends otherwise. */
  accepted(changes: readonly Answer[]): Promise<void>;
  /** Refused with a reason, and nothing of it went out, nor does it with what is said afterwards. */
  expectRefused(refused: Answer): Promise<void>;
}
type Wish = ['edit', { text: string }] | ['delete', object] | ['react', { emoji: string | null }];

/** What operators do to messages: where the network has it, asked for once, in order and of the right message. */
export function describeRevising(suite: string, network: () => Network): void {
  let desk: Promise<DeskOperator> | undefined;
  const take = async () => {
    desk ??= signIn(network().hub.url);
    return takeOver(network(), await desk);
  };

  it(CASES.edited, async ({ task }) => {
    const { can, says, revise, accepted, expectRefused, person } = await take();
    const seq = await says('Лимит 100 рублей');
    await says('Что-нибудь ещё?');
    expectAsRecorded(suite, CASES.edited, can('edit') ? {} : { refused: true });
    if (!can('edit')) {
      task.meta.refused = true;
      return expectRefused(await revise(seq, 'edit', { text: 'Лимит 1000 рублей' }));
    }
    const changes = watch(network());
    const of = changes.idOf(person, 'Лимит 100 рублей');
    const first = await revise(seq, 'edit', { text: 'Лимит 1000 рублей' });
    const second = await revise(seq, 'edit', { text: 'Лимит 2000 рублей' });
    await accepted([first, second]);
    expect(await changes.asked(2)).toEqual([
      { what: 'edit', of, text: 'Лимит 1000 рублей' },
      { what: 'edit', of, text: 'Лимит 2000 рублей' },
    ]);
  });

  it(CASES.deleted, async ({ task }) => {
    const { can, says, revise, accepted, expectRefused, person } = await take();
    await says('Ваш баланс 5 рублей');
    const seq = await says('Чужие данные');
    await says('Извините');
    expectAsRecorded(suite, CASES.deleted, can('delete') ? {} : { refused: true });
    if (!can('delete')) {
      task.meta.refused = true;
      return expectRefused(await revise(seq, 'delete', {}));
    }
    const changes = watch(network());
    const of = changes.idOf(person, 'Чужие данные');
    await accepted([await revise(seq, 'delete', {})]);
    expect(await changes.asked(1)).toEqual([{ what: 'delete', of }]);
    expect(await revise(seq, 'delete', {})).toMatchObject({ status: 409, body: { code: 'already-deleted' } });
  });

  it(CASES.reacted, async ({ task }) => {
    const { can, says, revise, accepted, expectRefused, person, asked } = await take();
    await says('Спасибо, приняли');
    expectAsRecorded(suite, CASES.reacted, can('reaction') ? {} : { refused: true });
    if (!can('reaction')) {
      task.meta.refused = true;
      return expectRefused(await revise(asked, 'react', { emoji: '👍' }));
    }
    const changes = watch(network());
    const of = changes.idOf(person, SAID);
    const put = await revise(asked, 'react', { emoji: '👍' });
    const taken = await revise(asked, 'react', { emoji: null });
    await accepted([put, taken]);
    expect(await changes.asked(2)).toEqual([
      { what: 'react', of, emoji: ['👍'] },
      { what: 'react', of, emoji: [] },
    ]);
  });
}

/** What the person writes. */
const SAID = 'здравствуйте';

/** What the network is asked to change from now on. */
function watch({ revisions }: Network): {
  idOf(person: Person, text: string): string;
  /** All of it, once it is as much as this. */
  asked(count: number): Promise<readonly AskedChange[]>;
} {
  if (!revisions)
    throw new Error('the capabilities promise changes of messages, and the suite has no `revisions`');
  const before = revisions.asked().length;
  return {
    idOf(person, text) {
      const id = revisions.idOf(person, text);
      if (id === undefined) throw new Error(`the network knows no message "${text}" of ${person.thread()}`);
      return id;
    },
    async asked(count) {
      await vi.waitFor(() => expect(revisions.asked().length).toBeGreaterThanOrEqual(before + count), soon);
      return revisions.asked().slice(before);
    },
  };
}

async function takeOver(network: Network, operator: DeskOperator): Promise<Dialogue> {
  const { hub, revisions } = network;
  const person = await network.person();
  await person.say(SAID);
  await person.hears(1);
  const { rows } = await hub.db.query<{ id: string; epoch: number; channel: string; seq: number }>(
    `select c.id, c.epoch, t.channel, e.seq from conversation c join thread t on t.id = c.thread
     join event e on e.conversation = c.id and e.type = 'message.received'
     where t.external_thread = $1 and c.status = 'open'`,
    [person.thread()],
  );
  const [row] = rows;
  if (!row) throw new Error(`no conversation of ${person.thread()}`);
  const { id, channel, seq: asked } = row;
  expect((await operator.act('take', row)).status).toBe(200);
  // In these suites a channel has the name of its network.
  const { capabilities } = networks.find(({ name }) => name === channel) ?? {};
  if (!capabilities) throw new Error(`no network is named like the channel ${channel}`);

  const fateOf = async (seq: number) => {
    const item = (await operator.read(id)).find((one) => one.seq === seq);
    return item && 'delivery' in item ? item.delivery?.state : undefined;
  };
  const taken = (seq: number) =>
    vi.waitFor(async () => expect(await fateOf(seq), `what became of ${seq}`).toBe('accepted'), soon);
  let wishes = 0;

  const dialogue: Dialogue = {
    person,
    asked,
    can: (ability) => capabilities.abilities[ability] === 'native',
    async says(text) {
      const seq = Number((await operator.say(id, text)).body.seq);
      await taken(seq);
      return seq;
    },
    revise(seq, what, body) {
      wishes += 1;
      return operator.revise(id, seq, what, { id: `wish-${wishes}`, ...body });
    },
    async accepted(changes) {
      const seqs = changes.map(({ status, body }) => {
        expect(status, JSON.stringify(body)).toBe(200);
        return Number(body.seq);
      });
      for (const seq of seqs) await taken(seq);
      // Each was marked before its one request; what our own page shows is accepted by its commit.
      const marks =
        capabilities.acceptance === 'commit' ? [] : seqs.map((seq) => ({ seq, outcome: 'accepted' }));
      const { rows } = await hub.db.query(
        `select d.seq, a.outcome from delivery d join attempt a on a.delivery = d.id
         where d.conversation = $1 and d.seq = any($2::bigint[]) and a.marked_at is not null order by d.seq`,
        [id, seqs],
      );
      expect(rows).toEqual(marks);
    },
    async expectRefused({ status, body }) {
      const before = revisions?.asked().length ?? 0;
      expect([status, body.code, typeof body.title]).toEqual([409, 'not-possible-here', 'string']);
      const heard = person.heard().length;
      await dialogue.says('тогда словами');
      await person.hears(heard + 1);
      expect(person.heard().slice(heard)).toEqual(['тогда словами']);
      expect(revisions?.asked().length ?? 0).toBe(before);
      const { rows } = await hub.db.query<{ revisions: number }>(
        `select count(*)::integer as revisions from event where conversation = $1
           and type in ('message.edited', 'message.deleted', 'reaction.changed')`,
        [id],
      );
      expect(rows).toEqual([{ revisions: 0 }]);
    },
  };
  return dialogue;
}
