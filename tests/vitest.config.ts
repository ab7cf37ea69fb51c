import { defineConfig } from 'vitest/config';

// unit: pure code and single parts. integration: real PostgreSQL (one cluster for the run, one database a file), real
// HTTP, real SQLite files. No retries: a test that fails once has found something.
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    retry: 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts', 'tests/tidy/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts', 'tests/migrations/**/*.test.ts', 'tests/simulation/**/*.test.ts'],
          globalSetup: ['tests/integration/postgres.setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
