import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/perf/peers/**', 'node_modules/**'],
    globalSetup: ['test/fixtures/postgres.ts'],
    // A machine that is busy with something else is slow; how long something takes is no matter of tests.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    pool: 'forks',
    // A worker loads the hub and its packages once, and not again for each of its files.
    isolate: false,
    // Two cores: a third worker has them while the others wait for a process, a page or a retry.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
});
