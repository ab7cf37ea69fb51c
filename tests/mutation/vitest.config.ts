import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Whole programs, and thousands of histories: asked only when no other test has noticed the change. */
const slow = /\/(renewal|verify-fields)\.test\.ts$/;

/** A run ends at the first test that fails, so the quick ones come first; the same order every time. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => `${slow.test(moduleId) ? 1 : 0} ${moduleId}`;
    return files.toSorted((a, b) => rank(a).localeCompare(rank(b)));
  }
}

// The tests that a changed piece of money code must break: only the fast and pure ones of the unit project, so that a run
// over thousands of changes ends. Whatever they miss is missed here, even where an integration test would see it.
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    retry: 0,
    // As in stryker.config.mjs: a slow machine is not a change that was noticed.
    testTimeout: 120_000,
    include: ['tests/unit/{ai,gst,server}/**/*.test.ts'],
    // It reads a document, which the changed copy has not.
    exclude: ['**/operating-payments.test.ts'],
    sequence: { sequencer: QuickFirst },
  },
});
