import { type Io, type Run, UsageError } from './commands/command.ts';
import { type Outputs, watchOutputs } from './commands/outputs.ts';
import { version } from './version.ts';

interface Command {
  /** One line for the overview. */
  readonly about: string;
  /** The whole text of --help; commands that bring their own are asked for it. */
  readonly help?: string;
  readonly load: () => Promise<Run>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  start: {
    about: 'start the hub: database, channels, pages',
    help: `okno start

Starts the hub with what config/hub.yaml and the environment say; see docs/operating.md.
Without DATABASE_URL it brings its own PostgreSQL under DATA_DIR. Ctrl-C stops it gracefully.
`,
    load: async () => (await import('./commands/start.ts')).run,
  },
  migrate: {
    about: "bring the database to this program's schema",
    help: `okno migrate [--json]

Safe to run twice. \`okno start\` does it too.
`,
    load: async () => (await import('./commands/migrate.ts')).run,
  },
  'user add': {
    about: 'add a person who may sign in to the window',
    help: `okno user add EMAIL [--name NAME] [--role ROLE]… [--json]

Roles: operator (default), supervisor, script-admin, marketer, compliance, admin.
The password is taken from OKNO_PASSWORD; without it one is made and shown once.
`,
    load: async () => (await import('./commands/user.ts')).add,
  },
  'user list': {
    about: 'list them',
    help: 'okno user list [--json]\n',
    load: async () => (await import('./commands/user.ts')).list,
  },
  'user disable': {
    about: 'end their sessions and let them in no more',
    help: 'okno user disable EMAIL [--json]\n',
    load: async () => (await import('./commands/user.ts')).disable,
  },
  'nlu train': {
    about: 'train a model of intents from phrases',
    load: async () => (await import('../nlu/commands/train.ts')).trainCommand,
  },
  'nlu predict': {
    about: 'understand texts, one a line',
    load: async () => (await import('../nlu/commands/predict.ts')).predictCommand,
  },
  'nlu evaluate': {
    about: 'train on one file, measure on another',
    load: async () => (await import('../nlu/commands/evaluate.ts')).evaluateCommand,
  },
  'nlu import': {
    about: 'read phrases of Rasa or Dialogflow',
    load: async () => (await import('../nlu/commands/convert.ts')).importCommand,
  },
  'nlu export': {
    about: 'write phrases for Rasa or Dialogflow',
    load: async () => (await import('../nlu/commands/convert.ts')).exportCommand,
  },
  'script lint': {
    about: 'check scripts',
    load: async () => (await import('./commands/bot.ts')).lint,
  },
  'script test': {
    about: 'play dialogues, and say which do not come as they should',
    load: async () => (await import('./commands/bot.ts')).test,
  },
  'script export': {
    about: 'write the scripts that run into a folder, to go on from there',
    load: async () => (await import('./commands/bot.ts')).exportScripts,
  },
  'script replay': {
    about: 'which turns of stored conversations scripts would answer otherwise',
    help: `okno script replay [--scripts DIR] [--model MODEL] [--from DATE] [--to DATE] [--contact ID] [--plain] [--json]

Asks these scripts for each turn of the bot that was, under what was recorded of it, and shows what would be said, called
or handed over otherwise. Nothing is sent, called or stored but a line of the audit trail. Each turn goes on from what was
said then, so one that differs does not change those after it.
  --scripts DIR       the scripts to try (default: the shipped ones)
  --model MODEL       a model made by "okno nlu train" (default: the shipped one)
  --from, --to, --contact   as of \`okno export\`
  --plain             with personal data; else it is masked
  --json              one JSON a line: {"conversation","seq","asked","was":[…],"now":[…]}, then {"conversations","turns","changed"}
`,
    load: async () => (await import('./commands/replay.ts')).run,
  },
  chat: {
    about: 'talk to the bot here, without any network',
    load: async () => (await import('./commands/bot.ts')).chat,
  },
  'connector new': {
    about: 'begin a connector for another network',
    help: `okno connector new NAME

Makes gateway/connectors/NAME, a fake of the network and its conformance test, which passes as it is, and lists the
network in gateway/connectors/index.ts and config/hub.yaml. Then follow docs/adding-a-connector.md.
`,
    load: async () => (await import('./commands/connector.ts')).create,
  },
  'dead list': {
    about: 'deliveries that nobody knows to have arrived',
    help: `okno dead list [--channel ID] [--decided] [--limit N] [--before NEXT] [--json]

What waits for a person, newest first; --decided: what was decided.
`,
    load: async () => (await import('./commands/dead.ts')).list,
  },
  'dead show': {
    about: 'one of them with its attempts, as JSON',
    help: 'okno dead show ID\n',
    load: async () => (await import('./commands/dead.ts')).show,
  },
  'dead retry': {
    about: 'send them again, by new deliveries',
    help: `okno dead retry ID… [--json]

Each is sent again in the open conversation of its client, under whoever owns that today. The old delivery keeps its
fate. Exits with 1 where one could not be sent again.
`,
    load: async () => (await import('./commands/dead.ts')).retry,
  },
  'dead discard': {
    about: 'take them off the list; nothing is sent',
    help: 'okno dead discard ID… [--json]\n',
    load: async () => (await import('./commands/dead.ts')).discard,
  },
  'quarantine list': {
    about: 'what came in and was not understood',
    help: `okno quarantine list [--channel ID] [--decided] [--limit N] [--before NEXT] [--json]

What waits for a person, newest first; --decided: what was decided.
`,
    load: async () => (await import('./commands/quarantine.ts')).list,
  },
  'quarantine show': {
    about: 'one entry with what was kept, as JSON',
    help: 'okno quarantine show ID\n',
    load: async () => (await import('./commands/quarantine.ts')).show,
  },
  'quarantine replay': {
    about: 'translate entries again and take in what is understood today',
    help: `okno quarantine replay ID… [--json]

What was stored already takes no effect again. Exits with 1 where something is still not understood.
`,
    load: async () => (await import('./commands/quarantine.ts')).replay,
  },
  'quarantine discard': {
    about: 'take entries off the list',
    help: 'okno quarantine discard ID… [--json]\n',
    load: async () => (await import('./commands/quarantine.ts')).discard,
  },
  retention: {
    about: 'remove what is past its time, or say what would go',
    help: `okno retention [--dry-run] [--json]

Removes conversations that ended longer ago than retention.conversationsDays of the settings, with everything of them,
and payloads of the quarantine older than retention.quarantineDays. A running hub does the same every hour.
  --dry-run   remove nothing; say what would go, and what stays and why
`,
    load: async () => (await import('./commands/retention.ts')).run,
  },
  'retention hold': {
    about: 'keep a contact or a conversation whatever its time',
    help: `okno retention hold CONTACT --reason TEXT [--json]
okno retention hold --conversation ID --reason TEXT [--json]
`,
    load: async () => (await import('./commands/retention.ts')).hold,
  },
  'retention release': {
    about: 'end a hold',
    help: 'okno retention release HOLD [--json]\n',
    load: async () => (await import('./commands/retention.ts')).release,
  },
  'retention holds': {
    about: 'list what is held',
    help: 'okno retention holds [--limit N] [--before NEXT] [--json]\n',
    load: async () => (await import('./commands/retention.ts')).holds,
  },
  export: {
    about: 'write conversations as JSON lines',
    help: `okno export [--from DATE] [--to DATE] [--contact ID] [--plain]

Writes a line for each conversation, {"type":"conversation",…}, and after it one for each of its events,
{"type":"event",…}, oldest first, to standard output; the counts to standard error. The audit trail says that it was done.
Personal data is masked: names and places are hidden, numbers keep their last digits, and of what nobody said in words
only the facts stay.
  --from, --to DATE   opened in this time: 2026-11-01, or 2026-11-01T12:00:00Z; the second is not in it any more
  --contact ID        of this client, with those who were linked with them
  --plain             as it stands in the store
`,
    load: async () => (await import('./commands/export.ts')).run,
  },
  erase: {
    about: 'erase the texts and names of one contact',
    help: `okno erase CONTACT [--json]

Texts, the bot's state and names go; ids, kinds, times and counts stay, and \`okno verify\` still holds. Refused under a
legal hold, and while a conversation of the contact is open.
`,
    load: async () => (await import('./commands/erase.ts')).run,
  },
  doctor: {
    about: 'look at all that the hub needs, and say what to do',
    help: `okno doctor [--json]

Looks at the settings, the data folder, the public address, the database with its schema and clock, Redis, the hub that
should answer here, and how its channels were when it last looked. Changes nothing; with the embedded database it joins
the running server or starts it for the moment. Exits with 1 where something fails; warnings do not count.
  --json   one line {"ok","checks":[{"about","verdict","said","fix"}]}
`,
    load: async () => (await import('./commands/doctor.ts')).run,
  },
  verify: {
    about: "check the ledger's invariants on the live database",
    help: `okno verify [--full] [--json]

Prints each invariant with the count of what was looked at; exits with 1 when one is broken.
  --full   compare the state of every conversation with its events, not only of the newest thousand
  --json   one line {"ok","checked","broken","unknown","quarantined","dead"}
`,
    load: async () => (await import('./commands/verify.ts')).run,
  },
};

