/**
 * How long a model takes for a text: `tsx model-latency.ts MODEL TEXTS` (texts as JSON) prints microseconds as JSON. A process of
 * its own, as the hub's is: it loads the model beside the shipped one and never trains.
 */
import { readFileSync } from 'node:fs';
import { decodeModel } from '../../nlu/model.ts';
import { shippedModel } from '../../nlu/shipped.ts';
import { createUnderstanding } from '../../nlu/understand.ts';

const [model = '', file = ''] = process.argv.slice(2);
const texts: readonly string[] = JSON.parse(readFileSync(file, 'utf8'));
const shipped = createUnderstanding(shippedModel());
const own = createUnderstanding(decodeModel(readFileSync(model)));

timesOf((text) => shipped.understand(text, { kinds: [] }));
const intents = timesOf((text) => own.understand(text, { kinds: [] }));
const all = timesOf((text) => own.understand(text, { today: '2026-03-18' }));
console.log(
  JSON.stringify({ p10: quantile(intents, 0.1), p50: quantile(intents, 0.5), all: quantile(all, 0.5) }),
);

/** Microseconds of each text, behind two passes that do not count, sorted. */
function timesOf(use: (text: string) => unknown): number[] {
  const times: number[] = [];
  for (let pass = 0; pass < 6; pass++) {
    for (const text of texts) {
      const startedAt = process.hrtime.bigint();
      use(text);
      if (pass > 1) times.push(Number(process.hrtime.bigint() - startedAt) / 1000);
    }
  }
  return times.sort((a, b) => a - b);
}

function quantile(sorted: readonly number[], at: number): number {
  return Math.round(sorted[Math.floor(sorted.length * at)] ?? 0);
}
