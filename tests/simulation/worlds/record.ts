// What a run leaves: a line of JSON for each batch, from which it goes on after a stop, and the sum of all lines.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { BatchEnd } from './batch.ts';

export interface Line {
  readonly commit: string;
  readonly from: number;
  readonly to: number;
  readonly ms: number;
  readonly findings: BatchEnd['findings'];
  readonly happened: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, number>>;
}

export function readLines(path: string): Line[] {
  if (!existsSync(path)) return [];
  const texts = readFileSync(path, 'utf8').split('\n');
  return texts.filter((text) => text !== '').map((text) => JSON.parse(text) as Line);
}

export function addLine(path: string, line: Line): void {
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}

export interface Sum {
  readonly worlds: number;
  readonly findings: BatchEnd['findings'];
  readonly happened: ReadonlyMap<string, number>;
  readonly figures: Readonly<Record<string, number>>;
}

export function sumOf(lines: readonly Line[]): Sum {
  const happened = new Map<string, number>();
  const figures = new Map<string, number>();
  for (const line of lines) {
    for (const [what, times] of Object.entries(line.happened)) happened.set(what, (happened.get(what) ?? 0) + times);
    for (const [what, times] of Object.entries(line.figures)) figures.set(what, (figures.get(what) ?? 0) + times);
  }
  return {
    worlds: figures.get('worlds') ?? 0,
    findings: lines.flatMap(({ findings }) => findings),
    happened: new Map([...happened].toSorted()),
    figures: Object.fromEntries([...figures].toSorted()),
  };
}
