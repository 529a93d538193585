import { randomInt } from 'node:crypto';
import { createHttpPerformer } from '../../bots/actions/http.ts';
import { chatCommand } from '../../bots/chat.ts';
import { loadScripts } from '../../bots/check.ts';
import { exportCommand } from '../../bots/export-command.ts';
import type { ReadSignals, Understand } from '../../bots/heard.ts';
import { lintCommand } from '../../bots/lint-command.ts';
import { MemoryConversation } from '../../bots/memory.ts';
import { createResponder } from '../../bots/responder.ts';
import { testCommand } from '../../bots/test-command.ts';
import type { Locale } from '../../gateway/model/contact.ts';
import { planHandoff } from '../../handoff/planner.ts';
import { decodeModel } from '../../nlu/model.ts';
import { readBytes } from '../../nlu/read-file.ts';
import { shippedModel } from '../../nlu/shipped.ts';
import { createSignals, shippedSignals } from '../../nlu/signals.ts';
import { createUnderstanding } from '../../nlu/understand.ts';
import { SCRIPTS_DIR } from '../bot.ts';
import { createDemoBank } from '../demo/core.ts';
import { fetchOf } from '../demo/in-process.ts';
import { people } from '../demo/people.ts';
import { readSettings } from '../settings.ts';
import { ROOT } from '../version.ts';
import type { Run } from './command.ts';

/** Understands by a model's file, or by the model that ships. */
async function understanding(path: string | undefined): Promise<Understand> {
  const model = path ? decodeModel(readBytes(path), path) : shippedModel();
  return createUnderstanding(model).understand;
}

/** `okno chat`: the demo bank answers in the process, its client is bank-authenticated. */
export const chat: Run = async (argv, io) => {
  const { actions } = await loadScripts(SCRIPTS_DIR);
  const now = () => new Date();
  let clients = 0;
  return chatCommand(argv, io, {
    scripts: SCRIPTS_DIR,
    planHandoff,
    now,
    understanding,
    readSignals: () => createSignals(shippedSignals()),
    terminalLocale: terminalLocale(process.env),
    newClient(locale) {
      const known = people.filter((person) => !locale || person.locale === locale);
      const person = known[clients++ % known.length];
      if (!person) throw new Error('the demo bank has no clients');
      const bank = createDemoBank({ now, newCode: () => String(randomInt(1_000_000)).padStart(6, '0') });
      return {
        customer: person.customer,
        name: person.name,
        perform: createHttpPerformer({ actions, root: 'http://demo.bank', fetch: fetchOf(bank) }),
      };
    },
  });
};

/** `okno script export`: of the scripts that the settings name. */
export const exportScripts: Run = (argv, io) =>
  exportCommand(argv, io, readSettings(process.env, ROOT).scriptsDir ?? SCRIPTS_DIR);

/** `okno script test`: each dialogue has a client and a demo bank of its own. */
export const test: Run = (argv, io) => {
  let readSignals: ReadSignals | undefined;
  return testCommand(argv, io, {
    scripts: SCRIPTS_DIR,
    understanding,
    begin({ id, evidence, locale }, set, understand) {
      readSignals ??= createSignals(shippedSignals());
      const now = () => new Date();
      const bank = createDemoBank({ now, newCode: () => String(randomInt(1_000_000)).padStart(6, '0') });
      return new MemoryConversation({
        responder: createResponder({ scripts: set, understand, readSignals }),
        perform: createHttpPerformer({
          actions: set.actions,
          root: 'http://demo.bank',
          fetch: fetchOf(bank),
        }),
        planHandoff,
        client: { evidence, ...(evidence !== 'claimed' && { customer: `test-${id}` }) },
        locale,
        now,
        // Always the first wording, so that two runs are the same.
        seed: () => 0,
      });
    },
  });
};

/** The language of the terminal as POSIX says: LC_ALL before LC_MESSAGES before LANG; undefined for one that we do not speak. */
export function terminalLocale(env: Readonly<Record<string, string | undefined>>): Locale | undefined {
  const said = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return (['ru', 'en'] as const).find((locale) => said.toLowerCase().startsWith(locale));
}

/** `okno script lint` */
export const lint: Run = (argv, io) =>
  lintCommand(argv, io, { scripts: SCRIPTS_DIR, intents: () => shippedModel().labels });
