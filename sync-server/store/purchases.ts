// Purchases in PostgreSQL: finding, listing, making, moving. What may happen to one is the machine's to say
// (purchase/machine.ts); when money settles it is settle.ts.
import { and, desc, eq, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { PurchaseState } from '../../shared/contract/billing.ts';
import type { Sku } from '../../shared/plan/catalogue.ts';
import { type Page, pageOf, readCursor } from './pages.ts';
import { billingInvoice, device, type PurchaseRow, purchase } from './schema.ts';
import { mandate } from './schema-payments.ts';
import type { Tx } from './tx.ts';

export type PurchaseKey = Pick<PurchaseRow, 'orgId' | 'purchaseId'>;

/** A purchase with what is shown beside it. */
export interface ShownRow {
  readonly row: PurchaseRow;
  readonly deviceName: string;
  readonly invoiceId: string | null;
  /** Where the customer agrees to the mandate that will pay it; null where there is none, or nothing to agree to. */
  readonly authorisationUrl: string | null;
}

const shown = {
  row: purchase,
  deviceName: device.name,
  invoiceId: billingInvoice.invoiceId,
  authorisationUrl: mandate.authorisationUrl,
};

function selectShown(tx: Tx) {
  return tx
    .select(shown)
    .from(purchase)
    .innerJoin(device, and(eq(device.orgId, purchase.orgId), eq(device.deviceId, purchase.deviceId)))
    .leftJoin(
      billingInvoice,
      and(
        eq(billingInvoice.orgId, purchase.orgId),
        eq(billingInvoice.purchaseId, purchase.purchaseId),
        eq(billingInvoice.kind, 'invoice'),
      ),
    )
    .leftJoin(mandate, and(eq(mandate.orgId, purchase.orgId), eq(mandate.purchaseId, purchase.purchaseId)));
}

export async function findPurchase(tx: Tx, orgId: string, purchaseId: string): Promise<ShownRow | null> {
  const [found] = await selectShown(tx).where(and(eq(purchase.orgId, orgId), eq(purchase.purchaseId, purchaseId)));
  return found ?? null;
}

/** By its pay page's link. Both must fit, so that a link cannot be guessed from a purchase's id. */
export async function findByPayToken(tx: Tx, purchaseId: string, payToken: string): Promise<PurchaseRow | null> {
  const [row] = await tx
    .select()
    .from(purchase)
    .where(and(eq(purchase.payToken, payToken), eq(purchase.purchaseId, purchaseId)));
  return row ?? null;
}

/** Which purchase holds a provider's order; null if the order is not ours. */
export async function findByOrder(tx: Tx, provider: string, orderId: string): Promise<PurchaseKey | null> {
  const [row] = await tx
    .select({ orgId: purchase.orgId, purchaseId: purchase.purchaseId })
    .from(purchase)
    .where(and(eq(purchase.provider, provider), eq(purchase.providerOrderId, orderId)));
  return row ?? null;
}

/** Which purchase our receipt at a provider stands for; null if it is none of ours. Looks across orgs. */
export async function findByReceipt(tx: Tx, provider: string, receipt: string): Promise<PurchaseKey | null> {
  const [row] = await tx
    .select({ orgId: purchase.orgId, purchaseId: purchase.purchaseId })
    .from(purchase)
    .where(and(eq(purchase.provider, provider), eq(purchase.receipt, receipt)));
  return row ?? null;
}

/** Which orgs have a purchase of this id; two may have chosen the same. Looks across orgs. */
export async function findOwners(tx: Tx, purchaseId: string, orgId: string | null): Promise<PurchaseKey[]> {
  return tx
    .select({ orgId: purchase.orgId, purchaseId: purchase.purchaseId })
    .from(purchase)
    .where(and(eq(purchase.purchaseId, purchaseId), orgId === null ? undefined : eq(purchase.orgId, orgId)))
    .limit(2);
}

/** Locks a purchase that is known to exist. The org's subscription row must be locked before. */
export async function lockPurchase(tx: Tx, orgId: string, purchaseId: string): Promise<PurchaseRow> {
  const [row] = await tx
    .select()
    .from(purchase)
    .where(and(eq(purchase.orgId, orgId), eq(purchase.purchaseId, purchaseId)))
    .for('update');
  if (row === undefined) throw new Error(`org ${orgId} has no purchase ${purchaseId}`);
  return row;
}

/** The org's purchase of this sku that another request must follow: not yet paid, or with money under review. */
export async function findInProgress(
  tx: Tx,
  orgId: string,
  sku: Sku,
  renewalDue: string | null,
): Promise<ShownRow | null> {
  const [found] = await selectShown(tx)
    .where(
      and(
        eq(purchase.orgId, orgId),
        eq(purchase.sku, sku),
        inArray(purchase.state, ['awaiting_payment', 'under_review']),
        renewalDue === null ? undefined : eq(purchase.renewalDue, renewalDue),
      ),
    )
    .orderBy(purchase.createdAt)
    .limit(1);
  return found ?? null;
}

/** The purchase that renewed the year from this due date, if one has. */
export async function findRenewalOf(tx: Tx, orgId: string, renewalDue: string): Promise<ShownRow | null> {
  const [found] = await selectShown(tx)
    .where(
      and(
        eq(purchase.orgId, orgId),
        eq(purchase.sku, 'renewal.year'),
        eq(purchase.state, 'paid'),
        eq(purchase.renewalDue, renewalDue),
      ),
    )
    .limit(1);
  return found ?? null;
}

/** Other purchases of the same plan or service year that still wait for money; locked, in a fixed order. */
export async function lockRivals(tx: Tx, row: PurchaseRow): Promise<PurchaseRow[]> {
  if (row.sku === 'topup.50k') return [];
  return tx
    .select()
    .from(purchase)
    .where(
      and(
        eq(purchase.orgId, row.orgId),
        eq(purchase.sku, row.sku),
        eq(purchase.state, 'awaiting_payment'),
        sql`${purchase.purchaseId} <> ${row.purchaseId}`,
        row.renewalDue === null ? undefined : eq(purchase.renewalDue, row.renewalDue),
      ),
    )
    .orderBy(purchase.purchaseId)
    .for('update');
}

/** A purchase that closes unpaid leaves a link behind that must end: whoever looks at it next sees to that. */
export const lookAtLink = ({ paidByLink }: PurchaseRow, now: Date): Partial<PurchaseRow> =>
  paidByLink ? { nextLookAt: now } : {};

export async function updatePurchase(tx: Tx, row: PurchaseKey, change: Partial<PurchaseRow>): Promise<void> {
  await tx
    .update(purchase)
    .set(change)
    .where(and(eq(purchase.orgId, row.orgId), eq(purchase.purchaseId, row.purchaseId)));
}

/** Newest first. Throws RangeError on a cursor that no answer gave. */
export async function listPurchases(
  tx: Tx,
  orgId: string,
  state: PurchaseState | null,
  cursor: string | null,
  limit: number,
): Promise<Page<ShownRow>> {
  const filters: (SQL | undefined)[] = [eq(purchase.orgId, orgId)];
  if (state !== null) filters.push(eq(purchase.state, state));
  if (cursor !== null) {
    const [at, id] = readCursor(cursor, /^(\d{1,13}) ([A-Za-z0-9_-]{1,64})$/);
    const createdAt = new Date(Number(at));
    filters.push(
      or(lt(purchase.createdAt, createdAt), and(eq(purchase.createdAt, createdAt), lt(purchase.purchaseId, id))),
    );
  }
  const items = await selectShown(tx)
    .where(and(...filters))
    .orderBy(desc(purchase.createdAt), desc(purchase.purchaseId))
    .limit(limit + 1);
  return pageOf(items, limit, ({ row }) => `${row.createdAt.getTime()} ${row.purchaseId}`);
}

/** Whether any order may exist at the provider that no purchase knows yet: calls whose outcome is unknown. */
export async function hasUnknownOrders(tx: Tx, provider: string): Promise<boolean> {
  const rows = await tx
    .select({ id: purchase.purchaseId })
    .from(purchase)
    .where(
      and(
        eq(purchase.provider, provider),
        eq(purchase.state, 'awaiting_payment'),
        isNull(purchase.providerOrderId),
        sql`${purchase.orderAttempts} > 0`,
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** Purchases whose time to pay is over, oldest first. */
export async function listOverdue(tx: Tx, now: Date, limit: number): Promise<PurchaseKey[]> {
  return tx
    .select({ orgId: purchase.orgId, purchaseId: purchase.purchaseId })
    .from(purchase)
    .where(and(eq(purchase.state, 'awaiting_payment'), sql`${purchase.expiresAt} <= ${now.toISOString()}`))
    .orderBy(purchase.expiresAt)
    .limit(limit);
}
