// `npm run bench [-- name …]`: runs benchmarks, each beside its baselines in the same run, prints a table and writes
// bench/results.json. The machine may be shared: ratios between rows of one run mean something, single figures less.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { grantsBench } from './grants/bench.ts';
import { inboxBench } from './inbox/bench.ts';
import { ledgerBench } from './ledger/bench.ts';
import type { Section } from './section.ts';
import { syncBench } from './sync/bench.ts';
import { printSection } from './table.ts';
import { uiBench } from './ui/bench.ts';

const benches: Readonly<Record<string, () => AsyncIterable<Section>>> = {
  ledger: ledgerBench,
  inbox: inboxBench,
  grants: grantsBench,
  sync: syncBench,
  ui: uiBench,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}`);
  process.exit(1);
}
const machine = {
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  loadBefore: loadavg(),
};
console.log(`Node ${machine.node}, ${machine.cores} × ${machine.cpu}, load ${machine.loadBefore[0]?.toFixed(1)}`);
const sections: Section[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for await (const section of bench()) {
    printSection(section);
    sections.push(section);
  }
}
const results = { at: new Date().toISOString(), machine: { ...machine, loadAfter: loadavg() }, sections };
writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