/** Runs the command line. Returns the exit code: 0 done, 1 the work failed, 2 bad usage. */
export async function main(argv: readonly string[], io: Io = process): Promise<number> {
  const outputs = watchOutputs(io);
  const code = await dispatch(argv, io, outputs);
  const failure = await outputs.failure();
  if (!failure) return code;
  io.stderr.write(`okno: ${failure.message}\n`);
  return 1;
}

async function dispatch(argv: readonly string[], io: Io, outputs: Outputs): Promise<number> {
  const [first = '', second = ''] = argv;
  if (first === '--version') {
    io.stdout.write(`${version}\n`);
    return 0;
  }
  const name = [`${first} ${second}`, first].find((candidate) => Object.hasOwn(COMMANDS, candidate));
  const command = name === undefined ? undefined : COMMANDS[name];
  if (name === undefined || !command) return showOverview(first, second, io);
  const rest = argv.slice(name.split(' ').length);
  if (command.help && rest.some((argument) => argument === '--help' || argument === '-h')) {
    io.stdout.write(command.help);
    return 0;
  }
  try {
    const run = await command.load();
    return await run(rest, io);
  } catch (error) {
    if (outputs.isOurs(error)) return 0;
    io.stderr.write(`okno ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    if (!(error instanceof UsageError)) return 1;
    io.stderr.write(`\n${command.help ?? ''}`);
    return 2;
  }
}

/** All commands, or those of one group; 2 where they were not asked for. */
function showOverview(first: string, second: string, io: Io): number {
  const group = Object.keys(COMMANDS).filter((name) => name.startsWith(`${first} `));
  const names = group.length > 0 ? group : Object.keys(COMMANDS);
  if (group.length > 0 ? isHelp(second) : first === '' || isHelp(first)) {
    io.stdout.write(overview(names));
    return 0;
  }
  io.stderr.write(`${faultOf(first, second, group)}\n\n${overview(names)}`);
  return 2;
}

/** Of a call that names no command. */
function faultOf(first: string, second: string, group: readonly string[]): string {
  if (group.length === 0) return `okno has no command ${first}`;
  if (second !== '') return `okno has no command ${first} ${second}`;
  const words = group.map((name) => name.slice(first.length + 1));
  return `okno ${first} needs one more word: ${words.join(', ')}`;
}

const isHelp = (argument: string): boolean => ['--help', '-h', 'help'].includes(argument);

function overview(names: readonly string[]): string {
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => `  ${name.padEnd(width)}  ${COMMANDS[name]?.about}`);
  return `okno COMMAND [--help]\nokno --version\n\n${lines.join('\n')}\n`;
}
