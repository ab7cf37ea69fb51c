// Natural batching of spends. Every org belongs to one lane; a lane has at most one transaction in flight, and what
// arrives meanwhile is committed together by the next one, in arrival order, each with its own verdict. A line that is
// empty adds no wait: the first request leaves at once.
//
// The head of each org is remembered, so that the entries can be computed before the database is asked; the database
// writes them only if the head is still that one (append_entries). Another process that wrote meanwhile makes the head
// "moved", and the batch is computed again. Refusals are checked against the head in the same way.
import type { Pool } from 'pg';
import type { Entry } from '../../shared/ledger/entry.ts';
import type { Clock } from '../clock.ts';
import { type BatchDecision, decideBatch, type SpendRequest } from '../ledger/batch.ts';
import { sha256 } from './ledger.ts';
import {
  findKnownKeys,
  type KnownHead,
  type KnownKey,
  type OrgOutcome,
  type OrgWrite,
  readHeads,
  writeBatch,
  writeOne,
} from './ledger-writer.ts';

export type SpendVerdict =
  | { readonly ok: true; readonly entry: Entry; readonly available: number; readonly repeat: boolean }
  | { readonly ok: false; readonly code: 'insufficient_credits'; readonly available: number }
  | { readonly ok: false; readonly code: 'idempotency_key_reused' }
  /** The line is full; nothing was done. */
  | { readonly ok: false; readonly code: 'unavailable' };

export interface LedgerLanes {
  /** Takes credits, all or nothing, once per key. Rejects only if the database is away or we made a mistake. */
  spendCredits(orgId: string, request: Omit<SpendRequest, 'occurredAt'>): Promise<SpendVerdict>;
  /** The answer to a request whose key was used before; null if it was not. Takes nothing. */
  repeat(orgId: string, request: Omit<SpendRequest, 'occurredAt'>): Promise<SpendVerdict | null>;
  /** How many requests wait or are being written. */
  waiting(): number;
}

export interface LaneOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  /** Told after a commit which orgs have something new. */
  readonly onSpent?: (orgIds: readonly string[]) => void;
  /** Transactions in flight at most. */
  readonly lanes?: number;
  /** Spends in one transaction at most. */
  readonly batch?: number;
  /** Requests in line at most; past it the answer is `unavailable`. */
  readonly mostWaiting?: number;
}

interface Waiting {
  readonly orgId: string;
  readonly request: SpendRequest;
  readonly settle: (verdict: SpendVerdict) => void;
  readonly fail: (error: unknown) => void;
}

/** A head that moves this often while one batch is tried means a mistake of ours, not a busy neighbour. */
const mostAttempts = 1_000;
/** Heads remembered; the oldest goes first. */
const mostHeads = 50_000;

export function createLedgerLanes(options: LaneOptions): LedgerLanes {
  const { lanes = 2, batch = 512, mostWaiting = 8_192 } = options;
  const lines: Waiting[][] = Array.from({ length: lanes }, () => []);
  const busy: boolean[] = lines.map(() => false);
  const heads = new Map<string, KnownHead>();
  let waiting = 0;

  const drain = async (lane: number): Promise<void> => {
    const line = lines[lane];
    if (line === undefined || busy[lane] === true) return;
    busy[lane] = true;
    for (let before = 0; line.length > 0; ) {
      const taken = line.splice(0, Math.min(batch, fairShare(line.length, before)));
      before = taken.length;
      try {
        await commit(options, heads, taken);
      } catch (error) {
        for (const { orgId, fail } of taken) {
          // What was committed is not known: the next batch must ask.
          heads.delete(orgId);
          fail(error);
        }
      }
      waiting -= taken.length;
    }
    busy[lane] = false;
  };

  return {
    spendCredits: (orgId, request) => {
      if (waiting >= mostWaiting) return Promise.resolve({ ok: false, code: 'unavailable' });
      waiting += 1;
      return new Promise((settle, fail) => {
        const lane = laneOf(orgId, lanes);
        lines[lane]?.push({ orgId, request: { ...request, occurredAt: options.clock.now() }, settle, fail });
        void drain(lane);
      });
    },
    repeat: async (orgId, request) => {
      const known = await findKnownKeys(options.pool, orgId, [request.key]);
      return repeatOf(request, known.get(request.key));
    },
    waiting: () => waiting,
  };
}

/**
 * How many to take of a line. Callers that were just answered come back at once, so taking all that wait would leave the
 * program idle while the database writes, and the other way round. Half of all keeps both at work; a short line goes whole.
 */
function fairShare(waiting: number, before: number): number {
  return Math.max(8, Math.ceil((waiting + before) / 2));
}

function laneOf(orgId: string, lanes: number): number {
  let sum = 0;
  for (let place = Math.max(0, orgId.length - 6); place < orgId.length; place += 1)
    sum = sum * 31 + orgId.charCodeAt(place);
  return sum % lanes;
}

/** Takes one batch to its end: every request in it has its verdict, or this throws. */
async function commit(options: LaneOptions, heads: Map<string, KnownHead>, taken: readonly Waiting[]): Promise<void> {
  let open = byOrg(taken);
  for (let attempt = 0; open.size > 0; attempt += 1) {
    if (attempt === mostAttempts) throw new Error('a ledger head moved without end');
    open = await tryOnce(options, heads, open);
  }
}

