import { cpuOfTree } from '../process-cpu.ts';
import type { Subject } from '../subjects/subject.ts';
import { median } from './statistics.ts';

/** What one pass measured. */
interface Pass {
  readonly perSecond: number;
  /** CPU of the subject's processes, microseconds an operation. */
  readonly cpuUs: number;
  /** CPU of the driver, the same. */
  readonly driverUs: number;
}

export interface PassesOptions {
  readonly passes: number;
  readonly passMs: number;
  readonly warmUpMs: number;
  /** Conversations at once, each as fast as it is answered. */
  readonly chats: number;
}

export type Medians = Pass & { readonly name: string };

/** Measures all subjects in interleaved passes, so that what else the machine does falls on all of them alike. */
export async function measure(
  subjects: readonly Subject[],
  options: PassesOptions,
): Promise<readonly Medians[]> {
  const measured = subjects.map((): Pass[] => []);
  for (const subject of subjects) await runPass(subject, options.chats, options.warmUpMs);
  for (let pass = 0; pass < options.passes; pass++) {
    for (const [index, subject] of subjects.entries()) {
      measured[index]?.push(await runPass(subject, options.chats, options.passMs));
    }
  }
  return subjects.map(({ name }, index) => {
    const of = (key: keyof Pass) => median((measured[index] ?? []).map((pass) => pass[key]));
    return { name, perSecond: of('perSecond'), cpuUs: of('cpuUs'), driverUs: of('driverUs') };
  });
}

async function runPass({ pid, operate }: Subject, chats: number, milliseconds: number): Promise<Pass> {
  const cpu = cpuOfTree(pid);
  const driver = process.cpuUsage();
  const began = performance.now();
  let done = 0;
  const converse = async (chat: number) => {
    while (performance.now() - began < milliseconds) {
      await operate(chat);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: chats }, (_, index) => converse(1_000 + index)));
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(driver);
  return {
    perSecond: done / seconds,
    cpuUs: ((cpuOfTree(pid) - cpu) / done) * 1e6,
    driverUs: (user + system) / done,
  };
}
