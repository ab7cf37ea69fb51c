// Prints a section for a person.
import type { Section } from './section.ts';

const columns = ['', 'per s', 'p50 ms', 'p99 ms', 'node cpu', 'pg cpu', 'rss MB'];

export function printSection(section: Section): void {
  console.log(`\n## ${section.title}\n${section.how}`);
  const cells = section.rows.map((row) => [
    row.name,
    Math.round(row.perSecond).toLocaleString('en-IN'),
    row.p50Ms.toFixed(3),
    row.p99Ms.toFixed(3),
    row.nodeCpu?.toFixed(2) ?? '',
    row.postgresCpu?.toFixed(2) ?? '',
    row.rssMb?.toFixed(0) ?? '',
  ]);
  const widths = columns.map((column, at) => Math.max(column.length, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  console.log(line(columns));
  for (const row of cells) console.log(line(row));
  for (const { name, value, bound, met } of section.ratios) {
    console.log(`${met ? 'met ' : 'NOT '} ${name}: ${value.toFixed(2)} (${bound})`);
  }
  for (const note of section.notes ?? []) console.log(note);
}
