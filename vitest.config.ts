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
    // Many files start processes of their own: more at once would only slow each other down.
    maxWorkers: 2,
  },
});
