// Orders at Stripe over their whole life: a session is over after a day, a purchase is not.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CheckoutRequest, Outcome, PaymentProvider } from '../../../sync-server/providers/port.ts';
import { createStripeProvider } from '../../../sync-server/providers/stripe.ts';
import { openStripeLike, stripeKey } from './stripe-like.ts';

type Like = Awaited<ReturnType<typeof openStripeLike>>;

const HOUR = 3600;
let nowSeconds = 0;
let like: Like;
let provider: PaymentProvider;
beforeEach(async () => {
  nowSeconds = Date.UTC(2026, 10, 22, 6, 30) / 1000;
  like = await openStripeLike({ now: () => nowSeconds, page: 2 });
  const clock = { now: () => new Date(nowSeconds * 1000) };
  provider = createStripeProvider({ secretKey: stripeKey, webhookSecrets: [], apiUrl: like.api.url, clock });
});
afterEach(() => like.api.close());

function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.kind}: ${outcome.reason}`);
  return outcome.value;
}

async function make(receipt = 'pur_1') {
  const notes = { purchaseId: receipt, orgId: 'org_1', sku: 'plan.pharmapulse-one' };
  const request = { receipt, amountPaise: 1_500_000, currency: 'INR', description: 'One', notes } as const;
  return must(await provider.createOrder({ ...request, returnUrl: 'https://x/return' })).orderId;
}
const askFor = (orderId: string): CheckoutRequest => ({
  orderId,
  amountPaise: 1_500_000,
  sellerName: 'P',
  description: 'One',
  returnUrl: 'https://x/return',
});
/** The session whose page a browser is sent to. */
async function shown(orderId: string): Promise<string> {
  const checkout = must(await provider.checkout(askFor(orderId)));
  if (checkout.kind !== 'redirect') throw new Error('not a page');
  return checkout.url.split('/').at(-1) ?? '';
}
const openOnes = () => like.book.sessions.filter(({ status }) => status === 'open').map(({ id }) => id);

describe('the page of an order', () => {
  test('is the first session’s while that lives, and nothing is made', async () => {
    const orderId = await make();
    nowSeconds += 23 * HOUR;
    expect(await shown(orderId)).toBe(orderId);
    expect(like.madeFor('pur_1')).toBe(1);
  });

  test('is a new session’s once the first is over, of the same sum, and one page for all who ask at once', async () => {
    const orderId = await make();
    nowSeconds += 25 * HOUR;
    const pages = await Promise.all(Array.from({ length: 8 }, () => shown(orderId)));
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).not.toBe(orderId);
    expect(like.book.session(pages[0] ?? '')).toMatchObject({ amount_total: 1_500_000, client_reference_id: 'pur_1' });
    expect(openOnes()).toEqual([pages[0]]);
  });

  test('is never one of two that could both be paid, whenever it is asked for in the purchase’s three days', async () => {
    const orderId = await make();
    const pages = new Set<string>();
    for (let hour = 0; hour < 72; hour += 1) {
      pages.add(await shown(orderId));
      expect(openOnes(), `hour ${hour}`).toHaveLength(1);
      nowSeconds += HOUR;
    }
    expect(pages.size).toBe(3);
  });

  test('is the same one where the list does not show it yet', async () => {
    const orderId = await make();
    nowSeconds += 25 * HOUR;
    const page = await shown(orderId);
    like.book.lags = true;
    expect(await shown(orderId)).toBe(page);
    expect(like.madeFor('pur_1')).toBe(2);
  });

  test('is found again where the answer that made it was lost', async () => {
    const orderId = await make();
    nowSeconds += 25 * HOUR;
    like.api.loseNextWrite();
    expect(await provider.checkout(askFor(orderId))).toMatchObject({ ok: false, kind: 'unknown' });
    const page = await shown(orderId);
    expect(openOnes()).toEqual([page]);
    expect(like.madeFor('pur_1')).toBe(2);
  });

  test('is none where it is paid, takes another sum, or the list cannot be read', async () => {
    const orderId = await make();
    const other = { ...askFor(orderId), amountPaise: 1 };
    expect(await provider.checkout(other)).toMatchObject({ ok: false, kind: 'refused' });
    like.book.pay(orderId);
    expect(await provider.checkout(askFor(orderId))).toMatchObject({ ok: false, kind: 'refused' });
    const second = await make('pur_2');
    nowSeconds += 25 * HOUR;
    // Past the look at the first session, which goes well.
    like.api.passes = 1;
    like.api.troubles.push('html');
    expect(await provider.checkout(askFor(second))).toMatchObject({ ok: false });
    expect(like.madeFor('pur_2')).toBe(1);
  });

  test('is none where a later session was paid', async () => {
    const orderId = await make();
    nowSeconds += 25 * HOUR;
    like.book.pay(await shown(orderId));
    expect(await provider.checkout(askFor(orderId))).toMatchObject({ ok: false, kind: 'refused' });
    expect(like.madeFor('pur_1')).toBe(2);
  });
});

describe('looking an order up', () => {
  test('tells a payment on a later session as the first order’s', async () => {
    const orderId = await make();
    nowSeconds += 25 * HOUR;
    const paymentId = like.book.pay(await shown(orderId));
    const report = must(await provider.fetchOrder(orderId));
    expect(report.order).toMatchObject({ orderId, status: 'paid', amountPaise: 1_500_000 });
    const paid = { paymentId, orderId, status: 'captured', amountPaise: 1_500_000, method: 'card' };
    expect(report.payments).toMatchObject([{ ...paid, capturedAt: new Date(nowSeconds * 1000) }]);
    expect(must(await provider.fetchPayment(paymentId))).toEqual(report.payments[0]);
  });

  test('tells the bank’s reason of an attempt that failed, also of a session that is over', async () => {
    const orderId = await make();
    like.book.refuseCard(orderId);
    const failed = {
      order: { orderId, status: 'attempted' },
      payments: [
        { status: 'failed', capturedAt: null, failure: { code: 'insufficient_funds', description: 'No funds.' } },
      ],
    };
    expect(must(await provider.fetchOrder(orderId))).toMatchObject(failed);
    nowSeconds += 25 * HOUR;
    expect(must(await provider.fetchOrder(orderId))).toMatchObject(failed);
  });

  test('does not mix the sessions of two purchases that follow each other', async () => {
    const [one, two] = [await make('pur_1'), await make('pur_2')];
    nowSeconds += 25 * HOUR;
    await shown(one);
    like.book.pay(await shown(two));
    expect(must(await provider.fetchOrder(one))).toMatchObject({ order: { status: 'created' }, payments: [] });
    expect(must(await provider.fetchOrder(two))).toMatchObject({ order: { status: 'paid' } });
  });

  test('is unknown where a session says paid and its payment is not told', async () => {
    const orderId = await make();
    like.book.pay(orderId);
    like.book.session(orderId).payment_intent = null;
    expect(await provider.fetchOrder(orderId)).toMatchObject({ ok: false, kind: 'unknown' });
  });
});

describe('finding an order by its receipt', () => {
  test('names the first session, also when a later one follows it', async () => {
    const orderId = await make();
    nowSeconds += 25 * HOUR;
    await shown(orderId);
    expect(must(await provider.findOrder('pur_1'))).toMatchObject({ orderId });
  });

  test('takes the one that was paid, where two were made', async () => {
    await make();
    like.book.remembered.clear();
    nowSeconds += 1;
    const second = await make();
    like.book.pay(second);
    expect(must(await provider.findOrder('pur_1'))).toMatchObject({ orderId: second, status: 'paid' });
  });
});
