// The chain as the auditor computes it, with no line of the programs' own.
import { createHash } from 'node:crypto';
import type { CounterFiles, EntryRow } from './auditor-books.ts';

const start = { seq: 0, balance: 0, hash: '0'.repeat(64) };

/** Where the chain ends; says which entries do not continue it. */
export function walk(orgId: string, entries: readonly EntryRow[], say: (what: string) => void, from = start) {
  let at = from;
  for (const one of entries) {
    const text = [
      ...[
        at.hash,
        orgId,
        one.seq,
        one.delta,
        one.balance,
        one.kind,
        one.reference ?? '',
        one.key ?? '',
        one.actor ?? '',
      ],
      ...[one.feature ?? '', one.occurred],
    ].join('\n');
    const hash = createHash('sha256').update(text).digest('hex');
    if (one.seq !== at.seq + 1 || one.balance !== at.balance + one.delta || one.balance < 0 || one.hash !== hash)
      say(`entry ${one.seq} does not continue the chain`);
    at = { seq: one.seq, balance: one.balance, hash: one.hash };
  }
  return at;
}

/**
 * What a counter holds continues the chain. One that was shut out while the past was still coming holds its newest entries behind a
 * place that the server knows, and those before it up to somewhere.
 */
export function continues(
  orgId: string,
  { entries, past }: Pick<CounterFiles, 'entries' | 'past'>,
  ofServer: readonly EntryRow[],
  say: (what: string) => void,
): void {
  if (past === undefined) return void walk(orgId, entries, say);
  const { hash, balance } = ofServer[past.seq - 1] ?? {};
  if (hash !== past.hash || balance !== past.balance) say('its newest entries begin at what the server has not');
  const { older = [], newest = [] } = Object.groupBy(entries, ({ seq }) => (seq <= past.seq ? 'older' : 'newest'));
  walk(orgId, older, say);
  walk(orgId, newest, say, past);
}
