// Refund rows: one per refund, whoever asked for it. A refund that the provider tells of and one that we asked for are the
// same when the provider's id is; before that is known, one of the same payment and amount stands for it.
import { and, asc, eq, isNull, lte, or, sql } from 'drizzle-orm';
import type { ProviderRefund } from '../providers/port.ts';
import type { PaymentRow } from './payments.ts';
import { billingRefund, type RefundRow } from './schema-payments.ts';
import type { Tx } from './tx.ts';

const isIt = ({ orgId, refundKey }: Pick<RefundRow, 'orgId' | 'refundKey'>) =>
  and(eq(billingRefund.orgId, orgId), eq(billingRefund.refundKey, refundKey));

export async function updateRefund(
  tx: Tx,
  key: Pick<RefundRow, 'orgId' | 'refundKey'>,
  change: Partial<RefundRow>,
): Promise<void> {
  await tx.update(billingRefund).set(change).where(isIt(key));
}

export async function findRefund(tx: Tx, orgId: string, refundKey: string): Promise<RefundRow | null> {
  const [row] = await tx.select().from(billingRefund).where(isIt({ orgId, refundKey }));
  return row ?? null;
}

/** Asks for money to go back: the row is what the job that asks the provider finds. */
export async function insertRequest(
  tx: Tx,
  payment: PaymentRow,
  request: Pick<RefundRow, 'refundKey' | 'amountPaise' | 'actor' | 'reason'>,
  now: Date,
): Promise<void> {
  const { orgId, provider, paymentId, purchaseId } = payment;
  await tx.insert(billingRefund).values({
    ...{ orgId, provider, paymentId, purchaseId },
    ...request,
    status: 'requested',
    nextAskAt: now,
    createdAt: now,
    updatedAt: now,
  });
}

export async function refundsOf(
  tx: Tx,
  payment: Pick<PaymentRow, 'orgId' | 'provider' | 'paymentId'>,
): Promise<RefundRow[]> {
  return tx
    .select()
    .from(billingRefund)
    .where(
      and(
        eq(billingRefund.orgId, payment.orgId),
        eq(billingRefund.provider, payment.provider),
        eq(billingRefund.paymentId, payment.paymentId),
      ),
    )
    .orderBy(asc(billingRefund.createdAt), asc(billingRefund.refundKey));
}

/** The row that stands for what the provider tells of; made now if nobody here asked for it. Behind the payment's lock. */
export async function rowFor(tx: Tx, payment: PaymentRow, told: ProviderRefund, now: Date): Promise<RefundRow> {
  const rows = await refundsOf(tx, payment);
  const known = rows.find(({ refundId }) => refundId === told.refundId);
  if (known !== undefined) return known;
  const asked = rows.find(
    ({ refundId, status, amountPaise }) => refundId === null && status !== 'failed' && amountPaise === told.amountPaise,
  );
  if (asked !== undefined) {
    await updateRefund(tx, asked, { refundId: told.refundId, updatedAt: now });
    return { ...asked, refundId: told.refundId };
  }
  return insertTold(tx, payment, told, now);
}

/** A row for money that went without anybody here asking for it: a refund from the dashboard, a dispute that was lost. */
export async function insertTold(tx: Tx, payment: PaymentRow, told: ProviderRefund, now: Date): Promise<RefundRow> {
  const { orgId, provider, paymentId, purchaseId } = payment;
  const [made] = await tx
    .insert(billingRefund)
    .values({
      ...{ orgId, provider, paymentId, purchaseId },
      refundKey: told.refundId,
      amountPaise: told.amountPaise,
      status: 'pending',
      refundId: told.refundId,
      actor: 'provider',
      reason: 'told by the provider',
      createdAt: now,
      updatedAt: now,
    })
    .returning();
  if (made === undefined) throw new Error('a refund row was not written');
  return made;
}

/**
 * Takes refunds about which the provider is to be asked, oldest first, and moves their next time on, so that several
 * processes never ask about the same one at once and a crash only costs that time. Looks across orgs; the caller claims
 * each in its org.
 */
export async function listRefundsToAsk(tx: Tx, provider: string, now: Date, limit: number): Promise<RefundRow[]> {
  return tx
    .select()
    .from(billingRefund)
    .where(
      and(
        eq(billingRefund.provider, provider),
        or(eq(billingRefund.status, 'requested'), eq(billingRefund.status, 'pending')),
        lte(billingRefund.nextAskAt, now),
      ),
    )
    .orderBy(asc(billingRefund.nextAskAt))
    .limit(limit);
}

/** Claims one for asking until `until`; false if another process has it, or if it needs no asking any more. */
export async function claimRefund(tx: Tx, row: RefundRow, until: Date): Promise<boolean> {
  const claimed = await tx
    .update(billingRefund)
    .set({ nextAskAt: until, attempts: sql`${billingRefund.attempts} + 1` })
    .where(
      and(
        isIt(row),
        eq(billingRefund.status, row.status),
        eq(billingRefund.attempts, row.attempts),
        row.nextAskAt === null ? isNull(billingRefund.nextAskAt) : eq(billingRefund.nextAskAt, row.nextAskAt),
      ),
    )
    .returning({ key: billingRefund.refundKey });
  return claimed.length > 0;
}
