// What the contract of the provider port asks of a provider, and how it reads an answer that must be good.

import type { OrderRequest, Outcome } from '../../../sync-server/providers/port.ts';

export const requestFor = (receipt: string, amountPaise = 1_500_000): OrderRequest => ({
  receipt,
  amountPaise,
  currency: 'INR',
  description: 'PharmaPulse One',
  returnUrl: `https://pharmapulse.example/pay/${receipt}/return?t=1`,
  notes: { purchaseId: receipt, orgId: 'org_1', sku: 'plan.pharmapulse-one' },
});

export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.kind}: ${outcome.reason}`);
  return outcome.value;
}
