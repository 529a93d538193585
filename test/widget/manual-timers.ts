import type { Timers } from '../../gateway/connectors/webchat/widget/frame/connection.ts';

/** Time that moves only by `advance`. */
export function createManualTimers(): Timers & { now: () => number; advance: (ms: number) => void } {
  let time = Date.parse('2026-11-23T10:00:00Z');
  let due: { at: number; run: () => void }[] = [];
  return {
    now: () => time,
    after(ms, run) {
      const timer = { at: time + ms, run };
      due.push(timer);
      return () => {
        due = due.filter((each) => each !== timer);
      };
    },
    advance(ms) {
      const until = time + ms;
      for (;;) {
        const next = due.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
        if (!next) break;
        due = due.filter((each) => each !== next);
        time = next.at;
        next.run();
      }
      time = until;
    },
  };
}
