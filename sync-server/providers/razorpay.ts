// Owns the Razorpay adapter: it puts the parts together as one PaymentProvider, for Razorpay itself and for the built-in
// sandbox, which speaks the same API. It adds no decision about money of its own.

import { createCall } from './call.ts';
import { type Clock, createCircuit } from './circuit.ts';
import type { Checkout, CheckoutRequest, PaymentProvider } from './port.ts';
import { isLinkId } from './razorpay-entities.ts';
import { faultOfSdk } from './razorpay-fault.ts';
import { createLinks } from './razorpay-links.ts';
import { createMandates } from './razorpay-mandates.ts';
import { createOrders } from './razorpay-orders.ts';
import { createRefunds } from './razorpay-refunds.ts';
import { openSdk } from './razorpay-sdk.ts';
import { readWebhook, reportOf, verifyWebhookSignature } from './razorpay-webhook.ts';

export interface RazorpayOptions {
  readonly name: 'razorpay' | 'sandbox';
  readonly keyId: string;
  readonly keySecret: string;
  /** The first is current; all are accepted, since retries of older events keep the signature of the old secret. */
  readonly webhookSecrets: readonly string[];
  /** Where the API is, without `/v1`; Razorpay's own when absent. */
  readonly apiUrl?: string | undefined;
  readonly checkoutScriptUrl?: string | undefined;
  readonly timeoutMs?: number;
  readonly clock: Clock;
  /** After how many calls in a row without a clear answer further calls are refused at once, and for how long. */
  readonly circuit?: { readonly failuresToOpen: number; readonly openMs: number };
}

const RAZORPAY_SCRIPT = 'https://checkout.razorpay.com/v1/checkout.js';

export function createRazorpayProvider(options: RazorpayOptions): PaymentProvider {
  const { name, keyId, keySecret, webhookSecrets, apiUrl, clock } = options;
  if (keyId === '' || keySecret === '') throw new Error('the payment provider needs a key id and a key secret');
  const sdk = openSdk({ keyId, keySecret, apiUrl, timeoutMs: options.timeoutMs ?? 8000 });
  const circuit = createCircuit({ clock, ...(options.circuit ?? { failuresToOpen: 8, openMs: 3000 }) });
  const call = createCall(circuit, faultOfSdk);
  const orders = createOrders(sdk, call);
  const links = createLinks(sdk, call);
  return {
    name,
    mode: name === 'razorpay' && keyId.startsWith('rzp_live_') ? 'live' : 'test',
    ...orders,
    fetchOrder: (orderId) => (isLinkId(orderId) ? links.fetchLink(orderId) : orders.fetchOrder(orderId)),
    ...createRefunds(sdk, call),
    links: { create: links.create, find: links.find, cancel: links.cancel },
    mandates: createMandates(sdk, call),
    verifyWebhookSignature: (rawBody, headers) => verifyWebhookSignature(rawBody, headers, webhookSecrets),
    readWebhook,
    handlePaymentSuccess: reportOf,
    async checkout(request) {
      if (!isLinkId(request.orderId)) {
        return { ok: true, value: checkout(keyId, options.checkoutScriptUrl ?? scriptOf(options), request) };
      }
      const page = await links.pageOf(request.orderId, request.amountPaise);
      return page.ok ? { ok: true, value: { kind: 'redirect', url: page.value } } : page;
    },
  };
}

/** The sandbox serves its own script beside its API; Razorpay serves it from a host of its own. */
function scriptOf({ name, apiUrl }: RazorpayOptions): string {
  return name === 'sandbox' && apiUrl !== undefined ? `${apiUrl}/v1/checkout.js` : RAZORPAY_SCRIPT;
}

/** Options of Standard Checkout. With an order id, the amount here is only shown: what is charged is the order's. */
function checkout(keyId: string, scriptUrl: string, request: CheckoutRequest): Checkout {
  const { orderId, amountPaise, sellerName, description, returnUrl } = request;
  return {
    kind: 'script',
    scriptUrl,
    options: {
      key: keyId,
      order_id: orderId,
      amount: amountPaise,
      currency: 'INR',
      name: sellerName,
      description,
      callback_url: returnUrl,
      redirect: true,
    },
  };
}
