import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../driver/figures.ts';
import { residentMb } from '../driver/memory.ts';
import { median } from '../driver/statistics.ts';
import { openWidget, openWidgets, type Widget } from '../driver/widgets.ts';
import { cpuOfTree } from '../process-cpu.ts';
import { startBenchHub } from '../subjects/hub.ts';
import type { Part } from './part.ts';

const SETTLE_MS = 3_000;

/** What open chats cost: memory of the hub at rest and with a thousand, and one answer shown on thousands of pages. */
export const sockets: Part = async ({ passes }) => [...(await memory()), ...(await fanOut(passes))];

async function memory(): Promise<Figure[]> {
  const hub = await startBenchHub({ demo: '1', connections: 1 });
  const widgets: Widget[] = [];
  try {
    await hub.ask(1, 'hello');
    await sleep(SETTLE_MS);
    const rest = residentMb(hub.pid);
    widgets.push(...(await openWidgets(hub.url, 1_000)));
    await sleep(SETTLE_MS);
    const thousand = residentMb(hub.pid);
    widgets.push(...(await openWidgets(hub.url, 4_000)));
    await sleep(SETTLE_MS);
    const fiveThousand = residentMb(hub.pid);
    return [
      {
        name: 'memory of the hub at rest',
        value: rest,
        unit: 'MB',
        limit: { most: 180 },
        aim: { most: 120 },
      },
      {
        name: 'memory of the hub with 1 000 sockets',
        value: thousand,
        unit: 'MB',
        limit: { most: 250 },
        aim: { most: 150 },
      },
      { name: 'memory of the hub with 5 000 sockets', value: fiveThousand, unit: 'MB' },
      { name: 'memory of an idle socket', value: ((fiveThousand - thousand) / 4_000) * 1_024, unit: 'KB' },
    ];
  } finally {
    for (const widget of widgets) widget.close();
    await hub.stop();
  }
}

/** One visitor has the chat open on many pages: each shows the answer. */
async function fanOut(passes: number): Promise<Figure[]> {
  const hub = await startBenchHub({ demo: 'echo', connections: 1 });
  const pages: Widget[] = [];
  const figures: Figure[] = [];
  try {
    const first = await openWidget(hub.url);
    pages.push(first);
    for (const count of [1_000, 5_000]) {
      pages.push(...(await openWidgets(hub.url, count - pages.length, first.token)));
      await shownOnAll(pages, first);
      const shown: { ms: number; cpuUs: number }[] = [];
      for (let pass = 0; pass < passes; pass++) {
        const cpu = cpuOfTree(hub.pid);
        const ms = await shownOnAll(pages, first);
        shown.push({ ms, cpuUs: ((cpuOfTree(hub.pid) - cpu) / count) * 1e6 });
      }
      figures.push(
        {
          name: `an answer shown on ${count} pages, the last`,
          value: median(shown.map(({ ms }) => ms)),
          unit: 'ms',
        },
        {
          name: `CPU of the hub for each of ${count} pages`,
          value: median(shown.map(({ cpuUs }) => cpuUs)),
          unit: 'µs',
        },
      );
    }
    return figures;
  } finally {
    for (const page of pages) page.close();
    await hub.stop();
  }
}

let said = 0;
const SHOW_LIMIT_MS = 60_000;

/** Says something and waits until each page shows the answer; milliseconds. */
async function shownOnAll(pages: readonly Widget[], first: Widget): Promise<number> {
  const text = `said ${said++}`;
  const began = performance.now();
  const shown = Promise.all(
    pages.map(
      (page) =>
        new Promise<void>((resolve) => {
          page.onMessage = (heard) => {
            if (heard === `you said ${text}`) resolve();
          };
        }),
    ),
  );
  first.say(`bench-${text}`, text);
  const inTime = await Promise.race([shown.then(() => true), sleep(SHOW_LIMIT_MS, false, { ref: false })]);
  if (!inTime) throw new Error(`an answer was not shown on all of ${pages.length} pages`);
  return performance.now() - began;
}
