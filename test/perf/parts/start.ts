import type { Figure } from '../driver/figures.ts';
import { median } from '../driver/statistics.ts';
import { makeFolder, removeFolder, startBenchHub } from '../subjects/hub.ts';
import type { Part } from './part.ts';

/** From the command to the address told: with an empty folder, and again on the same database. */
export const start: Part = async ({ passes }) => {
  const first: number[] = [];
  const again: number[] = [];
  for (let pass = 0; pass < passes; pass++) {
    const folder = makeFolder();
    first.push(await startSeconds(folder));
    again.push(await startSeconds(folder));
    await removeFolder(folder);
  }
  const figures: Figure[] = [
    { name: 'start on an empty folder', value: median(first), unit: 's' },
    {
      name: 'second start',
      value: median(again),
      unit: 's',
      limit: { most: 3 },
      aim: { most: 1.5 },
    },
  ];
  return figures;
};

async function startSeconds(folder: string): Promise<number> {
  const began = performance.now();
  const hub = await startBenchHub({ demo: '1', connections: 1 }, folder);
  const seconds = (performance.now() - began) / 1_000;
  await hub.stop();
  return seconds;
}
