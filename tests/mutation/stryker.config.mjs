// Mutation testing of the pure money code; `npm run test:mutation`, explained in docs/mutation-testing.md.
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const out = 'tests/mutation/.results';

export default {
  mutate: [
    'shared/{ledger,gst,plan}/**/*.ts',
    'sync-server/ledger/*.ts',
    'sync-server/purchase/*.ts',
    'sync-server/ai/{prices,tokens}.ts',
  ],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'tests/mutation/vitest.config.ts', related: true },
  coverageAnalysis: 'perTest',
  // Two at once is what a small machine bears.
  concurrency: 2,
  // A change counts as noticed when the tests no longer end. On a busy machine slow must not pass for endless, or changes
  // that nobody noticed are counted as found: an endless loop is stopped by its count of steps long before this time.
  timeoutMS: 120_000,
  timeoutFactor: 5,
  // The copy that is changed lies outside of the tree, where no other tool of the project looks.
  tempDirName: join(tmpdir(), 'pharmapulse-mutation'),
  cleanTempDir: 'always',
  ignorePatterns: ['out', 'dist', '.data', 'docs', 'bench', 'renderer', 'tests/e2e', out],
  // Stryker would rewrite paths in it with an API that TypeScript 7 no longer has; the copy has the same layout, so nothing
  // needs rewriting.
  tsconfigFile: 'none.json',
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  htmlReporter: { fileName: `${out}/report.html` },
  jsonReporter: { fileName: `${out}/report.json` },
  incrementalFile: `${out}/incremental.json`,
  thresholds: { high: 95, low: 90, break: 90 },
  allowEmpty: false,
};
