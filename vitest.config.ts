import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/perf/**', 'node_modules/**'],
    globalSetup: ['test/fixtures/postgres.ts'],
    // A machine that is busy with something else is slow; how long something takes is no matter of tests.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    pool: 'forks',
    // Many files wait for processes of their own, and others keep a processor busy: three fill two processors.
    maxWorkers: 3,
  },
});
