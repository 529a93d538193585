import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { PerformAction } from '../gateway/actions.ts';
import type { PlanHandoff } from '../gateway/decide-turn.ts';
import type { Locale } from '../gateway/model/contact.ts';
import { type AnswerChoice, answersIn, type Choice, type Content } from '../gateway/model/content.ts';
import { checkScripts } from './check.ts';
import { type CommandIo, refuseUsage } from './command.ts';
import type { ReadSignals, Understand } from './heard.ts';
import { MemoryConversation, type Shown } from './memory.ts';
import { describeProblem } from './problem.ts';
import { createResponder } from './responder.ts';

/** A conversation's client and what performs their calls. */
interface ChatClient {
  readonly customer: string;
  readonly name?: string;
  readonly perform: PerformAction;
}

/** What the chat is wired with; bots knows neither handoff nor the demo bank. */
interface ChatWiring {
  /** The folder of the shipped scripts. */
  readonly scripts: string;
  /** Loads a model file; the shipped one without a path. Rejects with a text for people. */
  readonly understanding: (model: string | undefined) => Promise<Understand>;
  readonly readSignals: () => ReadSignals;
  /** Another client of the demo bank, with accounts of their own. */
  readonly newClient: (locale: Locale | undefined) => ChatClient;
  /** What the terminal speaks, where it says so. */
  readonly terminalLocale?: Locale | undefined;
  readonly planHandoff: PlanHandoff;
  readonly now: () => Date;
}

const CHAT_USAGE = `okno chat [--locale ru|en] [--scripts DIR] [--model MODEL] [--json]

A conversation with the bot, without any network or database. The demo bank answers in the process.
  --locale ru|en   the language that the client's channel speaks (default: that of the terminal, by LC_ALL or LANG;
                   with --json: told from what you write)
  --scripts DIR    scripts of your own (default: the shipped ones)
  --model MODEL    a model made by "okno nlu train" (default: the shipped one)
  --json           one JSON a line: {"text"}, {"choice": ID} or {"new": true}; answers end with {"type":"turn"}
`;

const line = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ choice: z.string() }),
  z.strictObject({ new: z.literal(true) }),
]);

/** Runs `okno chat`; resolves to the exit code when the input ends. */
export async function chatCommand(
  argv: readonly string[],
  io: CommandIo,
  wiring: ChatWiring,
): Promise<number> {
  const options = readOptions(argv);
  if ('usage' in options) {
    if (options.usage !== 0) return refuseUsage(options.message, io, CHAT_USAGE);
    io.stdout.write(CHAT_USAGE);
    return 0;
  }
  const { set, problems } = await checkScripts(options.scripts ?? wiring.scripts);
  if (!set) {
    for (const problem of problems) io.stderr.write(`${describeProblem(problem)}\n`);
    return 1;
  }
  const understand = await wiring.understanding(options.model);
  const responder = createResponder({ scripts: set, understand, readSignals: wiring.readSignals() });
  const locale = options.locale ?? (options.json ? undefined : wiring.terminalLocale);
  const begin = () => {
    const { customer, name, perform } = wiring.newClient(locale);
    return new MemoryConversation({
      responder,
      perform,
      planHandoff: wiring.planHandoff,
      client: { evidence: 'bank-authenticated', customer, ...(name === undefined ? {} : { name }) },
      ...(locale === undefined ? {} : { locale }),
      now: wiring.now,
      // Always the first wording, so that two runs of the same lines are the same.
      seed: () => 0,
    });
  };
  await (options.json ? talkInJson(io, begin) : talkInWords(io, begin));
  return 0;
}

type Options =
  | { readonly locale?: Locale; readonly scripts?: string; readonly model?: string; readonly json: boolean }
  | { readonly usage: 0 | 2; readonly message: string };

function readOptions(argv: readonly string[]): Options {
  const string = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { locale: string, scripts: string, model: string, json: flag, help: flag },
    });
    if (values.help) return { usage: 0, message: '' };
    const { locale, scripts, model, json } = values;
    if (locale !== undefined && locale !== 'ru' && locale !== 'en') {
      return { usage: 2, message: `--locale is ${locale}; write ru or en` };
    }
    return {
      json,
      ...(locale ? { locale } : {}),
      ...(scripts ? { scripts } : {}),
      ...(model ? { model } : {}),
    };
  } catch (error) {
    return { usage: 2, message: error instanceof Error ? error.message : String(error) };
  }
}

async function talkInJson(io: CommandIo, begin: () => MemoryConversation): Promise<void> {
  let chat = begin();
  const write = (value: unknown) => io.stdout.write(`${JSON.stringify(value)}\n`);
  for await (const raw of createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (raw.trim() === '') continue;
    const parsed = line.safeParse(parseJson(raw));
    if (!parsed.success) {
      io.stderr.write('a line is not understood; write {"text": …}, {"choice": ID} or {"new": true}\n');
    } else if ('new' in parsed.data) {
      chat = begin();
    } else {
      const shown = [...(await chat.tick()), ...(await chat.say(contentOf(parsed.data)))];
      shown.forEach(write);
    }
    write({ type: 'turn' });
  }
}

function contentOf(said: { readonly text: string } | { readonly choice: string }): Content[] {
  return 'text' in said ? [{ kind: 'text', text: said.text }] : [{ kind: 'choice', id: said.choice }];
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

async function talkInWords(io: CommandIo, begin: () => MemoryConversation): Promise<void> {
  const chat = begin();
  let choices: readonly AnswerChoice[] = [];
  const show = (all: readonly Shown[]) => {
    choices = [];
    for (const shown of all) {
      io.stdout.write(inWords(shown));
      if (shown.type === 'message' && shown.choices) choices = answersIn(shown.choices);
    }
    if (chat.conversation.owner.kind !== 'bot') io.stdout.write('(a person would answer now; Ctrl-D ends)\n');
    io.stdout.write('> ');
  };
  show(await chat.open());
  for await (const raw of createInterface({ input: io.stdin })) {
    const pressed = /^#(\d+)$/.exec(raw.trim())?.[1];
    const choice = pressed === undefined ? undefined : choices[Number(pressed) - 1];
    const content: Content[] = choice
      ? [{ kind: 'choice', id: choice.id, text: choice.text }]
      : [{ kind: 'text', text: raw }];
    show([...(await chat.tick()), ...(await chat.say(content))]);
  }
  io.stdout.write('\n');
}

function inWords(shown: Shown): string {
  switch (shown.type) {
    case 'message': {
      const choices = shown.choices ?? [];
      const answers = answersIn(choices).map(({ text }, at) => `  #${at + 1} ${text}\n`);
      return `${shown.text}\n${[...answers, ...choices.flatMap(inWordsIfNoAnswer)].join('')}`;
    }
    case 'action':
      return `  · ${shown.name} ${JSON.stringify(shown.parameters)}\n`;
    case 'handoff':
      return `  · handoff: ${shown.reason}\n`;
    case 'end':
      return '';
  }
}

/** What a network would show as a button that opens an address or asks for something. */
function inWordsIfNoAnswer(choice: Choice): string[] {
  if (choice.kind === undefined) return [];
  const what = choice.kind === 'link' ? choice.url : `asks for the ${choice.kind}`;
  return [`  · ${choice.text} (${what})\n`];
}
