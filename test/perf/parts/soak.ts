import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../driver/figures.ts';
import { residentMb } from '../driver/memory.ts';
import { median } from '../driver/statistics.ts';
import { talk } from '../driver/talk.ts';
import { openWidgets, type Widget } from '../driver/widgets.ts';
import { startBenchHub } from '../subjects/hub.ts';
import type { Part } from './part.ts';

const SECONDS = 600;
const PER_SECOND = 300;
const CHATS = 1_000;
const SOCKETS = 1_000;
const CONNECTIONS = 100;
const SAMPLE_MS = 1_000;

/** 300 messages a second in and as many out, with a thousand chats open on pages. */
export const soak: Part = async ({ seconds = SECONDS, say }) => {
  const hub = await startBenchHub({ demo: 'echo', connections: CONNECTIONS });
  const widgets: Widget[] = [];
  const samples: number[] = [];
  const sampling = new AbortController();
  try {
    widgets.push(...(await openWidgets(hub.url, SOCKETS)));
    const watching = sample(hub.pid, samples, sampling.signal);
    const talked = await talk({ hub, perSecond: PER_SECOND, seconds, chats: CHATS, patienceMs: 60_000 });
    sampling.abort();
    await watching;
    say(
      `soak of ${seconds} s: ${talked.begun} said, ${talked.acknowledged} acknowledged, answers of the webhook ${JSON.stringify([...talked.answers])}`,
    );
    if (talked.againAfterRestMs.length > 0)
      say(
        `connections that were closed as something was sent had rested for at least ${Math.round(Math.min(...talked.againAfterRestMs) / 1_000)} s`,
      );
    const figures: Figure[] = [
      {
        name: `acknowledge, p99, in ${seconds} s of ${PER_SECOND}/s in and out with ${SOCKETS} sockets`,
        value: talked.acknowledgeP99,
        unit: 'ms',
        limit: { most: 100 },
        aim: { most: 50 },
      },
      { name: 'growth of memory in its last half', value: growthOf(samples), unit: '%', limit: { most: 10 } },
      { name: 'memory at its end', value: samples.at(-1) ?? Number.NaN, unit: 'MB' },
      { name: 'lost in it', value: talked.lost, unit: 'messages', limit: { most: 0 } },
      { name: 'doubled in it', value: talked.doubled, unit: 'messages', limit: { most: 0 } },
      { name: 'reordered in it', value: talked.reordered, unit: 'messages', limit: { most: 0 } },
      {
        name: 'not acknowledged in it',
        value: talked.begun - talked.acknowledged,
        unit: 'messages',
        limit: { most: 0 },
      },
      {
        name: 'sent again in it, their connection closed at rest',
        value: talked.againAfterRestMs.length,
        unit: 'messages',
      },
    ];
    return figures;
  } finally {
    sampling.abort();
    for (const widget of widgets) widget.close();
    await hub.stop();
  }
};

async function sample(pid: number, samples: number[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    samples.push(residentMb(pid));
    await sleep(SAMPLE_MS);
  }
}

/** The last tenth over the tenth after the middle, per cent. */
function growthOf(samples: readonly number[]): number {
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const middle = Math.floor(samples.length / 2);
  const before = median(samples.slice(middle, middle + tenth));
  return (median(samples.slice(-tenth)) / before - 1) * 100;
}
