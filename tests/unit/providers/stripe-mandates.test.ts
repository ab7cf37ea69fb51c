// Mandates at Stripe: a session until the customer agrees, a subscription from then on.

import { describe, expect, test } from 'vitest';
import type { MandateRequest, Mandates } from '../../../sync-server/providers/port.ts';
import { scriptedStripe, stripeList } from './scripted-api.ts';

const request: MandateRequest = {
  receipt: 'man_01',
  amountPaise: 100_000,
  currency: 'INR',
  firstChargeAt: new Date('2027-11-22T06:30:00.900Z'),
  description: 'PharmaPulse One, service year',
  returnUrl: 'https://x/back',
  notes: { purchaseId: 'pur_01', orgId: 'org_1', sku: 'renewal.year' },
};
const session = {
  id: 'cs_test_A1',
  mode: 'subscription',
  client_reference_id: 'man_01',
  amount_total: 0,
  currency: 'inr',
  status: 'open',
  payment_status: 'unpaid',
  payment_intent: null,
  subscription: null,
  url: 'https://checkout.stripe.com/c/pay/cs_test_A1',
  created: 1_790_000_000,
};
const agreed = { ...session, status: 'complete', url: null, subscription: 'sub_A1' };
const subscription = { id: 'sub_A1', status: 'trialing', metadata: { receipt: 'man_01' } };
const toCome = { mandateId: session.id, receipt: 'man_01', status: 'created', authorisationUrl: session.url };
const refusal = { status: 400, body: { error: { type: 'invalid_request_error', message: 'No' } } };

type Scripted = Awaited<ReturnType<typeof scriptedStripe>>;
function mandatesOf({ provider }: Scripted): Mandates {
  if (provider.mandates === null) throw new Error('no mandates');
  return provider.mandates;
}
const urls = ({ seen }: Scripted) => seen.map(({ method, url }) => `${method} ${url.replace('/sandbox/v1', '')}`);

describe('making a mandate', () => {
  test('asks for a yearly price from the day that is due, with our key, and shows where to agree', async () => {
    const api = await scriptedStripe({ body: session });
    expect(await mandatesOf(api).create(request)).toEqual({ ok: true, value: toCome });
    expect(urls(api)).toEqual(['POST /checkout/sessions']);
    expect(api.seen[0]?.headers['idempotency-key']).toBe('mandate-man_01');
    expect(api.seen[0]?.body).toMatchObject({
      mode: 'subscription',
      'line_items[0][quantity]': '1',
      'line_items[0][price_data][currency]': 'inr',
      'line_items[0][price_data][unit_amount]': '100000',
      'line_items[0][price_data][recurring][interval]': 'year',
      'line_items[0][price_data][recurring][interval_count]': '1',
      client_reference_id: 'man_01',
      'subscription_data[metadata][receipt]': 'man_01',
      'subscription_data[trial_end]': '1826865000',
      success_url: 'https://x/back',
    });
  });

  test('charges as soon as the customer agrees where no day is told', async () => {
    const api = await scriptedStripe({ body: session });
    await mandatesOf(api).create({ ...request, firstChargeAt: null });
    expect(api.seen[0]?.body).not.toHaveProperty('subscription_data[trial_end]');
  });

  test('is unknown when it is for another receipt or no subscription, or the key was used for other words', async () => {
    for (const wrong of [{ client_reference_id: 'x' }, { mode: 'payment' }]) {
      const api = await scriptedStripe({ body: { ...session, ...wrong } });
      expect(await mandatesOf(api).create(request)).toMatchObject({ ok: false, kind: 'unknown' });
    }
    const other = { status: 400, body: { error: { type: 'idempotency_error', message: 'No' } } };
    expect(await mandatesOf(await scriptedStripe(other)).create(request)).toMatchObject({ ok: false, kind: 'unknown' });
    expect(await mandatesOf(await scriptedStripe(refusal)).create(request)).toMatchObject({
      ok: false,
      kind: 'refused',
    });
  });
});

describe('finding a mandate by its receipt', () => {
  test('tells the subscription that came of the session, else the page on which to agree', async () => {
    const done = await scriptedStripe(stripeList(session, agreed), { body: subscription });
    expect(await mandatesOf(done).find('man_01')).toMatchObject({
      value: { mandateId: 'sub_A1', status: 'authenticated' },
    });
    const open = await scriptedStripe(stripeList({ ...session, id: 'cs_old', status: 'expired' }, session));
    expect(await mandatesOf(open).find('man_01')).toEqual({ ok: true, value: toCome });
  });

  test('looks among the subscriptions once the session is out of sight, and is null only then', async () => {
    const ended = { ...subscription, id: 'sub_0', status: 'canceled' };
    const found = await scriptedStripe(
      stripeList(),
      stripeList({ id: 'sub_x', status: 'dreaming' }, ended, subscription),
    );
    expect(await mandatesOf(found).find('man_01')).toMatchObject({ value: { mandateId: 'sub_A1' } });
    expect(urls(found)[1]).toBe('GET /subscriptions?limit=100&status=all');
    const none = await scriptedStripe(stripeList(), stripeList());
    expect(await mandatesOf(none).find('man_01')).toEqual({ ok: true, value: null });
    const over = await scriptedStripe(stripeList({ ...session, status: 'expired' }), stripeList());
    expect(await mandatesOf(over).find('man_01')).toMatchObject({
      value: { status: 'expired', authorisationUrl: null },
    });
  });
});

