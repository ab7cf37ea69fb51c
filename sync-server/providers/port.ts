// The one door to a payment provider. Everything above it speaks of orders, payments and facts in these shapes; nothing
// above it knows an SDK, a provider's field name or its HTTP. An adapter never decides about money: it says what the
// provider said, or that it does not know.

/** Which provider holds a purchase's order. `sandbox` is the built-in Razorpay-compatible test service. */
export type ProviderName = 'razorpay' | 'stripe' | 'sandbox';

/**
 * What came of a call to the provider.
 * `refused`: the provider answered and said no; nothing was done (a 4xx other than 429).
 * `unavailable`: the call certainly did nothing (connection refused, 429, circuit open) and may be tried again.
 * `unknown`: no clear answer (time-out, reset, 5xx): the work may have been done. Look it up before doing it again.
 */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly kind: 'refused' | 'unavailable' | 'unknown';
      /** For logs and operators, never for a pharmacist. */
      readonly reason: string;
      readonly retryAfterSeconds?: number;
      /** Of a refusal by the provider itself, its HTTP status; absent where it was not asked. */
      readonly status?: number;
    };

export interface OrderRequest {
  /** Ours, unique for ever, at most 40 characters: the key by which an order is found again. */
  readonly receipt: string;
  /** Integer paise, tax included, as frozen on the purchase. */
  readonly amountPaise: number;
  readonly currency: 'INR';
  /** What is bought, where the provider shows it to whoever pays. The same for the same receipt, as is `returnUrl`. */
  readonly description: string;
  /** Where the provider sends the browser back to, where an order is paid on a page of its own. */
  readonly returnUrl: string;
  /** Hints for a person at the provider's dashboard. Never read back as authority. */
  readonly notes: { readonly purchaseId: string; readonly orgId: string; readonly sku: string };
}

export interface ProviderOrder {
  readonly orderId: string;
  readonly receipt: string | null;
  readonly amountPaise: number;
  readonly currency: string;
  readonly status: 'created' | 'attempted' | 'paid';
}

/** One payment as the provider reports it at one moment. Amounts are absolute, in paise. */
export interface ReportedPayment {
  readonly paymentId: string;
  /** null: money that belongs to no order. */
  readonly orderId: string | null;
  readonly status: 'created' | 'authorized' | 'captured' | 'refunded' | 'failed';
  readonly amountPaise: number;
  readonly amountRefundedPaise: number;
  readonly currency: string;
  /** `card`, `upi`, `netbanking`, …; null when not told. */
  readonly method: string | null;
  /** When the provider captured the money, as exactly as it tells; null while it has not. */
  readonly capturedAt: Date | null;
  /** The bank's reason, in the provider's words, for a failed attempt. */
  readonly failure: { readonly code: string; readonly description: string } | null;
}

/** An order with every attempt to pay it, from a look-up of ours. */
export interface OrderReport {
  readonly order: ProviderOrder;
  readonly payments: readonly ReportedPayment[];
}

/** A webhook whose signature was verified, before anything is done with it. */
export interface WebhookEnvelope {
  /** The provider's event id; where it sends none, `sha256:` and the digest of the raw body. */
  readonly eventId: string;
  /** The provider's event name, e.g. `payment.captured`. */
  readonly event: string;
  /** The order, or the payment link where the event is a link's. */
  readonly orderId: string | null;
  readonly paymentId: string | null;
  readonly mandateId: string | null;
}

/**
 * A dispute as the provider reports it at one moment. `open`: the money is asked back and may be held; nothing is decided.
 * `lost`: `amountPaise` of the payment went back to the customer's bank. `won`: all of it is ours again. `closed`: it ended
 * without money being taken (an inquiry, a fraud warning).
 */
export interface ReportedDispute {
  readonly disputeId: string;
  readonly paymentId: string;
  readonly amountPaise: number;
  readonly currency: string;
  readonly status: 'open' | 'won' | 'lost' | 'closed';
  /** In the bank's words; null when not told. */
  readonly reason: string | null;
  /** When the provider said so; null when not told. Of two words about one dispute the later one holds. */
  readonly toldAt: Date | null;
}

/**
 * Where a mandate (a customer's standing permission to take the yearly amount) is. `pending`: a charge failed and is tried
 * again by the provider. `halted`: it gave up trying. `completed`, `expired`, `cancelled`: no charge will come any more.
 */
export type MandateStatus =
  | 'created'
  | 'authenticated'
  | 'active'
  | 'pending'
  | 'halted'
  | 'paused'
  | 'cancelled'
  | 'completed'
  | 'expired';

export interface MandateRequest {
  /** Ours, unique for ever, at most 40 characters. */
  readonly receipt: string;
  /** Integer paise, tax included, taken once a year. */
  readonly amountPaise: number;
  readonly currency: 'INR';
  /** When the first charge is due; null: as soon as the customer agrees. */
  readonly firstChargeAt: Date | null;
  readonly description: string;
  /** Where the provider sends the browser back to; the return proves nothing and causes a look-up. */
  readonly returnUrl: string;
  readonly notes: { readonly purchaseId: string; readonly orgId: string; readonly sku: string };
}

export interface ProviderMandate {
  /**
   * At Stripe this is the page on which the customer agrees (`cs_…`) until they have, and the subscription (`sub_…`) from
   * then on; `fetch` and `cancel` take either. The receipt stays the same: reports are matched by it.
   */
  readonly mandateId: string;
  readonly receipt: string | null;
  readonly status: MandateStatus;
  /** Where the customer agrees, in a browser; null once that is over. */
  readonly authorisationUrl: string | null;
}

/** A mandate with every charge that it made, failed ones too, from a look-up of ours. */
export interface MandateReport {
  readonly mandate: ProviderMandate;
  readonly payments: readonly ReportedPayment[];
}

