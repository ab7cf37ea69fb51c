// One contact with the server from end to end: pull, purchases, send, documents. Reports what it came to; when the next one comes is
// the machine's business.
import type { Notice } from '../../shared/contract/frames.ts';
import type { Mirror } from '../mirror/open.ts';
import type { Outbox } from '../outbox/open.ts';
import type { Random } from '../ports.ts';
import type { Session } from '../session/session.ts';
import type { TrustedTime } from '../session/trusted-time.ts';
import type { Failure } from './answer.ts';
import type { Client } from './client.ts';
import { deliver } from './deliver.ts';
import type { DocumentBook } from './document-book.ts';
import type { Pull } from './pull.ts';
import type { PurchaseBook } from './purchase-book.ts';

export type Topic = Notice['topics'][number];

/** problem: a code of `syncView.problem`, null when all is well. */
export type Outcome =
  | { readonly kind: 'done'; readonly problem: string | null }
  | { readonly kind: 'failed'; readonly problem: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'refused'; readonly code: string };

export interface CycleParts {
  readonly client: Client;
  readonly pull: Pull;
  readonly book: PurchaseBook;
  readonly documents: DocumentBook;
  readonly outbox: Outbox;
  readonly mirror: Mirror;
  readonly session: Session;
  readonly time: TrustedTime;
  readonly random: Random;
  readonly changed: (topics: Topic[]) => void;
}

/** whole: also ask for purchases when nothing else is new. */
export type Cycle = (whole: boolean) => Promise<Outcome>;

export function createCycle(parts: CycleParts): Cycle {
  // A crash may have come between ledger and purchases, so the first list of a start is always read to its end.
  let listed = false;
  let begunAnew = parts.mirror.begunAnew();
  // What a contact learnt is owed to purchases and documents until they were read, though it may break off in between; relist:
  // rows were taken out, which are missing until the lists were read to their ends.
  let owed = false;
  let relist = false;
  return async (whole) => {
    const session = parts.session.saved();
    if (session === null) return { kind: 'refused', code: 'not_activated' };
    const pulled = await parts.pull(session.orgId);
    if (pulled.kind === 'failed') return outcomeOf(pulled.failure);
    owed = owed || whole || (pulled.kind === 'pulled' && (pulled.ledger || pulled.status));
    parts.changed(pulled.kind === 'pulled' ? topicsOf(pulled.ledger, pulled.status) : ['sync']);
    if (begunAnew !== parts.mirror.begunAnew()) listed = false;
    begunAnew = parts.mirror.begunAnew();
    relist = relist || (pulled.kind === 'pulled' && pulled.relist);
    const list = await parts.book.refresh(parts.client, owed || relist || !listed);
    if (list.kind === 'failed') return outcomeOf(list.failure);
    listed = true;
    owed = owed || list.changed;
    if (list.changed) parts.changed(['purchases']);
    const sent = await deliver({ ...parts, now: parts.time.now });
    if (sent.changed) parts.changed(['purchases']);
    if (sent.unauthorised !== null) return { kind: 'refused', code: sent.unauthorised };
    // Last: nobody waits for a document as for a purchase. One is issued or taken back only where a purchase moved.
    const papers = await parts.documents.refresh(parts.client, owed, relist);
    if (papers.changed) parts.changed(['documents']);
    if (papers.failure !== null) return outcomeOf(papers.failure);
    owed = false;
    relist = false;
    return { kind: 'done', problem: pulled.kind === 'fault' ? 'ledger_mismatch' : null };
  };
}

function topicsOf(ledger: boolean, status: boolean): Topic[] {
  return ['sync', ...(ledger ? (['ledger', 'status'] as const) : status ? (['status'] as const) : [])];
}

function outcomeOf(failure: Failure): Outcome {
  if (failure.kind === 'unauthorised') return { kind: 'refused', code: failure.code };
  if (failure.kind === 'later') {
    return { kind: 'failed', problem: failure.code, retryAfterMs: failure.retryAfterMs };
  }
  if (failure.kind === 'none') return { kind: 'failed', problem: failure.reason, retryAfterMs: null };
  // A refusal of a plain read: this app and that server do not understand each other.
  return { kind: 'failed', problem: failure.code, retryAfterMs: null };
}
