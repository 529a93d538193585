// Loaded before a tool of the build: ends it when the build that started it is gone. A build that is killed cannot end its
// tools itself, and a compiler hears of nothing while it works, so a thread beside it looks.
import { isMainThread, Worker } from 'node:worker_threads';

if (isMainThread) {
  const watch = `
    const parent = Number(process.env.OKNO_PARENT);
    setInterval(() => {
      if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
    }, 500);
  `;
  new Worker(watch, { eval: true, execArgv: [] }).unref();
}
