import { startChannelApiApart } from '../driver/channel-api-apart.ts';
import type { Figure } from '../driver/figures.ts';
import { residentMb } from '../driver/memory.ts';
import { measure } from '../driver/passes.ts';
import { talk } from '../driver/talk.ts';
import { startBenchHub } from '../subjects/hub.ts';
import type { Part } from './part.ts';

const CHATS = 1_000;
/** As many as a network with many front ends opens. */
const CONNECTIONS = 2_000;
const TIMES = 5;
const SECONDS = 60;
const CALM_SECONDS = 5;
const BACK_WITHIN_SECONDS = 10;

/** Five times what the hub can do for a minute: it refuses what is too much, and is as before soon after. */
export const overload: Part = async ({ seconds = SECONDS, say }) => {
  const api = await startChannelApiApart();
  const hub = await startBenchHub({ demo: 'echo', connections: CONNECTIONS, api });
  try {
    const [capacity] = await measure(
      [{ name: 'capacity', pid: hub.pid, operate: (chat) => hub.ask(chat, `m${chat}`), stop: hub.stop }],
      { passes: 3, passMs: 3_000, warmUpMs: 3_000, chats: 50 },
    );
    const most = capacity?.perSecond ?? 0;
    const calm = { hub, perSecond: most / 3, seconds: CALM_SECONDS, chats: CHATS };
    const before = await talk(calm);
    const memoryBefore = residentMb(hub.pid);
    let memoryMost = memoryBefore;
    const watching = setInterval(() => {
      memoryMost = Math.max(memoryMost, residentMb(hub.pid));
    }, 250);
    const quietSeconds = api.lateMs.length;
    const during = await talk({
      hub,
      perSecond: most * TIMES,
      seconds,
      chats: CHATS,
      patienceMs: BACK_WITHIN_SECONDS * 1_000,
      endsAtOnce: true,
    });
    clearInterval(watching);
    const lateMs = Math.max(...api.lateMs.slice(quietSeconds));
    const after = await talk(calm);
    const refused = (during.answers.get(503) ?? 0) + (during.answers.get(429) ?? 0);
    say(
      `capacity ${Math.round(most)}/s; at ${TIMES} × for ${seconds} s: ${during.begun} said, ${during.sent} of them sent, ${during.acknowledged} acknowledged, ${refused} told to come again, ${during.answers.get(0) ?? 0} connections broke`,
    );
    const odd = [...during.answers].filter(([status]) => ![0, 200, 429, 503].includes(status));
    const figures: Figure[] = [
      {
        name: 'acknowledged and not answered 10 s after the overload',
        value: during.lost,
        unit: 'messages',
        limit: { most: 0 },
      },
      // A network that is late itself cannot have been told everything.
      { name: 'how late the network itself was, p99 of its worst second', value: lateMs, unit: 'ms' },
      {
        name: 'refusals without Retry-After',
        value: during.withoutRetryAfter,
        unit: 'answers',
        limit: { most: 0 },
      },
      {
        name: 'other answers than 200, 429 and 503',
        value: odd.reduce((sum, [, count]) => sum + count, 0),
        unit: 'answers',
        limit: { most: 0 },
      },
      { name: 'memory in the overload, at most', value: memoryMost, unit: 'MB', limit: { most: 600 } },
      {
        name: 'acknowledge, p99, afterwards over before',
        value: after.acknowledgeP99 / before.acknowledgeP99,
        unit: '×',
        limit: { most: 2 },
      },
    ];
    return figures;
  } finally {
    await hub.stop();
  }
};
