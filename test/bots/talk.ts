import { createHttpPerformer } from '../../bots/actions/http.ts';
import { loadScripts } from '../../bots/check.ts';
import type { ScriptSet } from '../../bots/load.ts';
import { MemoryConversation, type Shown } from '../../bots/memory.ts';
import { createResponder } from '../../bots/responder.ts';
import { createDemoBank } from '../../config/demo/core.ts';
import { fetchOf } from '../../config/demo/in-process.ts';
import type { ActionResult, PerformAction } from '../../gateway/actions.ts';
import type { Evidence, Locale } from '../../gateway/model/contact.ts';
import type { Content } from '../../gateway/model/content.ts';
import { planHandoff } from '../../handoff/planner.ts';
import { shippedModel } from '../../nlu/shipped.ts';
import { createSignals, shippedSignals } from '../../nlu/signals.ts';
import { createUnderstanding } from '../../nlu/understand.ts';

export const shippedScripts = new URL('../../bots/scripts', import.meta.url).pathname;

export const understanding = () => createUnderstanding(shippedModel()).understand;

export const signals = () => createSignals(shippedSignals());

let kept: Promise<ScriptSet> | undefined;
export function scripts(): Promise<ScriptSet> {
  kept ??= loadScripts(shippedScripts);
  return kept;
}

interface TalkOptions {
  readonly locale?: Locale;
  readonly evidence?: Evidence;
  readonly customer?: string;
  /** Answers instead of the bank, for the calls that it knows. */
  readonly bank?: (name: string) => ActionResult | undefined;
}

/** A client in a conversation with the shipped bot and the demo bank, both in the process. */
export class Client {
  private readonly chat: MemoryConversation;
  /** What was heard and not yet asked about, oldest first. */
  private heard: Shown[] = [];
  /** All that was ever shown. */
  readonly all: Shown[] = [];
  readonly clock: { at: Date };
  readonly codes: () => readonly { code: string }[];

  constructor(chat: MemoryConversation, clock: { at: Date }, codes: () => readonly { code: string }[]) {
    this.chat = chat;
    this.clock = clock;
    this.codes = codes;
  }

  async opens(): Promise<void> {
    this.take(await this.chat.open());
  }

  async says(text: string): Promise<void> {
    this.take(await this.chat.say([{ kind: 'text', text }]));
  }

  async sends(...content: Content[]): Promise<void> {
    this.take(await this.chat.say(content));
  }

  /** Presses the quick reply of that label; the newest one. */
  async presses(label: string | RegExp): Promise<void> {
    const choice = this.all
      .flatMap((shown) => (shown.type === 'message' ? (shown.choices ?? []) : []))
      .findLast(({ text }) => (typeof label === 'string' ? text === label : label.test(text)));
    if (!choice) throw new Error(`no quick reply ${label} among ${JSON.stringify(this.all.slice(-3))}`);
    this.take(await this.chat.say([{ kind: 'choice', id: choice.id, text: choice.text }]));
  }

  /** The operator gives the conversation back. */
  async isGivenBack(): Promise<void> {
    this.take(await this.chat.giveBack());
  }

  async waits(): Promise<void> {
    this.take(await this.chat.tick());
  }

  /** All texts since the last `says`, one a line. */
  get said(): string {
    return this.heard.flatMap((shown) => (shown.type === 'message' ? [shown.text] : [])).join('\n');
  }

  get asks(): string | undefined {
    const last = this.heard.findLast((shown) => shown.type === 'message');
    return last?.asks;
  }

  get calls(): { name: string; parameters: Readonly<Record<string, unknown>> }[] {
    return this.all.flatMap((shown) =>
      shown.type === 'action' ? [{ name: shown.name, parameters: shown.parameters }] : [],
    );
  }

  get handoff(): Extract<Shown, { type: 'handoff' }> | undefined {
    return this.heard.find((shown) => shown.type === 'handoff');
  }

  get ended(): boolean {
    return this.heard.some((shown) => shown.type === 'end');
  }

  get conversation() {
    return this.chat.conversation;
  }

  get events() {
    return this.chat.events;
  }

  private take(shown: readonly Shown[]): void {
    this.heard = [...shown];
    this.all.push(...shown);
  }
}

export async function client(options: TalkOptions = {}): Promise<Client> {
  const set = await scripts();
  const clock = { at: new Date('2026-11-23T10:00:00Z') };
  let codes = 0;
  const newCode = () => String(100_000 + ++codes);
  const bank = createDemoBank({ now: () => clock.at, newCode });
  const http = createHttpPerformer({ actions: set.actions, root: 'http://bank', fetch: fetchOf(bank) });
  const perform: PerformAction = async (call) => options.bank?.(call.name) ?? http(call);
  const evidence = options.evidence ?? 'bank-authenticated';
  const chat = new MemoryConversation({
    responder: createResponder({ scripts: set, understand: understanding(), readSignals: signals() }),
    perform,
    planHandoff,
    client: { evidence, ...(evidence === 'claimed' ? {} : { customer: options.customer ?? 'demo-test' }) },
    ...(options.locale ? { locale: options.locale } : {}),
    now: () => clock.at,
    seed: () => 0,
  });
  return new Client(chat, clock, () => bank.codes());
}
