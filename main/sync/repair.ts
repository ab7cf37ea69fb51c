// Puts right the rows that were found missing or altered: only those are fetched again, and they take their places in one
// transaction when they link to the rows on both sides. Where that cannot be, the whole ledger is pulled anew.
import { type ChainHead, chainText, emptyChain, type Sha256 } from '../../shared/ledger/chain.ts';
import { type HeldEntry, heldHead, readEntry } from '../mirror/entries.ts';
import type { Mirror } from '../mirror/open.ts';
import { replaceRanges } from '../mirror/position.ts';
import { joined, type Range, readPast } from '../mirror/walk.ts';
import type { Answer, Failure } from './answer.ts';
import type { Client } from './client.ts';
import { chained, mostAtOnce } from './feed.ts';

/** Beyond this a whole new copy is the smaller evil. */
export const mostRequests = 20;
const closeBy = 200;

export interface RepairParts {
  readonly client: Pick<Client, 'feed'>;
  readonly mirror: Mirror;
  readonly sha256: Sha256;
}

/** requests: how many it took. unfit: what the server has there does not link to what we hold. */
export type Repaired =
  | { readonly kind: 'repaired'; readonly ranges: readonly Range[]; readonly requests: number }
  | { readonly kind: 'unfit'; readonly reason: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

export async function repair(parts: RepairParts, orgId: string, bad: readonly Range[]): Promise<Repaired> {
  const head = heldHead(parts.mirror);
  const ranges = joined(bad, closeBy);
  // What reaches to the newest row has nothing to link to above: it is cut off, and the pull goes on from there.
  const inside = ranges.filter(({ to }) => to < head.seq);
  const requests = inside.reduce((sum, { from, to }) => sum + Math.ceil((to - from + 1) / mostAtOnce), 0);
  if (requests > mostRequests) return { kind: 'unfit', reason: `${requests} requests would be needed` };
  const fetched: HeldEntry[] = [];
  for (const range of inside) {
    const below = linkBelow(parts.mirror, range.from);
    if (below === null) return { kind: 'unfit', reason: `row ${range.from - 1} is not here` };
    const rows = await fetchRange(parts, orgId, below, range);
    if (rows.kind !== 'ok') return rows.kind === 'unfit' ? rows : { kind: 'failed', failure: rows };
    fetched.push(...rows.value);
  }
  replaceRanges(parts.mirror, ranges, fetched);
  return { kind: 'repaired', ranges, requests };
}

function linkBelow(mirror: Mirror, from: number): ChainHead | null {
  if (from === 1) return emptyChain;
  const past = readPast(mirror);
  if (past?.seq === from - 1) return past;
  const row = readEntry(mirror, from - 1);
  return row === null ? null : { seq: row.seq, balance: row.balanceAfter, hash: row.hash };
}

type Unfit = Extract<Repaired, { kind: 'unfit' }>;

async function fetchRange(
  parts: RepairParts,
  orgId: string,
  below: ChainHead,
  { from, to }: Range,
): Promise<Answer<HeldEntry[]> | Unfit> {
  const rows: HeldEntry[] = [];
  let at = below;
  while (at.seq < to) {
    const answer = await parts.client.feed(at.seq, Math.min(mostAtOnce, to - at.seq));
    if (answer.kind !== 'ok') return answer;
    const page = chained(orgId, at, answer.value, parts.sha256);
    if (!page.ok || page.entries.length === 0 || page.head.seq > to) {
      return { kind: 'unfit', reason: `the server's entries from ${at.seq + 1} on` };
    }
    rows.push(...page.entries);
    at = page.head;
  }
  return linksAbove(parts, orgId, at)
    ? { kind: 'ok', value: rows }
    : { kind: 'unfit', reason: `entries ${from} to ${to} do not link to ${to + 1}` };
}

/** Whether what we hold behind `at` continues it. */
function linksAbove({ mirror, sha256 }: RepairParts, orgId: string, at: ChainHead): boolean {
  const past = readPast(mirror);
  if (past?.seq === at.seq) return past.hash === at.hash && past.balance === at.balance;
  const next = readEntry(mirror, at.seq + 1);
  if (next === null) return past !== null && at.seq < past.seq;
  return next.balanceAfter === at.balance + next.delta && sha256(chainText(at.hash, orgId, next)) === next.hash;
}