/** One call to the database; answers what has to be tried again. */
async function tryOnce(
  { pool, clock, onSpent }: LaneOptions,
  heads: Map<string, KnownHead>,
  open: Map<string, Waiting[]>,
): Promise<Map<string, Waiting[]>> {
  const unknown = [...open.keys()].filter((orgId) => !heads.has(orgId));
  if (unknown.length > 0) for (const [orgId, head] of await readHeads(pool, unknown)) remember(heads, orgId, head);
  const now = clock.now();
  const plans = [...open].map(([orgId, items]) => plan(orgId, heads.get(orgId), items));
  const outcomes = await write(pool, plans, now);
  const again = new Map<string, Waiting[]>();
  const spent: string[] = [];
  const refused: [string, Refused[]][] = [];
  for (const { orgId, items, decision, entries, from } of plans) {
    const outcome = outcomes.get(orgId);
    if (outcome === undefined) throw new Error(`org ${orgId} has no ledger`);
    if (outcome.kind === 'written') {
      remember(heads, orgId, { ...decision.head, keys: from.keys });
      if (entries.length > 0) spent.push(orgId);
      const left = answer(items, decision, now);
      if (left.length > 0) refused.push([orgId, left]);
    } else if (outcome.kind === 'moved') {
      remember(heads, orgId, outcome.head);
      again.set(orgId, items);
    } else {
      const left = answerKnown(
        items,
        await findKnownKeys(
          pool,
          orgId,
          items.map((item) => item.request.key),
        ),
      );
      if (left.length > 0) again.set(orgId, left);
    }
  }
  if (spent.length > 0) onSpent?.(spent);
  for (const [orgId, left] of refused) await refuseUnlessKnown(pool, orgId, left);
  return again;
}

async function write(pool: Pool, plans: readonly OrgWrite[], now: Date): Promise<Map<string, OrgOutcome>> {
  const [only, second] = plans;
  if (only !== undefined && second === undefined && (await writeOne(pool, only, now))) {
    return new Map([[only.orgId, { kind: 'written' }]]);
  }
  return writeBatch(pool, plans, now);
}

function byOrg(taken: readonly Waiting[]): Map<string, Waiting[]> {
  const orgs = new Map<string, Waiting[]>();
  for (const item of taken) {
    const items = orgs.get(item.orgId);
    if (items === undefined) orgs.set(item.orgId, [item]);
    else items.push(item);
  }
  return orgs;
}

function remember(heads: Map<string, KnownHead>, orgId: string, head: KnownHead): void {
  if (heads.size >= mostHeads && !heads.has(orgId)) {
    for (const oldest of heads.keys()) {
      heads.delete(oldest);
      break;
    }
  }
  heads.set(orgId, head);
}

function plan(orgId: string, from: KnownHead | undefined, items: readonly Waiting[]) {
  if (from === undefined) throw new Error(`org ${orgId} has no ledger`);
  const requests = items.map((item) => item.request);
  const decision = decideBatch(orgId, from, requests, sha256);
  const entries = items.flatMap(({ request }, index) => {
    const decided = decision.decisions[index];
    return decided?.kind === 'entry' ? [{ request, written: decided.written }] : [];
  });
  return { orgId, from, to: decision.head, entries, items: [...items], decision };
}

interface Refused extends Waiting {
  readonly available: number;
}

/** Answers what was written and what repeats it; returns what did not fit. */
function answer(items: readonly Waiting[], { decisions }: BatchDecision, now: Date): Refused[] {
  return items.flatMap((item, index) => {
    const decided = decisions[index];
    if (decided === undefined) throw new Error('a request without a decision');
    if (decided.kind === 'insufficient') return [{ ...item, available: decided.available }];
    if (decided.kind === 'reused') {
      item.settle({ ok: false, code: 'idempotency_key_reused' });
      return [];
    }
    const { fields, hash, head } = decided.written;
    const entry = { ...fields, createdAt: now.toISOString(), hash };
    item.settle({ ok: true, entry, available: head.balance - head.held, repeat: decided.kind === 'repeat' });
    return [];
  });
}

/**
 * What does not fit may be a repeat of what once did: the write looked only for the keys of what it wrote. A first answer
 * holds for ever, so only a new key is refused.
 */
async function refuseUnlessKnown(pool: Pool, orgId: string, refused: readonly Refused[]): Promise<void> {
  const keys = refused.map(({ request }) => request.key);
  for (const { settle, available } of answerKnown(refused, await findKnownKeys(pool, orgId, keys))) {
    settle({ ok: false, code: 'insufficient_credits', available });
  }
}

/** Answers the requests whose keys were used before, from what was written then; the rest is left to be tried again. */
function answerKnown<T extends Waiting>(items: readonly T[], known: Map<string, KnownKey>): T[] {
  return items.filter((item) => {
    const verdict = repeatOf(item.request, known.get(item.request.key));
    if (verdict !== null) item.settle(verdict);
    return verdict === null;
  });
}

function repeatOf(request: Omit<SpendRequest, 'occurredAt'>, before: KnownKey | undefined): SpendVerdict | null {
  if (before === undefined) return null;
  const { spend } = before;
  if (spend === null || spend.bodyHash !== request.bodyHash) return { ok: false, code: 'idempotency_key_reused' };
  return { ok: true, entry: spend.entry, available: spend.available, repeat: true };
}
