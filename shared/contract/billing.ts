// Purchases and status over HTTP. A purchase is what a counter asks for; its state moves only on the provider's word.
import { z } from 'zod';
import { amount, calendarDate, instant } from '../ledger/entry.ts';
import { mostPacks, sku } from '../plan/catalogue.ts';
import { reminderKind } from '../plan/reminders.ts';
import { features, renewalStatus } from '../plan/shapes.ts';
import { entitlementKey } from './devices.ts';
import { invoiceId, purchaseId } from './ids.ts';
import { price } from './price.ts';

/** States that the server knows; a counter has a few more before the server has heard of the purchase. */
export const purchaseState = z.enum(['awaiting_payment', 'paid', 'under_review', 'cancelled', 'expired', 'refunded']);
export type PurchaseState = z.infer<typeof purchaseState>;

/** An open purchase can still be paid by the user's own action. */
export const openPurchaseStates: readonly PurchaseState[] = ['awaiting_payment'];

const purchaseRequest = z.object({
  id: purchaseId.optional(),
  /** What the user was shown, tax included, for the whole purchase; another price answers `price_changed`. */
  expectedAmountPaise: amount.optional(),
});
export const planPurchaseRequest = purchaseRequest;
/**
 * expectedDue: the next due date that the user was shown. Where another purchase has renewed that year meanwhile, the
 * answer is `purchase_in_progress` with it, and no further year is asked for by mistake.
 */
export const renewalRequest = purchaseRequest.extend({
  mode: z.enum(['manual', 'autopay']),
  expectedDue: calendarDate.optional(),
});
export const topupRequest = purchaseRequest.extend({ packs: z.int().min(1).max(mostPacks) });
export type PlanPurchaseRequest = z.infer<typeof planPurchaseRequest>;
export type RenewalRequest = z.infer<typeof renewalRequest>;
export type TopupRequest = z.infer<typeof topupRequest>;

/** Why the last attempt to pay failed, in the bank's or provider's words. Never final: another attempt may succeed. */
export const paymentFailure = z.object({ code: z.string(), description: z.string(), at: instant });

export const purchase = z.object({
  id: purchaseId,
  sku,
  quantity: z.int().min(1),
  state: purchaseState,
  amountPaise: amount,
  currency: z.literal('INR'),
  /** Credits that this purchase itself grants when paid. */
  credits: z.int().min(0),
  checkoutUrl: z.url().nullable(),
  provider: z.string(),
  providerOrderId: z.string().nullable(),
  createdAt: instant,
  expiresAt: instant,
  paidAt: instant.nullable(),
  invoiceId: invoiceId.nullable(),
  lastFailure: paymentFailure.nullable(),
  refundedPaise: z.int().min(0),
  /** Of a renewal that is paid: the next due date that it moved the plan to. */
  renewedUntil: calendarDate.nullable().default(null),
  /** The counter that asked for it. */
  deviceId: z.string(),
  deviceName: z.string(),
});
export type Purchase = z.infer<typeof purchase>;

export const purchaseList = z.object({ items: z.array(purchase), nextCursor: z.string().nullable() });

/** `limit` of every list, as it stands in the query. */
export const listLimit = z.coerce.number().int().min(1).max(200).default(50);
export const cursor = z.string().max(200).optional();

/** Subscription as the product's rules name it; everything but the three counts is null while no plan is owned. */
export const subscription = z.object({
  planType: z.enum(['one_time', 'subscription']).nullable(),
  oneTimePurchasedAt: instant.nullable(),
  oneTimeAmountPaise: amount.nullable(),
  serviceRenewalStatus: renewalStatus,
  serviceRenewalNextDue: calendarDate.nullable(),
  daysLeft: z.int().min(0).nullable(),
  branchesIncluded: z.int().min(0),
  prioritySupport: z.boolean(),
  monthlyCreditGrant: z.int().min(0),
  renewalMode: z.enum(['manual', 'autopay']).nullable(),
});
export type Subscription = z.infer<typeof subscription>;

/** A reminder that was given. `due`: the next due date that it is about; `at`: when the server recorded it. */
export const reminder = z.object({ kind: reminderKind, due: calendarDate, at: instant });
export type Reminder = z.infer<typeof reminder>;

export const billingStatus = z.object({
  plan: z.literal('pharmapulse-one').nullable(),
  org: z.object({ id: z.string(), legalName: z.string() }),
  subscription,
  /** Of the current next due date, newest first; empty once it has moved. A status that was kept before has none. */
  reminders: z.array(reminder).default([]),
  features,
  credits: z.object({ balance: z.int(), held: z.int(), available: z.int() }),
  prices: z.record(sku, price),
  pricesIncludeGst: z.boolean(),
  catalogueVersion: z.string(),
  /** True while the provider is the built-in sandbox: everything paid is test money. */
  testMoney: z.boolean(),
  /** True where a person can move the server's clock: it then says nothing about the clock of a PC. */
  testTime: z.boolean().default(false),
  serverTime: instant,
  /** Compact JWS (EdDSA, `typ` entitlement+jwt) of `entitlementClaims`. */
  entitlement: z.string(),
  /**
   * How to get from a key that a counter trusts to the one that signed `entitlement`: compact JWS (EdDSA, `typ`
   * entitlement-key+jwt) of `entitlementKeyClaims`, oldest first, each signed by the key before the one that it
   * announces. Empty while the first key is the only one.
   */
  entitlementKeyChain: z.array(z.string()).default([]),
});
export type BillingStatus = z.infer<typeof billingStatus>;

export const entitlementClaims = z.object({
  sub: z.string(),
  iat: z.int(),
  exp: z.int(),
  plan: z.literal('pharmapulse-one').nullable(),
  serviceRenewalStatus: renewalStatus,
  serviceRenewalNextDue: calendarDate.nullable(),
  features,
});
export type EntitlementClaims = z.infer<typeof entitlementClaims>;

/** A key statement: `jwk` signs entitlements too, says the key that signed this. iat: seconds, when it was announced. */
export const entitlementKeyClaims = z.object({ iat: z.int(), kid: z.string(), jwk: entitlementKey });
export type EntitlementKeyClaims = z.infer<typeof entitlementKeyClaims>;
