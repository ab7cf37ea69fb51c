// Asks the provider about one order and lets what it says take effect, by the same function as a webhook. Used when a
// browser comes back from paying, and by whoever reconciles.
import type { Parts } from '../parts.ts';
import type { Outcome, ReportedPayment } from '../providers/port.ts';
import { noteLookUp } from '../store/looks.ts';
import type { PurchaseRow } from '../store/schema.ts';
import { applyPayment, type Settled } from '../store/settle.ts';

/** A payment of the order, and what came of it here; null for a failed attempt that was known. */
export interface LookedUpPayment {
  readonly payment: ReportedPayment;
  readonly became: Settled | null;
}

export type LookUpParts = Pick<Parts, 'clock' | 'random' | 'config' | 'provider' | 'database' | 'metrics' | 'log'>;

type LookedUpRow = Pick<PurchaseRow, 'provider' | 'providerOrderId' | 'failureCode' | 'failureDescription'>;

export async function lookUpOrder(parts: LookUpParts, row: LookedUpRow): Promise<Outcome<readonly LookedUpPayment[]>> {
  const { provider, providerOrderId: orderId } = row;
  if (orderId === null || provider !== parts.provider.name) return { ok: true, value: [] };
  const report = await parts.provider.fetchOrder(orderId);
  if (!report.ok) return report;
  const { order, payments } = report.value;
  const looked: LookedUpPayment[] = [];
  for (const payment of payments) {
    if (isKnownFailure(row, payment)) {
      looked.push({ payment, became: null });
      continue;
    }
    const became = await parts.database.unscoped.transaction(async (tx) => {
      const done = await applyPayment(tx, parts, { payment, order, linkId: orderId }, 'look_up');
      const found = done === 'settled' || done === 'review' || done === 'refund_due';
      if (found) await noteLookUp(tx, provider, orderId, done === 'settled', parts.clock.now());
      return done;
    });
    parts.metrics.settled(became);
    looked.push({ payment, became });
  }
  return { ok: true, value: looked };
}

/** The attempt that the purchase shows as failed already: it is not news every hour. */
function isKnownFailure({ failureCode, failureDescription }: LookedUpRow, { failure }: ReportedPayment): boolean {
  return failure !== null && failure.code === failureCode && failure.description === failureDescription;
}
