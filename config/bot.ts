import { join } from 'node:path';
import { createHttpPerformer } from '../bots/actions/http.ts';
import { loadScripts } from '../bots/check.ts';
import { createEcho } from '../bots/echo.ts';
import type { ScriptSet } from '../bots/load.ts';
import { createReasonAtOnce, type ReasonAtOnce } from '../bots/reason-at-once.ts';
import { type BotResponder, createResponder } from '../bots/responder.ts';
import type { PerformAction } from '../gateway/actions.ts';
import type { Responder } from '../gateway/model/turn.ts';
import { createLiveModel, type LiveModel } from '../nlu/live-model.ts';
import { shippedModel } from '../nlu/shipped.ts';
import { createSignals, shippedSignals } from '../nlu/signals.ts';

/** Where the scripts that come with Okno are. */
export const SCRIPTS_DIR = join(import.meta.dirname, '..', 'bots', 'scripts');

/** A bot and what performs the calls that it asks for. */
export interface Bot {
  readonly responder: Responder;
  readonly perform: PerformAction;
  readonly reasonAtOnce: ReasonAtOnce;
  /** What it knows of a conversation that an operator takes from it; without it, what the log tells. */
  readonly story?: BotResponder['story'];
  /** The model that it understands by, and its scripts; none where it understands nothing. */
  readonly taught?: { readonly model: LiveModel; readonly scripts: ScriptSet };
}

/** The bot of a folder of scripts, by default of those that ship. Throws where a script is wrong. */
export async function createScriptBot(options: {
  bankUrl: string;
  scriptsDir?: string | undefined;
}): Promise<Bot> {
  const scripts = await loadScripts(options.scriptsDir ?? SCRIPTS_DIR);
  const model = createLiveModel(shippedModel());
  const hearing = { scripts, understand: model.understand, readSignals: createSignals(shippedSignals()) };
  const responder = createResponder(hearing);
  return {
    taught: { model, scripts },
    responder,
    story: responder.story,
    reasonAtOnce: createReasonAtOnce(hearing),
    perform: createHttpPerformer({
      actions: scripts.actions,
      root: options.bankUrl,
      fetch: globalThis.fetch,
    }),
  };
}

/** Answers every message with itself, and calls nobody. */
export function createEchoBot(): Bot {
  return {
    responder: createEcho(),
    perform: async () => ({ outcome: 'failed', code: 'unknown-action' }),
    reasonAtOnce: () => undefined,
  };
}
