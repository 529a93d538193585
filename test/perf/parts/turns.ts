import type { Figure } from '../driver/figures.ts';
import { type Medians, measure } from '../driver/passes.ts';
import { startEcho, startScripts } from '../subjects/hub.ts';
import { startBotkit, startNlpjs, startRedBot } from '../subjects/peers.ts';
import { startGrouped, startRaw } from '../subjects/raw.ts';
import type { Subject } from '../subjects/subject.ts';
import type { Part } from './part.ts';

const CHATS = 50;
const PASS_MS = 4_000;
/** A hub runs for days: all are measured when V8 has compiled what they do all the time. */
const WARM_UP_MS = 15_000;

/** What a durable turn costs, beside the bare server and beside bots that store nothing. */
export const turns: Part = async ({ peers, passes, seconds, say }) => {
  const starts = [
    startRaw,
    startGrouped,
    startEcho,
    startScripts,
    ...(peers ? [startBotkit, startRedBot, startNlpjs] : []),
  ];
  const subjects: Subject[] = [];
  try {
    for (const start of starts) subjects.push(await start(CHATS));
    const passMs = seconds === undefined ? PASS_MS : seconds * 1_000;
    const medians = await measure(subjects, { passes, passMs, warmUpMs: WARM_UP_MS, chats: CHATS });
    say(describe(medians));
    return figuresOf(medians);
  } finally {
    for (const subject of subjects) await subject.stop();
  }
};

function describe(medians: readonly Medians[]): string {
  const rows = medians.map(
    ({ name, perSecond, cpuUs, driverUs }) =>
      `| ${name} | ${Math.round(perSecond)} | ${Math.round(1e6 / cpuUs)} | ${Math.round(cpuUs)} | ${Math.round(driverUs)} |`,
  );
  return [
    '| subject | per second | per CPU second | CPU µs each, PostgreSQL’s included | driver’s CPU µs |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function figuresOf(medians: readonly Medians[]): Figure[] {
  const [raw, grouped, echo, script, botkit, redbot, nlpjs] = medians;
  if (!raw || !grouped || !echo || !script) throw new Error('a subject was not measured');
  const figures: Figure[] = [
    {
      name: 'CPU of a scripted turn over the bare server',
      value: script.cpuUs / raw.cpuUs,
      unit: '×',
      limit: { most: 9 },
      aim: { most: 4.5 },
    },
    {
      name: 'rate of scripted turns over the bare server',
      value: script.perSecond / raw.perSecond,
      unit: '×',
      limit: { least: 0.15 },
      aim: { least: 0.25 },
    },
    { name: 'CPU of an echo turn over the bare server', value: echo.cpuUs / raw.cpuUs, unit: '×' },
    {
      name: 'rate of echo turns over the bare server',
      value: echo.perSecond / raw.perSecond,
      unit: '×',
    },
    { name: 'CPU of an echo turn over one grouped insert', value: echo.cpuUs / grouped.cpuUs, unit: '×' },
  ];
  if (botkit && redbot && nlpjs) figures.push(...besidePeers(script, echo, { botkit, redbot, nlpjs }));
  return figures;
}

function besidePeers(
  script: Medians,
  echo: Medians,
  { botkit, redbot, nlpjs }: Readonly<Record<'botkit' | 'redbot' | 'nlpjs', Medians>>,
): Figure[] {
  const rate = (name: string, ours: Medians, theirs: Medians, least?: number, aim?: number): Figure => ({
    name,
    value: ours.perSecond / theirs.perSecond,
    unit: '×',
    ...(least !== undefined && { limit: { least } }),
    ...(aim !== undefined && { aim: { least: aim } }),
  });
  return [
    rate('rate of scripted turns over Botkit’s echo', script, botkit, 2, 4),
    rate('rate of scripted turns over RedBot’s echo', script, redbot, 4, 6),
    rate('rate of echo turns over Botkit’s', echo, botkit),
    rate('rate of echo turns over RedBot’s', echo, redbot),
    rate('rate of scripted turns over nlp.js’ answers', script, nlpjs),
  ];
}
