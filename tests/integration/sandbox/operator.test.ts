// The operator page without its script, as a browser gets there: every act is a form that a person finds on the page, so
// the tests press only buttons that are there.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { faultNames } from '../../../sync-server/sandbox/faults.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ prefix: '/sandbox' });
});
afterEach(() => stage.close());

const pageOf = async (show = 'payments') => (await fetch(`${stage.url}/?show=${show}`)).text();

interface Button {
  readonly label: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Every form of the page: what it posts, and what its button says. */
function buttonsOf(page: string): Button[] {
  return [...page.matchAll(/<form method="post" action="\/sandbox\/operator"[^>]*>(.*?)<\/form>/gs)].map(
    ([, form = '']) => {
      const inputs = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
      const label = /<button[^>]*>([^<]*)<\/button>/.exec(form)?.[1] ?? '';
      return { label, fields: Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, value])) };
    },
  );
}

/** Presses the one button with this label (and these fields), and answers the page that comes of it. */
async function press(
  show: string,
  label: string,
  where: Record<string, string> = {},
  typed: Record<string, string> = {},
) {
  const found = buttonsOf(await pageOf(show)).filter(
    (one) => one.label === label && Object.entries(where).every(([name, value]) => one.fields[name] === value),
  );
  if (found.length !== 1) throw new Error(`${found.length} buttons ${label} ${JSON.stringify(where)} on ${show}`);
  const body = new URLSearchParams({ ...found[0]?.fields, ...typed });
  const answer = await fetch(`${stage.url}/operator`, { method: 'POST', body, redirect: 'manual' });
  const place = answer.headers.get('location') ?? '';
  expect([answer.status, place]).toEqual([
    303,
    expect.stringContaining(show === 'payments' ? '/sandbox/' : `show=${show}`),
  ]);
  return (await fetch(new URL(place, stage.url))).text();
}

const order = async (receipt: string) =>
  (await stage.razorpay.orders.create({ amount: 1_500_000, currency: 'INR', receipt })).id;

test('every fault switch is on the page, and is set and unset there', async () => {
  for (const name of faultNames) {
    const label = name.endsWith('_seconds') ? '10 s' : 'Next';
    await press('payments', label, { name });
  }
  const { faults } = (await stage.get('/faults')) as { faults: Record<string, unknown> };
  const wanted = faultNames.map((name) => [name, name.endsWith('_seconds') ? 10 : 1]);
  expect(faults).toEqual(Object.fromEntries(wanted));
  await press('payments', 'All off');
  const after = (await stage.get('/faults')) as { faults: Record<string, unknown> };
  expect(Object.values(after.faults).every((value) => value === false)).toBe(true);
});

