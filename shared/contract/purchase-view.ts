// A purchase as the counter shows it, from its mirror and its outbox.
import { z } from 'zod';
import { calendarDate, instant } from '../ledger/entry.ts';
import { sku } from '../plan/catalogue.ts';
import { paymentFailure } from './billing.ts';

/**
 * A purchase as a person sees it: the server's states, and those before the server has heard of it. unknown: the server, which is
 * newer, said of it what this version does not know; nothing can be done with it here.
 */
export const purchaseViewState = z.enum([
  'queued',
  'awaiting_payment',
  'paid',
  'needs_confirmation',
  'rejected',
  'cancelled',
  'expired',
  'refunded',
  'under_review',
  'unknown',
]);
export type PurchaseViewState = z.infer<typeof purchaseViewState>;

/**
 * mine: asked for on this counter. sentAt: when it was first sent, null while only on this PC. newAmountPaise: in
 * `needs_confirmation`, the price to agree to. reason: in `rejected`, the code. followsId: rejected because another
 * counter's purchase was first; that one's id, followsDevice its counter's name, and followsState where it stands now. In
 * `unknown`, sku is null where this version does not know the product, and amountPaise where the price cannot be read.
 */
export const purchaseView = z.object({
  id: z.string(),
  sku: sku.nullable(),
  quantity: z.int().min(1),
  state: purchaseViewState,
  amountPaise: z.int().min(0).nullable(),
  credits: z.int().min(0),
  createdAt: instant,
  expiresAt: instant.nullable(),
  paidAt: instant.nullable(),
  invoiceId: z.string().nullable(),
  checkoutUrl: z.string().nullable(),
  lastFailure: paymentFailure.nullable(),
  refundedPaise: z.int().min(0),
  /** Of a renewal that is paid: the next due date that it moved the plan to. */
  renewedUntil: calendarDate.nullable(),
  mine: z.boolean(),
  deviceName: z.string().nullable(),
  sentAt: instant.nullable(),
  newAmountPaise: z.int().nullable(),
  reason: z.string().nullable(),
  followsId: z.string().nullable(),
  followsDevice: z.string().nullable(),
  followsState: purchaseViewState.nullable(),
  cancellable: z.boolean(),
  /** A cancel is on its way: the purchase may be at the server already, so it is cancelled there before it counts. */
  cancelling: z.boolean().optional(),
});
export type PurchaseView = z.infer<typeof purchaseView>;
