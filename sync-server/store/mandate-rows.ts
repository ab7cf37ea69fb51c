// Mandates in PostgreSQL: finding, locking, changing. What may happen to one is the machine's to say
// (purchase/mandate-machine.ts); what the provider's word does is mandates.ts.
import { and, asc, desc, eq, inArray, isNotNull, lte, or, sql } from 'drizzle-orm';
import type { ProviderMandate } from '../providers/port.ts';
import type { PurchaseKey } from './purchases.ts';
import { type PurchaseRow, purchase } from './schema.ts';
import { type MandateRow, mandate } from './schema-payments.ts';
import type { Tx } from './tx.ts';

export type MandateKey = Pick<MandateRow, 'orgId' | 'receipt'>;

/** Ours by the provider's id, or by the receipt that it carries: the id changes or comes late, the receipt does not. */
export async function findMandate(tx: Tx, provider: string, told: ProviderMandate): Promise<MandateKey | null> {
  const byReceipt = told.receipt === null ? undefined : eq(mandate.receipt, told.receipt);
  const [row] = await tx
    .select({ orgId: mandate.orgId, receipt: mandate.receipt })
    .from(mandate)
    .where(and(eq(mandate.provider, provider), or(eq(mandate.mandateId, told.mandateId), byReceipt)))
    .orderBy(desc(sql`${mandate.mandateId} is not distinct from ${told.mandateId}`))
    .limit(1);
  return row ?? null;
}

/** Locks a mandate that is known to exist. The org's subscription row must be locked before. */
export async function lockMandate(tx: Tx, { orgId, receipt }: MandateKey): Promise<MandateRow> {
  const [row] = await tx
    .select()
    .from(mandate)
    .where(and(eq(mandate.orgId, orgId), eq(mandate.receipt, receipt)))
    .for('update');
  if (row === undefined) throw new Error(`org ${orgId} has no mandate ${receipt}`);
  return row;
}

export async function updateMandate(tx: Tx, { orgId, receipt }: MandateKey, change: Partial<MandateRow>) {
  await tx
    .update(mandate)
    .set(change)
    .where(and(eq(mandate.orgId, orgId), eq(mandate.receipt, receipt)));
}

export interface OwnMandate {
  readonly row: MandateRow;
  /** State of the purchase with which it was asked for. */
  readonly asked: PurchaseRow['state'];
}

/** Every mandate of an org, oldest first. */
export async function mandatesOf(tx: Tx, orgId: string): Promise<OwnMandate[]> {
  return tx
    .select({ row: mandate, asked: purchase.state })
    .from(mandate)
    .innerJoin(purchase, and(eq(purchase.orgId, mandate.orgId), eq(purchase.purchaseId, mandate.purchaseId)))
    .where(eq(mandate.orgId, orgId))
    .orderBy(asc(mandate.createdAt), asc(mandate.receipt));
}

/** The mandate that was asked for with a purchase. */
export async function mandateOf(tx: Tx, { orgId, purchaseId }: PurchaseKey): Promise<MandateRow | null> {
  const [row] = await tx
    .select()
    .from(mandate)
    .where(and(eq(mandate.orgId, orgId), eq(mandate.purchaseId, purchaseId)));
  return row ?? null;
}

/** The provider is asked about this purchase's mandate at the next sweep: something of ours has changed what is wanted. */
export async function lookSoon(tx: Tx, { orgId, purchaseId }: PurchaseKey, now: Date): Promise<void> {
  await tx
    .update(mandate)
    .set({ nextLookAt: now })
    .where(
      and(
        eq(mandate.orgId, orgId),
        eq(mandate.purchaseId, purchaseId),
        inArray(mandate.status, ['requested', 'created', 'authenticated']),
      ),
    );
}

/** Mandates about which the provider is to be asked, the longest waiting first. */
export async function listDueMandates(tx: Tx, provider: string, now: Date, limit: number): Promise<MandateKey[]> {
  return tx
    .select({ orgId: mandate.orgId, receipt: mandate.receipt })
    .from(mandate)
    .where(and(eq(mandate.provider, provider), isNotNull(mandate.nextLookAt), lte(mandate.nextLookAt, now)))
    .orderBy(asc(mandate.nextLookAt))
    .limit(limit);
}