describe('looking a mandate up', () => {
  const invoice = (id: string, ...intents: string[]) => ({
    id,
    amount_paid: intents.length > 0 ? 100_000 : 0,
    payments: { data: intents.map((payment_intent) => ({ payment: { type: 'payment_intent', payment_intent } })) },
  });
  const intent = (id: string, status: string) => ({
    id,
    amount: 100_000,
    amount_received: status === 'succeeded' ? 100_000 : 0,
    currency: 'inr',
    status,
    created: 1_790_000_000,
    last_payment_error: status === 'succeeded' ? null : { code: 'card_declined', message: 'No.' },
  });

  test('has only its session while nobody agreed', async () => {
    const api = await scriptedStripe({ body: session });
    expect(await mandatesOf(api).fetch(session.id)).toEqual({ ok: true, value: { mandate: toCome, payments: [] } });
  });

  test('tells every charge from the first on, by the session’s id and by the subscription’s', async () => {
    const invoices = stripeList(invoice('in_2', 'pi_3'), invoice('in_1', 'pi_1', 'pi_2'), invoice('in_0'));
    const intents = [
      intent('pi_1', 'requires_payment_method'),
      intent('pi_2', 'succeeded'),
      intent('pi_3', 'succeeded'),
    ];
    const bodies = intents.map((body) => ({ body }));
    for (const [id, before] of [
      ['sub_A1', []],
      [session.id, [{ body: agreed }]],
    ] as const) {
      const api = await scriptedStripe(...before, { body: subscription }, invoices, ...bodies);
      const report = await mandatesOf(api).fetch(id);
      expect(report).toMatchObject({ value: { mandate: { mandateId: 'sub_A1' } } });
      expect(
        report.ok && report.value.payments.map(({ paymentId, status, orderId }) => [paymentId, status, orderId]),
      ).toEqual([
        ['pi_1', 'failed', 'in_1'],
        ['pi_2', 'captured', 'in_1'],
        ['pi_3', 'captured', 'in_2'],
      ]);
    }
  });

  test('is unknown where an invoice is paid by nothing that is told', async () => {
    const paid = { id: 'in_1', amount_paid: 100_000, payments: null };
    const api = await scriptedStripe({ body: subscription }, stripeList(paid));
    expect(await mandatesOf(api).fetch('sub_A1')).toMatchObject({ ok: false, kind: 'unknown' });
  });

  test('is refused for the session of an order', async () => {
    const api = await scriptedStripe({ body: { ...session, mode: 'payment' } });
    expect(await mandatesOf(api).fetch(session.id)).toMatchObject({ ok: false, kind: 'refused' });
  });
});

describe('cancelling a mandate', () => {
  const canceled = { ...subscription, status: 'canceled' };

  test('ends the subscription at once, and is fine where it is over', async () => {
    const api = await scriptedStripe({ body: subscription }, { body: canceled });
    expect(await mandatesOf(api).cancel('sub_A1')).toMatchObject({ ok: true, value: { status: 'cancelled' } });
    expect(urls(api)[1]).toBe('DELETE /subscriptions/sub_A1');
    const over = await scriptedStripe({ body: canceled });
    expect(await mandatesOf(over).cancel('sub_A1')).toMatchObject({ ok: true, value: { status: 'cancelled' } });
    expect(over.seen).toHaveLength(1);
  });

  test('ends the session that nobody agreed on', async () => {
    const gone = { ...session, status: 'expired', url: null };
    const api = await scriptedStripe({ body: session }, { body: gone }, { body: gone });
    expect(await mandatesOf(api).cancel(session.id)).toMatchObject({ ok: true, value: { status: 'expired' } });
    expect(urls(api)[1]).toBe(`POST /checkout/sessions/${session.id}/expire`);
  });

  test('ends the subscription where the customer agreed just before the session was ended', async () => {
    const api = await scriptedStripe(
      { body: session },
      refusal,
      { body: agreed },
      { body: subscription },
      { body: canceled },
    );
    expect(await mandatesOf(api).cancel(session.id)).toMatchObject({
      ok: true,
      value: { mandateId: 'sub_A1', status: 'cancelled' },
    });
  });

  test('is unknown where nobody says that it is over, and refused where it is refused and goes on', async () => {
    const goesOn = { body: { ...subscription, status: 'active' } };
    expect(await mandatesOf(await scriptedStripe(goesOn)).cancel('sub_A1')).toMatchObject({ kind: 'unknown' });
    expect(await mandatesOf(await scriptedStripe(goesOn, refusal, goesOn)).cancel('sub_A1')).toMatchObject({
      kind: 'refused',
    });
    expect(await mandatesOf(await scriptedStripe({ body: session })).cancel(session.id)).toMatchObject({
      kind: 'unknown',
    });
  });
});
