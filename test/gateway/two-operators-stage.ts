import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { createClientView } from '../../gateway/client-view.ts';
import { committedUpdate } from '../../gateway/committed-update.ts';
import type { ClientMessage, ClientRevision } from '../../gateway/connectors/client-view.ts';
import { close } from '../../gateway/decide-turn.ts';
import { newId } from '../../gateway/ids.ts';
import { createLive } from '../../gateway/live.ts';
import type { ChannelId, ConversationId, MessageId, OperatorId, ThreadId } from '../../gateway/model/ids.ts';
import { MOVE_MS } from '../../gateway/moves.ts';
import { type Heard, IVAN, OLGA, openStage, type Stage, says, taken } from './moving-stage.ts';

export const WEB = 'webchat' as ChannelId;

export interface Client extends Heard {
  readonly channel: string;
  readonly user: string;
  readonly operator: OperatorId;
}

/** For a file of tests: clients of whom each of two operators has a conversation, on a store with two nodes. */
export class TwoOperators {
  stage!: Stage;
  /** Another node, whose memory of the conversations is its own. */
  other!: ReturnType<Stage['node']>;
  /** Of this test alone, as a part of everybody's name. */
  who = 0;
  readonly #live = createLive((error) => {
    throw error;
  });

  async open(): Promise<void> {
    this.stage = await openStage();
    this.other = this.stage.node();
    for (const { log } of [this.stage, this.other])
      log.onCommitted((changed) => this.#live.publish(committedUpdate(changed)));
  }

  /** Everybody is somebody new from here on, and no code of before counts any more. */
  begin(): void {
    this.who += 1;
    this.stage.wait(MOVE_MS + 1_000);
  }

  async begins(channel: string, operator: OperatorId, name = channel): Promise<Client> {
    const user = `${name} ${this.who}`;
    const heard = await this.stage.say(says(channel, user, `first by ${name}`));
    await this.stage.append(heard.conversation, taken(operator));
    return { ...heard, channel, user, operator };
  }

  /** Two visitors of the page who prove to be one client; the second types the code of the first, who goes on. */
  async twoPages(): Promise<{ primary: Client; secondary: Client }> {
    const primary = await this.begins(WEB, OLGA, 'first page');
    const secondary = await this.begins(WEB, IVAN, 'second page');
    const { code } = await this.stage.offer(primary.conversation);
    await this.stage.types(WEB, secondary.user, code);
    return { primary, secondary };
  }

  /** Resolves to the conversation in which it is. */
  async writes({ channel, user }: Client, text: string, node = this.stage.log): Promise<ConversationId> {
    return (await this.stage.say(says(channel, user, text), node)).conversation;
  }

  async answers(
    client: { conversation: ConversationId; thread: ThreadId; operator: OperatorId },
    text: string,
    log = this.stage.log,
  ): Promise<void> {
    const { conversation, thread, operator } = client;
    const author = { kind: 'operator', operator } as const;
    const facts = { message: newId<MessageId>(), thread, author, kinds: ['text' as const] };
    const body = { content: [{ kind: 'text' as const, text }] };
    const [changed] = await log.commit([{ conversation, events: [{ type: 'message.sent', facts, body }] }]);
    expect(changed?.outcome).toBe('committed');
  }

  async ends({ conversation, operator }: Client): Promise<void> {
    const row = await this.stage.rowOf(conversation);
    const owner = { kind: 'operator', operator } as const;
    await this.stage.append(conversation, ...close({ owner, epoch: Number(row?.epoch) }, owner, 'done'));
  }

  /** What a page is shown, live, in the order in which it comes. */
  opensPage({ user }: Client, after = 0) {
    const shown: ClientMessage[] = [];
    const revised: ClientRevision[] = [];
    const answering: string[] = [];
    const view = createClientView({
      db: this.stage.db,
      live: this.#live,
      channel: WEB,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      filesOf: async (contents) => contents.map(() => []),
    });
    const stop = view.watch(user, after, (seen) => {
      if (seen.type === 'message') shown.push(seen);
      if (seen.type === 'revision') revised.push(seen);
      if (seen.type === 'answering') answering.push(seen.by);
    });
    const texts = () => shown.map(({ content: [part] }) => (part?.kind === 'text' ? part.text : part?.kind));
    return { shown, revised, answering, texts, stop, view };
  }
}

/** Opened once; each test has people of its own. */
export function twoOperators(): TwoOperators {
  const two = new TwoOperators();
  beforeAll(() => two.open());
  afterAll(() => two.stage.close());
  beforeEach(() => two.begin());
  return two;
}

export const positions = (shown: readonly { readonly position: number }[]) =>
  shown.map(({ position }) => position);
export const rising = (numbers: readonly number[]) => [...new Set(numbers)].sort((a, b) => a - b);
