// Makes sure that a purchase by autopay has exactly one mandate at the provider. As with orders (ensure-order.ts): the
// attempt is counted before the provider is asked, what an unclear answer may have made is looked for by its receipt before
// anything is made again, and a lock in the database keeps two attempts apart, also across processes.
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { catalogue } from '../../shared/plan/catalogue.ts';
import type { Parts } from '../parts.ts';
import type { Mandates, Outcome, ProviderMandate } from '../providers/port.ts';
import { type MandateKey, mandateOf, updateMandate } from '../store/mandate-rows.ts';
import { applyNews } from '../store/mandates.ts';
import { findPurchase, type PurchaseKey } from '../store/purchases.ts';
import type { PurchaseRow } from '../store/schema.ts';
import type { MandateRow } from '../store/schema-payments.ts';
import { accept, type Refused, type Verdict } from '../verdict.ts';
import { returnUrlOf } from './ensure-order.ts';

const tryAgainSeconds = 5;

export const unavailable = (retryAfterSeconds: number | undefined): Refused => ({
  ok: false,
  code: 'unavailable',
  retryAfterSeconds: retryAfterSeconds ?? tryAgainSeconds,
});

/** Runs `work` while nobody else makes or ends this mandate; the connection that holds the lock comes from a small pool. */
export function alone<T>(parts: Parts, { orgId, receipt }: MandateKey, work: () => Promise<T>): Promise<T> {
  return drizzle(parts.database.waiting).transaction(async (lock) => {
    await lock.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`mandate ${orgId} ${receipt}`}, 0))`);
    return work();
  });
}

export async function ensureMandate(parts: Parts, key: PurchaseKey): Promise<Verdict<null>> {
  const { inOrg } = parts.database;
  const { mandates } = parts.provider;
  const asked = await inOrg(key.orgId, (tx) => mandateOf(tx, key));
  if (asked === null) throw new Error(`no mandate of ${key.purchaseId}`);
  return alone(parts, asked, async () => {
    const row = await inOrg(key.orgId, (tx) => mandateOf(tx, key));
    const found = await inOrg(key.orgId, (tx) => findPurchase(tx, key.orgId, key.purchaseId));
    if (row?.status !== 'requested' || found?.row.state !== 'awaiting_payment') return accept(null);
    if (mandates === null || row.provider !== parts.provider.name) return unavailable(undefined);
    const made = await findOrMake(parts, mandates, row, found.row);
    if (!made.ok) {
      parts.log.warn({ purchaseId: key.purchaseId, kind: made.kind, reason: made.reason }, 'no mandate yet');
      return unavailable(made.retryAfterSeconds);
    }
    const news = { mandate: made.value, payment: null };
    await inOrg(key.orgId, (tx) => applyNews(tx, parts, row, news, 'look_up'));
    parts.wakeInbox(0);
    return accept(null);
  });
}

async function findOrMake(
  parts: Parts,
  mandates: Mandates,
  row: MandateRow,
  purchase: PurchaseRow,
): Promise<Outcome<ProviderMandate>> {
  if (row.attempts > 0) {
    const found = await mandates.find(row.receipt);
    if (!found.ok) return found;
    if (found.value !== null) return { ok: true, value: found.value };
  }
  const { orgId, purchaseId } = row;
  await parts.database.inOrg(orgId, (tx) => updateMandate(tx, row, { attempts: row.attempts + 1 }));
  // Asked for again days later, a first charge that was to come may be overdue: then it comes at once.
  const isAhead = row.firstChargeAt !== null && row.firstChargeAt > parts.clock.now();
  const made = await mandates.create({
    receipt: row.receipt,
    amountPaise: row.amountPaise,
    currency: 'INR',
    firstChargeAt: isAhead ? row.firstChargeAt : null,
    description: catalogue['renewal.year'].description,
    returnUrl: returnUrlOf(parts.publicUrl, purchase),
    notes: { purchaseId, orgId, sku: 'renewal.year' },
  });
  if (made.ok || made.kind !== 'unknown') return made;
  // Without a clear answer it may exist: one look before the counter is told to come back.
  const found = await mandates.find(row.receipt);
  return found.ok && found.value !== null ? { ok: true, value: found.value } : made;
}
