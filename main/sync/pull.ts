// Brings the mirror up to the server's head, one checked page at a time. Nothing enters the mirror that does not continue
// the chain over rows that we hold; a chain that does not fit is pulled anew from the start, once, into a second table,
// so that what was readable stays readable until the new copy is whole.
import type { BillingStatus } from '../../shared/contract/billing.ts';
import type { FeedPage } from '../../shared/contract/sync.ts';
import { type ChainHead, checkChain, emptyChain, type Sha256 } from '../../shared/ledger/chain.ts';
import { checkHeld, heldHead, sumsFit } from '../mirror/entries.ts';
import type { Mirror } from '../mirror/open.ts';
import { type CheckedPage, clearMirror, readPosition, storePage, storeRefill } from '../mirror/position.ts';
import type { Log } from '../ports.ts';
import type { Failure } from './answer.ts';
import type { Client } from './client.ts';

/**
 * pulled: the server's head is reached and every row up to it is checked; ledger and status say what is new. fault: the
 * chain does not fit, also not from the start; the mirror is as it was.
 */
export type Pulled =
  | { readonly kind: 'pulled'; readonly ledger: boolean; readonly status: boolean; readonly repaired: boolean }
  | { readonly kind: 'fault'; readonly fault: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface PullParts {
  readonly client: Pick<Client, 'feed'>;
  readonly mirror: Mirror;
  readonly sha256: Sha256;
  readonly log: Log;
  /** Called with each page that our server answered, checked or not: it says what time it is. */
  readonly onPage: (page: FeedPage) => void;
}

export type Pull = (orgId: string) => Promise<Pulled>;

export function createPull(parts: PullParts): Pull {
  // The whole walk over held rows is done once a start; between two pulls only this process writes them.
  let walked = false;
  // Set when a pull from the start did not fit either: the fault is the server's, and asking again mends nothing.
  let refillFailed = false;

  return async (orgId) => {
    const position = readPosition(parts.mirror);
    if (position !== null && position.orgId !== orgId) clearMirror(parts.mirror);
    const heldFault = faultOfHeld(parts, orgId, walked);
    const first =
      heldFault === null ? await follow(parts, orgId, false) : ({ kind: 'fault', fault: heldFault } as const);
    walked = true;
    if (first.kind === 'pulled') refillFailed = false;
    if (first.kind !== 'fault' || refillFailed) return first;
    parts.log('error', 'the ledger does not fit and is pulled anew', { fault: first.fault });
    const second = await follow(parts, orgId, true);
    refillFailed = second.kind === 'fault';
    // Not walked until it fits: a refill that was cut short leaves the old rows, which are still at fault.
    walked = second.kind === 'pulled';
    return second.kind === 'pulled' ? { ...second, repaired: true } : second;
  };
}

function faultOfHeld(parts: PullParts, orgId: string, walked: boolean): string | null {
  if (walked) return sumsFit(parts.mirror) ? null : 'rows held: sums';
  const check = checkHeld(parts.mirror, orgId, parts.sha256);
  return check.ok ? null : `row held ${check.seq}: ${check.fault}`;
}

/** Page after page until the server's head; each round adds an entry or returns. */
async function follow(parts: PullParts, orgId: string, anew: boolean): Promise<Pulled> {
  let at: ChainHead = anew ? emptyChain : heldHead(parts.mirror);
  let ledger = anew;
  for (let round = 0; ; round += 1) {
    const answer = await parts.client.feed(at.seq);
    if (answer.kind !== 'ok') return { kind: 'failed', failure: answer };
    parts.onPage(answer.value);
    const checked = checkPage(orgId, at, answer.value, parts.sha256);
    if (!checked.ok) return { kind: 'fault', fault: checked.fault };
    const before = readPosition(parts.mirror)?.status ?? null;
    if (anew) storeRefill(parts.mirror, checked.page, round === 0);
    else storePage(parts.mirror, checked.page);
    at = checked.page.head;
    ledger = ledger || checked.page.entries.length > 0;
    if (checked.page.verifiedAt !== null) {
      return { kind: 'pulled', ledger, status: differs(before, answer.value.status), repaired: false };
    }
  }
}

type PageCheck = { readonly ok: true; readonly page: CheckedPage } | { readonly ok: false; readonly fault: string };

function checkPage(orgId: string, from: ChainHead, page: FeedPage, sha256: Sha256): PageCheck {
  const check = checkChain(orgId, from, page.entries, sha256);
  if (!check.ok) return { ok: false, fault: `entry ${check.seq}: ${check.fault}` };
  const at = check.head;
  if (page.entries.length === 0 && page.head.seq !== at.seq) {
    return { ok: false, fault: `the server's ledger ends at ${page.head.seq}, ours at ${at.seq}` };
  }
  const reached = page.head.seq === at.seq;
  if (reached && (page.head.hash !== at.hash || page.head.balance !== at.balance)) {
    return { ok: false, fault: `the server's head at ${at.seq} is another` };
  }
  const verifiedAt = reached ? page.serverTime : null;
  return { ok: true, page: { orgId, entries: page.entries, head: at, status: page.status, verifiedAt } };
}

/** Time and signature change with every answer, and keys are nobody's business; none of them is news. */
function differs(before: BillingStatus | null, after: BillingStatus): boolean {
  const news = (status: BillingStatus | null) =>
    JSON.stringify({ ...status, serverTime: '', entitlement: '', entitlementKeyChain: [] });
  return news(before) !== news(after);
}
