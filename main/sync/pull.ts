// Brings the mirror up to the server's head, one checked page at a time. Nothing enters the mirror that does not continue
// the chain over rows that we hold. Rows that are missing or altered are fetched again by themselves; where that does not mend
// it, the chain is pulled anew from the start, once, into a second table, so that what was readable stays readable until the
// new copy is whole.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { mostSnapshotEntries } from '../../shared/contract/sync.ts';
import type { ToldStatus } from '../../shared/contract/told-status.ts';
import { type ChainHead, emptyChain, type Sha256 } from '../../shared/ledger/chain.ts';
import { heldHead } from '../mirror/entries.ts';
import { BegunAnew } from '../mirror/guard.ts';
import type { Mirror } from '../mirror/open.ts';
import { storeSnapshot } from '../mirror/past.ts';
import { type CheckedPage, clearMirror, readPosition, storePage, storeRefill } from '../mirror/position.ts';
import { readPast, walkSlice } from '../mirror/walk.ts';
import type { Log } from '../ports.ts';
import type { Answer, Failure } from './answer.ts';
import type { Client } from './client.ts';
import { chained, type FeedAnswer, mostAtOnce, sizeOf } from './feed.ts';
import type { HeldCheck } from './held-check.ts';
import type { Incident } from './incidents.ts';
import { repair } from './repair.ts';

/**
 * pulled: the server's head is reached and every row up to it is checked; ledger and status say what is new. relist: rows of
 * purchases or documents were altered on this PC and taken out, so that their lists must be read to the end. fault: the
 * chain does not fit, also not from the start; the mirror is as it was.
 */