/**
 * What a verified webhook says about money. It is a snapshot of the moment at which it was made, never an order to act.
 * `payment`: a payment and, where the event carries it, its order; `linkId` where a payment link took it; `receipt` where a
 * refused attempt names no order and carries the receipt that we gave: enough to show the bank's reason, never for money.
 * `refund`: money of a payment went back; `payment` carries the absolute sum where the event tells it, else it is looked up.
 * `dispute`, `mandate`: likewise; a mandate's charge carries its payment, or asks for a look-up now that tells of it. `ignored`: a kind that changes nothing here.
 */
export type WebhookReport =
  | {
      readonly kind: 'payment';
      readonly payment: ReportedPayment;
      readonly order: ProviderOrder | null;
      readonly linkId?: string;
      readonly receipt?: string;
    }
  | { readonly kind: 'refund'; readonly refund: ProviderRefund; readonly payment: ReportedPayment | null }
  | { readonly kind: 'dispute'; readonly dispute: ReportedDispute; readonly payment: ReportedPayment | null }
  | {
      readonly kind: 'mandate';
      readonly mandate: ProviderMandate;
      readonly payment: ReportedPayment | null;
      readonly askNow?: true;
    }
  | { readonly kind: 'ignored'; readonly why: string };

/** How a browser pays an order: the provider's script on our page, or the provider's own page. */
export type Checkout =
  | { readonly kind: 'script'; readonly scriptUrl: string; readonly options: Readonly<Record<string, unknown>> }
  | { readonly kind: 'redirect'; readonly url: string };

export interface CheckoutRequest {
  readonly orderId: string;
  readonly amountPaise: number;
  readonly sellerName: string;
  readonly description: string;
  /** Where the provider sends the browser back to (POST or GET); the return proves nothing and causes a look-up. */
  readonly returnUrl: string;
}

export interface RefundRequest {
  readonly paymentId: string;
  readonly amountPaise: number;
  /** Ours, unique for ever, 10 to 40 of `A-Za-z0-9_-`: the same key is never refunded twice. */
  readonly idempotencyKey: string;
}

export interface ProviderRefund {
  readonly refundId: string;
  readonly paymentId: string;
  readonly amountPaise: number;
  readonly status: 'pending' | 'processed' | 'failed';
}

export interface LinkRequest extends OrderRequest {
  /** From then on the provider takes no money by this link. */
  readonly expiresAt: Date;
}

/** A page at the provider on which one sum is paid; the fallback where the provider refuses to make a plain order. */
export interface PaymentLink {
  readonly linkId: string;
  readonly url: string;
  readonly receipt: string | null;
  readonly amountPaise: number;
  readonly currency: string;
}

export type WebhookHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface PaymentLinks {
  /** After `unknown`, call `find` with the same receipt before calling this again. */
  create(request: LinkRequest): Promise<Outcome<PaymentLink>>;
  find(receipt: string): Promise<Outcome<PaymentLink | null>>;
  /** `ended`: no money by this link after this, also where it was over already. `paid`: there is money on it. */
  cancel(linkId: string): Promise<Outcome<'ended' | 'paid'>>;
}

export interface Mandates {
  /** After `unknown`, call `find` with the same receipt before calling this again. */
  create(request: MandateRequest): Promise<Outcome<ProviderMandate>>;
  /** The mandate with this receipt, or null when the provider certainly has none. */
  find(receipt: string): Promise<Outcome<ProviderMandate | null>>;
  fetch(mandateId: string): Promise<Outcome<MandateReport>>;
  /** No charge after this. Cancelling what is over already is ok. */
  cancel(mandateId: string): Promise<Outcome<ProviderMandate>>;
}

export interface PaymentProvider {
  readonly name: ProviderName;
  /** `live` or `test`: part of the inbox's unique key, so that a test event can never shadow a real one. */
  readonly mode: 'live' | 'test';
  /** Makes an order. After `unknown`, call `findOrder` with the same receipt before calling this again. */
  createOrder(request: OrderRequest): Promise<Outcome<ProviderOrder>>;
  /** The order with this receipt, or null when the provider certainly has none. */
  findOrder(receipt: string): Promise<Outcome<ProviderOrder | null>>;
  /** The order and all its payments. Takes the id of a payment link too; the report then names the link as its order. */
  fetchOrder(orderId: string): Promise<Outcome<OrderReport>>;
  /** One payment as it is now. */
  fetchPayment(paymentId: string): Promise<Outcome<ReportedPayment>>;
  /** Payment links, where the provider has them as a way beside its orders. */
  readonly links: PaymentLinks | null;
  /** Mandates, where the provider offers them. */
  readonly mandates: Mandates | null;
  /** True only if the raw bytes were signed with one of the active secrets; constant time; never throws. */
  verifyWebhookSignature(rawBody: Buffer, headers: WebhookHeaders): boolean;
  /** Reads the envelope of a verified body; null when it is not an event at all. Never throws. */
  readWebhook(rawBody: Buffer, headers: WebhookHeaders): WebhookEnvelope | null;
  /** What a verified event says about money. Pure: settles nothing; throws only on a body that readWebhook refuses. */
  handlePaymentSuccess(rawBody: Buffer): WebhookReport;
  /**
   * How a browser pays this order, or by this payment link, now; `refused` where it is paid or being paid. Where the provider's own page lives
   * shorter than the order, a new page may be made here, and only once the old one certainly takes no money any more.
   */
  checkout(request: CheckoutRequest): Promise<Outcome<Checkout>>;
  refundPayment(request: RefundRequest): Promise<Outcome<ProviderRefund>>;
  /** Every refund of a payment, oldest first. */
  listRefunds(paymentId: string): Promise<Outcome<readonly ProviderRefund[]>>;
}
