import type { Figure } from '../driver/figures.ts';
import { keepOriginals, multiply, storedMessages } from '../driver/multiply.ts';
import { measure } from '../driver/passes.ts';
import { type BenchHub, startBenchHub } from '../subjects/hub.ts';
import type { Subject } from '../subjects/subject.ts';
import type { Part } from './part.ts';

const CHATS = 50;
const PASS_MS = 4_000;
const WARM_UP_MS = 3_000;
const SMALL = 10_000;
const LARGE = 1_000_000;
const HUGE = 10_000_000;

/** What a turn costs when much is stored, over what it costs when little is: two hubs, measured in turn. */
export const growth: Part = async ({ passes, seconds, long, say }) => {
  const sizes = long ? [SMALL, LARGE, HUGE] : [SMALL, LARGE];
  const hubs: BenchHub[] = [];
  try {
    for (const size of sizes) hubs.push(await hubWith(size, say));
    const passMs = seconds === undefined ? PASS_MS : seconds * 1_000;
    const subjects = hubs.map(subjectOf);
    const [small, ...larger] = await measure(subjects, {
      passes,
      passMs,
      warmUpMs: WARM_UP_MS,
      chats: CHATS,
    });
    if (!small) throw new Error('nothing was measured');
    return larger.map(
      ({ cpuUs }, index): Figure => ({
        name: `CPU of a turn with ${sizes[index + 1]} stored messages over that with ${SMALL}`,
        value: cpuUs / small.cpuUs,
        unit: '×',
        ...(sizes[index + 1] === LARGE && { limit: { most: 1.3 } }),
      }),
    );
  } finally {
    for (const hub of hubs) await hub.stop();
  }
};

/** The first ten thousand come through the hub; the others are copies of them. */
async function hubWith(messages: number, say: (line: string) => void): Promise<BenchHub> {
  const hub = await startBenchHub({ demo: 'echo', connections: CHATS });
  const each = SMALL / 2 / CHATS;
  await Promise.all(
    Array.from({ length: CHATS }, async (_, chat) => {
      for (let turn = 0; turn < each; turn++) await hub.ask(1_000 + chat, `turn ${turn}`);
    }),
  );
  const url = hub.databaseUrl();
  const copies = Math.round(messages / SMALL) - 1;
  if (copies > 0) {
    await keepOriginals(url);
    await multiply(url, copies);
  }
  say(`a hub with ${await storedMessages(url)} stored messages`);
  return hub;
}

function subjectOf(hub: BenchHub): Subject {
  let said = 0;
  return {
    name: 'a durable turn, echo script',
    pid: hub.pid,
    operate: (chat) => hub.ask(chat, `message ${said++}`),
    stop: hub.stop,
  };
}
