// A purchase as it begins: stored with its frozen terms, before any provider hears of it.
import { makeId } from '../clock.ts';
import type { Parts } from '../parts.ts';
import { daysToPay, type Terms } from '../purchase/terms.ts';
import { type PurchaseRow, purchase } from './schema.ts';
import type { Tx } from './tx.ts';

export type NewPurchase = Pick<
  PurchaseRow,
  'orgId' | 'purchaseId' | 'deviceId' | 'sku' | 'quantity' | 'renewalMode' | 'renewalDue'
> & { readonly state?: 'cancelled' };

export async function insertPurchase(
  tx: Tx,
  parts: Pick<Parts, 'clock' | 'random' | 'provider'>,
  wish: NewPurchase,
  terms: Terms,
): Promise<void> {
  const now = parts.clock.now();
  await tx.insert(purchase).values({
    state: 'awaiting_payment',
    ...wish,
    ...terms,
    closedAt: wish.state === undefined ? null : now,
    provider: parts.provider.name,
    receipt: makeId('rcpt', parts.clock, parts.random),
    orderAttempts: 0,
    payToken: parts.random.bytes(24).toString('base64url'),
    createdAt: now,
    expiresAt: new Date(now.getTime() + daysToPay * 86_400_000),
    refundedPaise: 0,
  });
}
