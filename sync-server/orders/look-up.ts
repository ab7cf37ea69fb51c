// Asks the provider about one order and lets what it says take effect, by the same function as a webhook. Used when a
// browser comes back from paying, and by whoever reconciles.
import type { Parts } from '../parts.ts';
import type { PurchaseRow } from '../store/schema.ts';
import { applyPayment, type Settled } from '../store/settle.ts';

export type LookUp =
  | { readonly ok: true; readonly settled: readonly Settled[] }
  | { readonly ok: false; readonly reason: string };

export async function lookUpOrder(
  parts: Parts,
  row: Pick<PurchaseRow, 'provider' | 'providerOrderId'>,
): Promise<LookUp> {
  if (row.providerOrderId === null || row.provider !== parts.provider.name) return { ok: true, settled: [] };
  const report = await parts.provider.fetchOrder(row.providerOrderId);
  if (!report.ok) return { ok: false, reason: report.reason };
  const { order, payments } = report.value;
  const settled: Settled[] = [];
  for (const payment of payments) {
    const outcome = await parts.database.unscoped.transaction((tx) =>
      applyPayment(tx, parts, { payment, order }, 'look_up'),
    );
    parts.metrics.settled(outcome);
    settled.push(outcome);
  }
  return { ok: true, settled };
}
