import { defineConfig } from 'vitest/config';

// The tests that a changed piece of money code must break: only the fast and pure ones of the unit project, so that a run
// over thousands of changes ends. Whatever they miss is missed here, even where an integration test would see it.
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    retry: 0,
    include: ['tests/unit/{ai,gst,ledger,plan,purchase,server}/**/*.test.ts'],
  },
});
