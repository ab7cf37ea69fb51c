// What a wish for a renewal means for mandates, under the org's lock: which one is in use, which may be replaced, and the
// row of a new one before any provider hears of it.
import { makeId } from '../clock.ts';
import type { Parts } from '../parts.ts';
import { isUnwanted, stageOf } from '../purchase/mandate-machine.ts';
import { firstChargeAt, nextLookAt } from '../purchase/mandate-times.ts';
import { writeAudit } from '../store/audit.ts';
import { lookSoon, type MandateKey, mandateOf, mandatesOf } from '../store/mandate-rows.ts';
import type { Caller } from '../store/orgs.ts';
import { type PurchaseKey, updatePurchase } from '../store/purchases.ts';
import type { PurchaseRow } from '../store/schema.ts';
import { type MandateRow, mandate } from '../store/schema-payments.ts';
import type { Tx } from '../store/tx.ts';

/**
 * living: the one mandate that is being agreed to or charges. inTheWay: those that could come back to life beside a new one
 * (paused, halted), or that nobody wants any more; they must be over at the provider before there is another.
 */
export async function livingMandates(
  tx: Tx,
  orgId: string,
): Promise<{ readonly living: MandateRow | null; readonly inTheWay: readonly MandateKey[] }> {
  const all = (await mandatesOf(tx, orgId)).filter(({ row }) => stageOf(row.status) !== 'over');
  const living = all.find(
    ({ row, asked }) => stageOf(row.status) !== 'failing' && !isUnwanted(row.status, asked, true),
  );
  return { living: living?.row ?? null, inTheWay: all.map(({ row }) => row) };
}

/** Whether this purchase waits for a customer who has not agreed to its mandate yet. */
export async function isNotAgreedTo(tx: Tx, row: PurchaseRow): Promise<boolean> {
  if (row.state !== 'awaiting_payment') return false;
  const own = await mandateOf(tx, row);
  return own !== null && stageOf(own.status) === 'asked';
}

/** A manual renewal takes the place of one by autopay that nobody has agreed to; its mandate is ended by the next sweep. */
export async function replace(tx: Tx, row: PurchaseRow, by: Caller, purchaseId: string, now: Date): Promise<void> {
  const { orgId, deviceId } = by;
  await updatePurchase(tx, row, { state: 'cancelled', closedAt: now });
  await lookSoon(tx, row, now);
  const details = { because: purchaseId };
  const entry = { orgId, actor: deviceId, action: 'purchase.cancelled', subject: row.purchaseId, details };
  await writeAudit(tx, entry, now);
}

export async function askForMandate(
  tx: Tx,
  parts: Parts,
  { orgId, purchaseId }: PurchaseKey,
  amountPaise: number,
  renewalDue: string | null,
): Promise<void> {
  if (renewalDue === null) throw new Error('a mandate without a plan');
  const now = parts.clock.now();
  const first = { status: 'requested', createdAt: now, firstChargeAt: firstChargeAt(renewalDue, now) } as const;
  await tx.insert(mandate).values({
    ...first,
    orgId,
    receipt: makeId('mnd', parts.clock, parts.random),
    provider: parts.provider.name,
    purchaseId,
    amountPaise,
    nextLookAt: nextLookAt({ ...first, nextDue: renewalDue }, now),
    updatedAt: now,
  });
}
