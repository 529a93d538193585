import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Child {
  readonly pid: number;
  /** The address that it has told. */
  readonly url: string;
  /** SIGTERM, and waits. */
  stop(): Promise<void>;
}

/** Starts a Node program and waits until it tells its address on standard output. */
export async function startChild(
  parameters: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<Child> {
  const child = spawn(process.execPath, parameters, { env, cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${parameters.join(' ')} did not start`);
  return { pid, url: await addressOf(child), stop: () => stop(child) };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) throw new Error('a child without output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
