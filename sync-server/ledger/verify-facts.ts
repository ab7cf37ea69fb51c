// What the verifier is given: the rows of one org as plain values, and where it tells what it found. Instants are ISO
// texts, dates are `YYYY-MM-DD`.
import type { AttentionKind, FaultKind } from '../../shared/contract/admin.ts';
import type { PurchaseState } from '../../shared/contract/billing.ts';
import type { HashedFields } from '../../shared/ledger/chain.ts';
import type { Sku } from '../../shared/plan/catalogue.ts';

export type EntryFact = HashedFields & { readonly hash: string };

export interface CacheFact {
  readonly balance: number;
  readonly held: number;
  readonly seq: number;
  readonly hash: string;
}

/** A hold, with the entry that it names where there is one. */
export interface HoldFact {
  readonly holdId: string;
  readonly amount: number;
  readonly feature: string;
  readonly state: 'open' | 'captured' | 'released' | 'expired';
  readonly capturedAmount: number | null;
  readonly entrySeq: number | null;
  readonly expiresAt: string;
  readonly closedAt: string | null;
  readonly entry: {
    readonly delta: number;
    readonly kind: string;
    readonly reference: string | null;
    readonly feature: string | null;
  } | null;
}

export interface SubscriptionFact {
  readonly planType: string | null;
  readonly oneTimePurchasedAt: string | null;
  readonly oneTimeAmountPaise: number | null;
  readonly serviceRenewalNextDue: string | null;
  readonly branchesIncluded: number;
  readonly prioritySupport: boolean;
  readonly monthlyCreditGrant: number;
  /** The first month whose grant is not decided, as its first instant. */
  readonly nextGrantAt: string | null;
}

export interface PurchaseFact {
  readonly purchaseId: string;
  readonly sku: Sku;
  readonly quantity: number;
  readonly state: PurchaseState;
  readonly listPricePaise: number;
  readonly pricesIncludeGst: boolean;
  readonly rateBp: number;
  readonly sac: string;
  readonly amountPaise: number;
  readonly credits: number;
  readonly renewalDue: string | null;
  readonly provider: string;
  readonly providerOrderId: string | null;
  readonly paidAt: string | null;
  /** When it came to its state; of a refunded one, when the money had gone back. */
  readonly closedAt: string | null;
  readonly refundedPaise: number;
}

export interface PaymentFact {
  readonly provider: string;
  readonly paymentId: string;
  readonly purchaseId: string;
  readonly providerOrderId: string;
  readonly amountPaise: number;
  readonly currency: string;
  readonly capturedAt: string;
  readonly effect: 'settled' | 'review' | 'refund_due' | 'refunded';
  readonly reason: string | null;
  readonly refundId: string | null;
  readonly refundedPaise: number;
}

export interface DocumentFact {
  readonly invoiceId: string;
  readonly kind: 'invoice' | 'credit_note';
  readonly series: string;
  readonly financialYear: string;
  readonly serial: number;
  readonly number: string;
  readonly issuedOn: string;
  readonly purchaseId: string;
  readonly originalId: string | null;
  readonly totalPaise: number;
  /** As stored; read as a tax document before anything of it is believed. */
  readonly document: unknown;
}

/** What of an org is few enough to be held at once; entries, holds and documents come one by one. */
export interface OrgFacts {
  readonly orgId: string;
  /** null: the row is not there. */
  readonly cache: CacheFact | null;
  readonly subscription: SubscriptionFact | null;
  readonly purchases: readonly PurchaseFact[];
  readonly payments: readonly PaymentFact[];
}

export interface Findings {
  fault(kind: FaultKind, subject: string, expected: Shown, found: Shown): void;
  attention(kind: AttentionKind, subject: string, detail: string): void;
}
export type Shown = string | number | boolean | null;

/** Purchases whose money took effect, whatever became of it later. */
export interface Settled {
  readonly purchase: PurchaseFact;
  readonly payment: PaymentFact;
}
