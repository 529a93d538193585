import type { DeskInput, DeskNetwork } from '../../gateway/connectors/desk.ts';
import type { Locale } from '../../gateway/model/contact.ts';
import type { ChannelId, ConversationId, OperatorId } from '../../gateway/model/ids.ts';
import type { Database } from '../../gateway/store/database.ts';
import type { Acting, Operators } from '../operators.ts';
import { writtenAtDesk } from './posts.ts';
import { attend, conversationOfDeskThread, operatorByEmail } from './store.ts';
import { DESK_TEXTS } from './texts.ts';

export interface DeskInputsOptions {
  readonly db: Database;
  readonly channel: ChannelId;
  readonly desk: DeskNetwork;
  readonly operators: Operators;
  readonly locale: Locale;
  readonly now: () => Date;
}

const NOTE = /^(?:note|заметка)\s*:\s*/iu;
const CALL_LIMIT_MS = 2_000;
const KNOWN_MS = 10 * 60_000;
const MAX_KNOWN = 10_000;
/** So long after an act or a word of theirs an operator counts as present. */
const ATTENDED_MS = 60 * 60_000;

/**
 * Does what operators did in the channel that is their desk, by the same acts as the window's. Resolves once it is
 * stored or refused; rejects where the store or the network is away, so that the network tells it again.
 */
export function createDeskInputs(
  options: DeskInputsOptions,
): (inputs: readonly DeskInput[]) => Promise<void> {
  const { db, channel, desk, operators, now } = options;
  const texts = DESK_TEXTS[options.locale];
  const emails = new Map<string, { readonly email: string | undefined; readonly untilMs: number }>();

  async function emailOf(user: string): Promise<string | undefined> {
    const known = emails.get(user);
    if (known && known.untilMs > now().getTime()) return known.email;
    const email = await desk.emailOf(user, AbortSignal.timeout(CALL_LIMIT_MS));
    if (emails.size >= MAX_KNOWN) emails.clear();
    emails.set(user, { email, untilMs: now().getTime() + KNOWN_MS });
    return email;
  }

  /** Roles are read each time: who may no longer answer cannot, whatever the network remembers. */
  async function operatorOf(user: string): Promise<OperatorId | undefined> {
    const email = await emailOf(user);
    return email === undefined ? undefined : operatorByEmail(db, email);
  }

  async function handle(input: DeskInput): Promise<string | undefined> {
    const operator = await operatorOf(input.externalUser);
    if (!operator) return texts.stranger;
    const conversation = await conversationOfDeskThread(db, channel, input.deskThread);
    if (!conversation) return input.did.type === 'act' ? texts.unknownThread : undefined;
    const refusal = await perform(input, { operator, address: channel }, conversation);
    if (!refusal || refusal === 'data-class')
      await attend(db, channel, conversation, new Date(now().getTime() + ATTENDED_MS));
    return refusal && texts.refused[refusal];
  }

  async function perform(
    input: DeskInput,
    who: Acting,
    conversation: ConversationId,
  ): Promise<keyof typeof texts.refused | undefined> {
    const { did, dedupeKey } = input;
    if (did.type === 'act') {
      const acted = await operators.act(did.act, who, conversation, did.epoch);
      return acted.outcome === 'done' ? undefined : acted.outcome;
    }
    const text = did.text.replace(NOTE, '');
    const saying = { id: `${writtenAtDesk(channel)}${dedupeKey}`, text };
    const said =
      text === did.text
        ? await operators.reply(who, conversation, saying)
        : await operators.note(who, conversation, saying);
    if (said.outcome !== 'said') return said.outcome;
    return said.notSent === 'data-class' ? said.notSent : undefined;
  }

  return async (inputs) => {
    for (const input of inputs) {
      const answer = await handle(input);
      // Only a hint: what was refused is refused whether or not it is read.
      if (answer) await desk.whisper(answer, input.externalUser, input.deskThread).catch(() => {});
    }
  };
}