describe('a person', () => {
  test('pays, authorises, captures, fails for a reason and authorises late', async () => {
    const [first, second] = [await order('pur_1'), await order('pur_2')];
    await press('payments', 'Authorise only', { orderId: first });
    expect((await stage.razorpay.orders.fetch(first)).status).toBe('attempted');
    await press('payments', 'Capture');
    expect((await stage.razorpay.orders.fetch(first)).status).toBe('paid');
    await press('payments', 'Fail', { orderId: second }, { reason: 'incorrect_otp' });
    const { items } = await stage.razorpay.orders.fetchPayments(second);
    expect(items).toMatchObject([{ status: 'failed', error_reason: 'incorrect_otp' }]);
    await press('payments', 'Authorise late');
    expect((await stage.razorpay.orders.fetch(second)).status).toBe('paid');
    await press('payments', 'Pay', { orderId: await order('pur_3') });
    expect(stage.listener.names().filter((name) => name === 'order.paid')).toHaveLength(3);
  });

  test('gives back a part, finishes a refund, opens a dispute and decides it', async () => {
    await press('payments', 'Pay', { orderId: await order('pur_1') });
    const [payment] = (await stage.razorpay.payments.all({})).items;
    await stage.faults({ refund_pending: 1 });
    await press('payments', 'Refund', {}, { rupees: '1,000.5' });
    expect((await stage.razorpay.refunds.all({})).items).toMatchObject([{ amount: 100_050, status: 'pending' }]);
    await press('payments', 'Processed');
    await press('payments', 'Dispute', {}, { rupees: '' });
    await press('payments', 'Under review');
    await press('payments', 'Lost');
    const page = await pageOf();
    expect(page).toContain('₹1,000.50');
    expect((await stage.razorpay.disputes.all({})).items).toMatchObject([
      { payment_id: payment?.id, status: 'lost', amount: 1_500_000 },
    ]);
    expect(stage.listener.names().slice(3)).toEqual([
      'refund.created',
      'refund.processed',
      'payment.dispute.created',
      'payment.dispute.under_review',
      'payment.dispute.lost',
    ]);
  });

  test('is told on the page why something was not done', async () => {
    await press('payments', 'Pay', { orderId: await order('pur_1') });
    const refused = await press('payments', 'Refund', {}, { rupees: '99999' });
    expect(refused).toContain('The refund amount provided is greater than amount captured');
    expect(await press('payments', 'Refund', {}, { rupees: '1.005' })).toContain('1.005 is not an amount in rupees');
    expect((await stage.razorpay.refunds.all({})).count).toBe(0);
  });

  test('plays a mandate from agreement to cancellation, and a link to its end', async () => {
    const item = { name: 'Renewal', amount: 100_000, currency: 'INR' };
    const plan = await stage.razorpay.plans.create({ period: 'yearly', interval: 1, item });
    const { id } = await stage.razorpay.subscriptions.create({ plan_id: plan.id, total_count: 5 });
    const seen: string[] = [];
    for (const label of [
      'Agree',
      'Charge now',
      'Charge fails',
      'Halt',
      'Charge now',
      'Pause',
      'Resume',
      'Cancel in UPI app',
    ]) {
      await press('mandates', label);
      seen.push((await stage.razorpay.subscriptions.fetch(id)).status);
    }
    expect(seen).toEqual(['active', 'active', 'pending', 'halted', 'active', 'paused', 'active', 'cancelled']);
    const link = await stage.razorpay.paymentLink.create({ amount: 100_000, currency: 'INR', customer: {} });
    expect(await pageOf('mandates')).toContain(`/sandbox/link/${link.id}`);
    await press('mandates', 'Cancel', { linkId: link.id });
    expect((await stage.razorpay.paymentLink.fetch(link.id)).status).toBe('cancelled');
  });

  test('plays a checkout at Stripe with a slow bank, a refund, a dispute and an expiry', async () => {
    const make = (reference: string) =>
      stage.stripe.checkout.sessions.create({
        mode: 'payment',
        line_items: [{ price_data: { currency: 'inr', unit_amount: 250_000, product_data: { name: 'Credits' } } }],
        client_reference_id: reference,
      });
    const [first, second] = [await make('pur_1'), await make('pur_2')];
    await press('stripe', 'Expire', { sessionId: second.id });
    await press('stripe', 'Fail', { sessionId: first.id });
    await press('stripe', 'Slow bank');
    await press('stripe', 'Bank: it came');
    await press('stripe', 'Refund', {}, { rupees: '500' });
    await press('stripe', 'Dispute');
    await press('stripe', 'Won');
    const { data } = await stage.stripe.charges.list();
    expect(data).toMatchObject([
      { amount_refunded: 50_000, disputed: true, status: 'succeeded' },
      { status: 'failed' },
    ]);
    expect((await stage.stripe.checkout.sessions.retrieve(first.id)).payment_status).toBe('paid');
    expect((await stage.stripe.checkout.sessions.retrieve(second.id)).status).toBe('expired');
    expect((await stage.stripe.disputes.list()).data).toMatchObject([{ status: 'won' }]);
  });

  test('moves on along the ladder to the disabling, enables again, rotates the secret, and sends by hand', async () => {
    await stage.faults({ webhook_never_heard: 1, only_order_paid: 1 });
    await press('payments', 'Pay', { orderId: await order('pur_1') });
    for (let step = 0; step < 14; step += 1) await press('payments', 'Move on to the next try');
    expect(stage.listener.heard).toHaveLength(15);
    expect(await pageOf()).toContain('disabled after 24 hours');
    expect(await press('payments', 'Move on to the next try')).toContain('nothing is sent');
    expect(await press('payments', 'Enable')).toContain('taking events');
    const before = (await stage.get('/webhooks')).endpoint as { secret: string };
    await press('payments', 'Rotate the secret');
    expect((await stage.get('/webhooks')).endpoint).toMatchObject({ oldSecret: before.secret });
    await press('payments', 'Disable');
    await press('payments', 'Enable');
    await press('payments', 'Deliver');
    expect(stage.listener.heard).toHaveLength(16);
  });
});

test('every view runs and loads nothing from elsewhere, and has no script in it', async () => {
  for (const show of ['payments', 'mandates', 'stripe']) {
    const answer = await fetch(`${stage.url}/?show=${show}&said=%3Cb%3E`);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    const text = await answer.text();
    expect(text).toContain('&lt;b&gt;');
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|\s(on\w+|style)=/);
    for (const [, address] of text.matchAll(/(?:src|href)="([^"]+)"/g)) expect(address).toMatch(/^\/sandbox\//);
  }
});