export type Pulled =
  | { readonly kind: 'pulled'; readonly ledger: boolean; readonly status: boolean; readonly relist: boolean }
  | { readonly kind: 'fault'; readonly fault: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface PullParts {
  readonly client: Pick<Client, 'feed'>;
  readonly mirror: Mirror;
  readonly held: HeldCheck;
  readonly sha256: Sha256;
  readonly log: Log;
  /** Called with each page that our server answered, checked or not: it says what time it is. */
  readonly onPage: (page: Pick<FeedAnswer, 'status' | 'serverTime'>) => void;
  /** Something on this PC was put right; for whoever supports it. */
  readonly onIncident: (incident: Incident) => void;
}

export type Pull = (orgId: string) => Promise<Pulled>;

export function createPull(parts: PullParts): Pull {
  // Set when a pull from the start did not fit either: the fault is the server's, and asking again mends nothing.
  let refillFailed = false;

  const pull = async (orgId: string): Promise<Pulled> => {
    if (!isOf(parts, orgId)) clearMirror(parts.mirror);
    const first = await follow(parts, orgId, refillFailed);
    if (first.kind === 'pulled') refillFailed = false;
    if (first.kind !== 'fault' || refillFailed) return first;
    parts.log('error', 'the ledger does not fit and is pulled anew', { fault: first.fault });
    const second = await pullAnew(parts, orgId);
    refillFailed = second.kind === 'fault';
    if (second.kind === 'pulled') parts.onIncident({ what: 'pulled_anew', detail: first.fault });
    // What was cut short leaves the old rows, which are still at fault.
    parts.held.doubt();
    return second;
  };
  return async (orgId) => {
    try {
      return await pull(orgId);
    } catch (error) {
      if (!(error instanceof BegunAnew)) throw error;
      // The file was begun anew under our hands: what is there now is empty, and sound.
      return pull(orgId);
    }
  };
}

const rowsThatTell = 50;

/** Whether what we hold is this org's. Where the position cannot be read, the entries tell: the chain is over the org's id. */
function isOf({ mirror, sha256 }: PullParts, orgId: string): boolean {
  const position = readPosition(mirror);
  if (position !== null) return position.orgId === orgId;
  const first = walkSlice(mirror, orgId, sha256, readPast(mirror)?.seq ?? 0, rowsThatTell);
  return first.bad.reduce((sum, { from, to }) => sum + to - from + 1, 0) < Math.min(rowsThatTell, first.at);
}

/** Page after page until the server's head; each round adds an entry, mends or returns. known: no repair has mended it yet. */
async function follow(parts: PullParts, orgId: string, known: boolean): Promise<Pulled> {
  let at = heldHead(parts.mirror);
  let [ledger, relist, doubted, looked] = [false, false, known, false];
  const ask = askAhead(parts.client);
  for (;;) {
    const answer = await ask(at.seq, at.seq === 0);
    if (answer.kind !== 'ok') return { kind: 'failed', failure: answer };
    parts.onPage(answer.value);
    if (!looked) {
      looked = true;
      const mended = await lookAndMend(parts, orgId);
      if (mended.kind !== 'sound') return mended;
      ledger ||= mended.ledger;
      relist ||= mended.relist;
      const now = heldHead(parts.mirror);
      if (now.hash !== at.hash) {
        at = now;
        continue;
      }
    }
    const isFarBehind = at.seq > 0 && answer.value.head.seq - at.seq > farBehind && readPast(parts.mirror) === null;
    const newest = isFarBehind ? await parts.client.feed(0, mostSnapshotEntries, true) : answer;
    const taken = newest.kind === 'ok' ? takeNewest(parts, orgId, at, newest.value) : null;
    if (taken !== null) return taken.kind === 'pulled' ? { ...taken, relist } : taken;
    const checked = checkPage(orgId, at, answer.value, parts.sha256);
    if (!checked.ok) {
      if (doubted) return { kind: 'fault', fault: checked.fault };
      // Perhaps it is our last row that is not as it was: every row is looked at before anything is pulled anew.
      parts.held.doubt();
      [doubted, looked] = [true, false];
      continue;
    }
    const before = readPosition(parts.mirror)?.status ?? null;
    storePage(parts.mirror, checked.page);
    at = checked.page.head;
    ledger ||= checked.page.entries.length > 0;
    if (checked.page.verifiedAt !== null) {
      return { kind: 'pulled', ledger, status: differs(before, answer.value.status.read), relist };
    }
  }
}

/** Further behind than this the newest entries are taken first, and those in between are fetched behind them. */
const farBehind = 20_000;

/** Takes the newest entries of a snapshot; null where the answer is none, or begins before what we hold ends. */
function takeNewest(parts: PullParts, orgId: string, at: ChainHead, answer: FeedAnswer): Pulled | null {
  const { snapshot } = answer;
  if (snapshot === undefined || snapshot.seq <= at.seq || readPast(parts.mirror) !== null) return null;
  const checked = checkPage(orgId, snapshot, answer, parts.sha256);
  if (!checked.ok) return { kind: 'fault', fault: checked.fault };
  storeSnapshot(parts.mirror, checked.page, snapshot);
  return { kind: 'pulled', ledger: true, status: true, relist: false };
}

async function pullAnew(parts: PullParts, orgId: string): Promise<Pulled> {
  let at: ChainHead = emptyChain;
  const ask = askAhead(parts.client);
  for (let begins = true; ; begins = false) {
    const answer = await ask(at.seq);
    if (answer.kind !== 'ok') return { kind: 'failed', failure: answer };
    parts.onPage(answer.value);
    const checked = checkPage(orgId, at, answer.value, parts.sha256);
    if (!checked.ok) return { kind: 'fault', fault: checked.fault };
    storeRefill(parts.mirror, checked.page, begins);
    at = checked.page.head;
    if (checked.page.verifiedAt !== null) return { kind: 'pulled', ledger: true, status: true, relist: false };
  }
}

/** Asks for a page, and for the one behind it as soon as that one is here: it is on its way while this one is checked. */
function askAhead(client: Pick<Client, 'feed'>): (after: number, newest?: boolean) => Promise<Answer<FeedAnswer>> {
  let ahead: { readonly after: number; readonly answer: Promise<Answer<FeedAnswer>> } | null = null;
  return async (after, newest = false) => {
    const asked = ahead?.after === after ? ahead.answer : null;
    const answer = await (asked ?? client.feed(after, newest ? mostSnapshotEntries : mostAtOnce, newest));
    const end = answer.kind === 'ok' ? after + sizeOf(answer.value) : after;
    const isPage = answer.kind === 'ok' && answer.value.snapshot === undefined;
    const more = isPage && end > after && end < answer.value.head.seq;
    ahead = more ? { after: end, answer: client.feed(end, mostAtOnce) } : null;
    // The request leaves now, and not when this page is stored.
    if (more) await nextTurn();
    return answer;
  };
}

type Mended =
  | { readonly kind: 'sound'; readonly ledger: boolean; readonly relist: boolean }
  | Exclude<Pulled, { kind: 'pulled' }>;

/** Looks at the rows that are due, and puts right what is not as it was stored. */
async function lookAndMend(parts: PullParts, orgId: string): Promise<Mended> {
  const looked = await parts.held.look(orgId);
  if (looked === null) return { kind: 'failed', failure: { kind: 'none', reason: 'unreachable' } };
  const relist = looked.dropped > 0 || looked.touched;
  if (looked.dropped > 0)
    parts.onIncident({ what: 'rows_dropped', detail: `${looked.dropped} purchases or documents` });
  if (looked.bad.length === 0) return { kind: 'sound', ledger: false, relist };
  const repaired = await repair(parts, orgId, looked.bad);
  if (repaired.kind === 'failed') return repaired;
  if (repaired.kind === 'unfit') return { kind: 'fault', fault: `rows held: ${repaired.reason}` };
  parts.held.mended();
  const ranges = repaired.ranges.map(({ from, to }) => `${from}-${to}`).join(', ');
  parts.log('warn', 'rows of the ledger were missing or altered and were put right', { ranges });
  parts.onIncident({ what: 'rows_repaired', detail: `${ranges}; ${repaired.requests} requests` });
  return { kind: 'sound', ledger: true, relist };
}

type PageCheck = { readonly ok: true; readonly page: CheckedPage } | { readonly ok: false; readonly fault: string };

function checkPage(orgId: string, from: ChainHead, page: FeedAnswer, sha256: Sha256): PageCheck {
  const check = chained(orgId, from, page, sha256);
  if (!check.ok) return check;
  const { entries, head: at } = check;
  if (entries.length === 0 && page.head.seq !== at.seq) {
    return { ok: false, fault: `the server's ledger ends at ${page.head.seq}, ours at ${at.seq}` };
  }
  const reached = page.head.seq === at.seq;
  if (reached && (page.head.hash !== at.hash || page.head.balance !== at.balance)) {
    return { ok: false, fault: `the server's head at ${at.seq} is another` };
  }
  const verifiedAt = reached ? page.serverTime : null;
  return { ok: true, page: { orgId, from, entries, head: at, status: page.status.said, verifiedAt } };
}

/** Time and signature change with every answer, and keys are nobody's business; none of them is news. */
function differs(before: ToldStatus | null, after: ToldStatus): boolean {
  const news = (status: ToldStatus | null) =>
    JSON.stringify({ ...status, serverTime: '', entitlement: '', entitlementKeyChain: [] });
  return news(before) !== news(after);
}
