import type { Evidence } from '../gateway/model/contact.ts';
import type { Conversation } from '../gateway/model/conversation.ts';
import type { Event } from '../gateway/model/events.ts';
import type { Decision, Responder, Turn } from '../gateway/model/turn.ts';
import { hear, type ReadSignals, type Understand } from './heard.ts';
import type { ScriptSet } from './load.ts';
import { type Answer, awaitedOf, decide, type Happening, storyOf } from './runner.ts';
import { parseState, withCarried } from './state.ts';

type Story = ReturnType<typeof storyOf>;

/** The bot of the scripts: understands, then lets the runner decide. */
export interface BotResponder extends Responder {
  respond(turn: Turn): readonly Decision[];
  /** What the bot knows of a conversation that is taken from it: what is under way, with its slots. */
  story(
    known: Pick<Conversation['turn'], 'bot' | 'carried' | 'locale'>,
    evidence: Evidence,
    now: Date,
  ): Story;
  /** As `respond`, with what is open after it; for conversations without a network. */
  answer(turn: Turn): Answer;
}

export function createResponder(parts: {
  readonly scripts: ScriptSet;
  readonly understand: Understand;
  /** Without it no signal starts a script. */
  readonly readSignals?: ReadSignals;
}): BotResponder {
  const { scripts, understand, readSignals } = parts;
  const answer = (turn: Turn): Answer => {
    const { conversation, contact } = turn;
    const home = conversation.turn.locale ?? contact.locale;
    const own = parseState(conversation.turn.bot);
    const state = withCarried(
      own,
      conversation.turn.carried ?? [],
      (script) => scripts.scripts.get(script)?.ends_on_move === true,
    );
    const happening = happeningOf(turn.event, (content) =>
      hear(content, understand, awaitedOf(scripts, state, home, turn.now), readSignals),
    );
    const isBeside = turn.event.type === 'context.carried' && own.frames.length > 0;
    return decide(scripts, {
      happening: happening.what === 'message' && isBeside ? { ...happening, isBeside } : happening,
      state,
      actions: Object.values(conversation.turn.actions),
      home,
      evidence: contact.identity.evidence,
      now: turn.now,
      seed: turn.seed,
      seq: turn.event.seq,
    });
  };
  return {
    answer,
    respond: (turn) => answer(turn).decisions,
    story: ({ bot, carried = [], locale }, evidence, now) =>
      storyOf(scripts, { state: withCarried(parseState(bot), carried), home: locale, evidence, now }),
  };
}

type Hear = (content: Parameters<typeof hear>[0]) => ReturnType<typeof hear>;

function happeningOf(event: Event, understood: Hear): Happening {
  switch (event.type) {
    case 'message.received':
      if (event.facts.optOut) return { what: event.facts.optOut === 'out' ? 'opted-out' : 'opted-in' };
      // An erased message has no content left; nothing can be understood of it.
      return { what: 'message', heard: understood(event.body?.content ?? []) };
    case 'context.carried':
      return { what: 'message', heard: understood(event.body?.said ?? []) };
    case 'conversation.moved':
      return { what: 'moved' };
    case 'thread.started':
      return { what: 'opened' };
    case 'owner.changed':
      return { what: 'returned' };
    case 'timer.fired':
      return { what: 'timer', timer: event.facts.timer };
    default:
      return { what: 'result' };
  }
}
