import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_LIMIT_MS = 60_000;
/** A stop that was asked for: the hub ends itself after 15 s, later where the machine is busy. */
const STOP_LIMIT_MS = 30_000;

/** One hub, built, as a process of its own. */
export interface HubProcess {
  readonly url: string;
  /** How often it ended although nobody told it to. */
  crashes(): number;
  /** True where it was started and does not run any more. */
  hasEnded(): boolean;
  /** Starts it and waits until it is ready. */
  start(): Promise<void>;
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** SIGTERM; resolves to its exit code, or null where it does not end in time and is killed. */
  stop(): Promise<number | null>;
}

/** `program` is what Node runs, such as config/bin.mjs. */
export function createHubProcess(program: string, env: NodeJS.ProcessEnv, url: string): HubProcess {
  let child: ChildProcess | undefined;
  let ended: Promise<unknown> = Promise.resolve();
  const toldToEnd = new WeakSet<ChildProcess>();
  let crashes = 0;

  return {
    url,
    crashes: () => crashes,
    hasEnded: () => child !== undefined && (child.exitCode !== null || child.signalCode !== null),
    async start() {
      const started = spawn(process.execPath, [program, 'start'], {
        env,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      child = started;
      ended = once(started, 'exit');
      started.once('exit', () => {
        if (child === started && !toldToEnd.has(started)) crashes += 1;
      });
      const until = Date.now() + READY_LIMIT_MS;
      while (!(await isReady(url))) {
        if (started.exitCode !== null)
          throw new Error(`a hub ended with ${started.exitCode} instead of starting`);
        // Killed meanwhile, on purpose.
        if (started.signalCode !== null) return;
        if (Date.now() > until) throw new Error('a hub did not become ready');
        await sleep(50);
      }
    },
    async kill(signal) {
      if (signal === 'SIGKILL' && child) toldToEnd.add(child);
      child?.kill(signal);
      if (signal !== 'SIGKILL') return;
      await ended;
      child = undefined;
    },
    async stop() {
      const stopped = child;
      if (!stopped) return null;
      toldToEnd.add(stopped);
      stopped.kill('SIGTERM');
      const inTime = await Promise.race([
        ended.then(() => true),
        sleep(STOP_LIMIT_MS, false, { ref: false }),
      ]);
      if (!inTime) {
        stopped.kill('SIGKILL');
        await ended;
      }
      child = undefined;
      return stopped.exitCode;
    },
  };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
