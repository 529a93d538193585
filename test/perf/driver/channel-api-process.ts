import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startChannelApi } from './channel-api.ts';

/** What the process tells the one that started it. */
export type Told =
  | { readonly url: string }
  | { readonly said: readonly (readonly [chat: number, text: string])[] }
  /** How late it was in this second with what it had to do, p99. */
  | { readonly lateMs: number };

const RESOLUTION_MS = 5;

function tell(told: Told): void {
  process.send?.(told);
}

const api = await startChannelApi();
let said: [number, string][] = [];
api.onMessage = (chat, text) => {
  if (said.length === 0)
    setImmediate(() => {
      tell({ said });
      said = [];
    });
  said.push([chat, text]);
};
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
setInterval(() => {
  // The delay counts from one look to the next.
  tell({ lateMs: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS) });
  delay.reset();
}, 1_000);
process.on('disconnect', () => process.exit());
tell({ url: api.url });
