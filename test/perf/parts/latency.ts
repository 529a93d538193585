import type { Figure } from '../driver/figures.ts';
import { median } from '../driver/statistics.ts';
import { type Talked, talk } from '../driver/talk.ts';
import { startBenchHub } from '../subjects/hub.ts';
import type { Part } from './part.ts';

const CONNECTIONS = 100;
const CHATS = 500;
const RATES = [300, 1_000] as const;
const SECONDS = 8;

/** How soon a message is acknowledged, and answered, at fixed rates in and out. */
export const latency: Part = async ({ passes, seconds = SECONDS, say }) => {
  const hub = await startBenchHub({ demo: 'echo', connections: CONNECTIONS });
  try {
    await talk({ hub, perSecond: RATES[0], seconds: 3, chats: CHATS });
    const talked = RATES.map((): Talked[] => []);
    for (let pass = 0; pass < passes; pass++) {
      for (const [index, perSecond] of RATES.entries())
        talked[index]?.push(await talk({ hub, perSecond, seconds, chats: CHATS }));
    }
    return RATES.flatMap((rate, index) => figuresAt(rate, talked[index] ?? [], say));
  } finally {
    await hub.stop();
  }
};

function figuresAt(rate: number, talked: readonly Talked[], say: (line: string) => void): Figure[] {
  const of = (key: 'acknowledgeP50' | 'acknowledgeP99' | 'answerP50' | 'answerP99') =>
    median(talked.map((one) => one[key]));
  const sum = (key: 'begun' | 'acknowledged' | 'lost' | 'doubled' | 'reordered') =>
    talked.reduce((total, one) => total + one[key], 0);
  const at = `at ${rate}/s in and out`;
  say(`${at}: ${sum('begun')} said, ${sum('acknowledged')} acknowledged`);
  return [
    { name: `acknowledge, median, ${at}`, value: of('acknowledgeP50'), unit: 'ms' },
    {
      name: `acknowledge, p99, ${at}`,
      value: of('acknowledgeP99'),
      unit: 'ms',
      ...(rate === RATES[0] && { limit: { most: 100 }, aim: { most: 50 } }),
    },
    { name: `answer at the channel API, median, ${at}`, value: of('answerP50'), unit: 'ms' },
    { name: `answer at the channel API, p99, ${at}`, value: of('answerP99'), unit: 'ms' },
    {
      name: `lost, doubled or reordered, ${at}`,
      value: sum('lost') + sum('doubled') + sum('reordered'),
      unit: 'messages',
      limit: { most: 0 },
    },
  ];
}
