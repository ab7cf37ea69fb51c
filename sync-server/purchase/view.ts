// A purchase row as the contract shows it.
import type { Purchase, PurchaseState } from '../../shared/contract/billing.ts';
import type { Sku } from '../../shared/plan/catalogue.ts';
import { nextDueAfterRenewal } from '../../shared/plan/renewal.ts';

/** What of a stored purchase is shown. Instants are UTC, money is paise. */
export interface StoredPurchase {
  readonly purchaseId: string;
  readonly sku: Sku;
  readonly quantity: number;
  readonly state: PurchaseState;
  readonly amountPaise: number;
  readonly credits: number;
  readonly provider: string;
  readonly providerOrderId: string | null;
  readonly payToken: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly paidAt: Date | null;
  /** Of a renewal: the due date that it renews from. */
  readonly renewalDue: string | null;
  readonly failureCode: string | null;
  readonly failureDescription: string | null;
  readonly failureAt: Date | null;
  readonly refundedPaise: number;
  readonly deviceId: string;
}

export interface ShownPurchase {
  readonly row: StoredPurchase;
  readonly deviceName: string;
  readonly invoiceId: string | null;
  readonly authorisationUrl: string | null;
}

/** `publicUrl`: without a slash at the end. */
export function showPurchase(shown: ShownPurchase, publicUrl: string): Purchase {
  const { row, deviceName, invoiceId, authorisationUrl } = shown;
  const { failureCode, failureAt } = row;
  // A renewal by autopay has no order before its charge: until the customer has agreed, there is something to agree to.
  const hasPage = row.providerOrderId !== null || authorisationUrl !== null;
  return {
    id: row.purchaseId,
    sku: row.sku,
    quantity: row.quantity,
    state: row.state,
    amountPaise: row.amountPaise,
    currency: 'INR',
    credits: row.credits,
    checkoutUrl: hasPage ? payUrl(row, publicUrl) : null,
    provider: row.provider,
    providerOrderId: row.providerOrderId,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    paidAt: row.paidAt?.toISOString() ?? null,
    invoiceId,
    lastFailure:
      failureCode === null || failureAt === null
        ? null
        : { code: failureCode, description: row.failureDescription ?? '', at: failureAt.toISOString() },
    refundedPaise: row.refundedPaise,
    renewedUntil: row.state === 'paid' && row.paidAt !== null ? renewedUntil(row, row.paidAt) : null,
    deviceId: row.deviceId,
    deviceName,
  };
}

/** Next due after this renewal, paid at that instant; null for anything else. */
export function renewedUntil({ renewalDue }: Pick<StoredPurchase, 'renewalDue'>, paidAt: Date): string | null {
  return renewalDue === null ? null : nextDueAfterRenewal(renewalDue, paidAt);
}

/** The page that takes the payment; whoever has the link may pay, so the token is as long as a password. */
export function payUrl(row: Pick<StoredPurchase, 'purchaseId' | 'payToken'>, publicUrl: string): string {
  return `${publicUrl}/pay/${row.purchaseId}?t=${row.payToken}`;
}
