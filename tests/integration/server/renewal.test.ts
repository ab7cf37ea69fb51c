// Renewals over HTTP along a calendar: early, when due, in the grace, late; from two counters at once; in both modes. One
// server whose test clock is moved forward from test to test. Dates are written out by hand.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BillingStatus, Purchase } from '../../../shared/contract/billing.ts';
import type { Activation } from '../../../shared/contract/devices.ts';
import { detailsOf, owner, paid, renew, renewalsOf, step } from './autopay.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { ordersFor } from './orders.ts';
import { type Answer, type Counter, counterOf, orderOf, type Started, started } from './started.ts';

let server: Started;
const orgs: Record<string, Counter> = {};
const names = ['early', 'soon', 'due', 'grace', 'told late', 'asked in the grace', 'lapsed', 'autopay', '400 days'];

/** All plans are bought on 22 November 2026: next due is 22 November 2027, the lapse 7 December 2027. */
beforeAll(async () => {
  server = await started({ TEST_CLOCK: '1' });
  for (const name of names) orgs[name] = await owner(server);
});
afterAll(async () => {
  expect(await server.parts.verifier.verify(null)).toMatchObject({ ok: true });
  await expectEveryAnswerKeptTheRules(server);
  await server.dispose();
});

const org = (name: string): Counter => {
  const found = orgs[name];
  if (found === undefined) throw new Error(`no org ${name}`);
  return found;
};

/** Moves the test clock to an instant, as India's clocks show it. */
async function goTo(instant: string): Promise<void> {
  const now = `${instant}+05:30`;
  const answer = await server.request('POST', '/test/clock', { body: { now } });
  if (answer.status !== 200) throw new Error(`clock to ${now}: ${JSON.stringify(answer.body)}`);
}

const shown = ({ subscription }: BillingStatus) =>
  `${subscription.serviceRenewalStatus} ${subscription.daysLeft}, due ${subscription.serviceRenewalNextDue}`;
const { mode: _, ...settled } = paid;
const byHand = { ...settled, mode: 'manual' };
const featuresOn = ({ features }: BillingStatus) => Object.values(features).filter(Boolean).length;

async function asked(counter: Counter): Promise<Purchase> {
  const answer = await renew(counter, 'manual');
  if (answer.status !== 201) throw new Error(`renewal: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function pay(purchase: Purchase): Promise<void> {
  await server.play(orderOf(purchase), 'pay');
  await server.settle();
}

const grantsOf = async (counter: Counter): Promise<string[]> => {
  const rows = await server.sql<{ month: string }>(
    "select reference as month from credits_ledger where org_id = $1 and kind = 'monthly_grant' order by seq",
    [counter.orgId],
  );
  return rows.map(({ month }) => month);
};

async function secondCounterOf(counter: Counter): Promise<Counter> {
  const { body } = await counter.request<{ code: string }>('POST', '/api/devices/join-codes');
  const joined = await server.request<Activation>('POST', '/api/devices/join', {
    body: { code: body.code, deviceName: 'Back counter' },
  });
  return counterOf(server, joined.body);
}

/** Asks, pays, and says what stood before and what stands in the first answer after. */
async function renewed(counter: Counter): Promise<{ before: string; after: string; features: number }> {
  const before = shown(await counter.status());
  await pay(await asked(counter));
  const status = await counter.status();
  return { before, after: shown(status), features: featuresOn(status) };
}

describe('two counters of one org renew at once', () => {
  let first: Counter;
  let second: Counter;
  beforeAll(async () => {
    first = await owner(server);
    second = await secondCounterOf(first);
  });

  test('by hand: one gets the purchase, the other is answered with it, both see it, and its money renews one year', async () => {
    for (let year = 2027; year < 2030; year += 1) {
      const answers = await Promise.all([renew(first, 'manual'), renew(second, 'manual')]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      const [won, lost] = answers[0]?.status === 201 ? answers : answers.toReversed();
      const purchase = (won as Answer<Purchase>).body;
      expect(detailsOf(lost as Answer)).toMatchObject({
        code: 'purchase_in_progress',
        details: { purchase: { id: purchase.id, deviceName: purchase.deviceName } },
      });
      expect(await ordersFor(server, purchase.id)).toHaveLength(1);
      await pay(purchase);
      for (const counter of [first, second]) {
        expect((await counter.purchase(purchase.id)).state).toBe('paid');
        expect((await counter.status()).subscription.serviceRenewalNextDue).toBe(`${year + 1}-11-22`);
      }
    }
    const renewals = await renewalsOf(server, first);
    expect(renewals.map(({ due }) => due).sort()).toEqual(['2027-11-22', '2028-11-22', '2029-11-22']);
    for (const renewal of renewals) expect(renewal).toMatchObject(byHand);
  });

  test('one by hand and one by autopay: one purchase is left to pay, and it is by hand', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [byHand, byAutopay] = await Promise.all([renew(first, 'manual'), renew(second, 'autopay')]);
      expect(byHand.status).toBe(201);
      const open = (await renewalsOf(server, first)).filter(({ state }) => state === 'awaiting_payment');
      expect(open).toMatchObject([{ id: byHand.body.id, mode: 'manual', due: '2030-11-22' }]);
      // Whoever came second follows: by the refusal that names the purchase, or by its own one's end.
      if (byAutopay.status === 201) expect((await second.purchase(byAutopay.body.id)).state).toBe('cancelled');
      else if (byAutopay.status === 409) {
        expect(detailsOf(byAutopay)).toMatchObject({ details: { purchase: { id: byHand.body.id } } });
      } else expect(byAutopay).toMatchObject({ status: 503, body: { error: { retryable: true } } });
      await first.request('POST', `/api/billing/purchases/${byHand.body.id}/cancel`);
    }
  });

  test('autopay that nobody agreed to yet gives way to whoever pays by hand, and never the other way round', async () => {
    const autopay = await renew(second, 'autopay');
    const manual = await renew(first, 'manual');
    expect([autopay.status, manual.status]).toEqual([201, 201]);
    expect((await second.purchase(autopay.body.id)).state).toBe('cancelled');
    const again = await renew(second, 'autopay');
    expect(again.status).toBe(409);
    expect(detailsOf(again)).toMatchObject({ details: { purchase: { id: manual.body.id } } });
    await pay(manual.body);
    expect((await second.status()).subscription).toMatchObject({
      serviceRenewalNextDue: '2031-11-22',
      renewalMode: 'manual',
    });
  });
});

describe('a renewal of a plan that is due on 22 November 2027', () => {
  test('ten months early: the year is added to the due date', async () => {
    await goTo('2027-01-10T12:00:00');
    expect(await renewed(org('early'))).toEqual({
      before: 'active 316, due 2027-11-22',
      after: 'active 682, due 2028-11-22',
      features: 8,
    });
  });

  test('at the first second of due soon', async () => {
    await goTo('2027-10-23T00:00:00');
    expect(await renewed(org('soon'))).toEqual({
      before: 'due_soon 30, due 2027-11-22',
      after: 'active 396, due 2028-11-22',
      features: 8,
    });
  });

  test('at the first second of the due date', async () => {
    await goTo('2027-11-22T00:00:00');
    expect(await renewed(org('due'))).toEqual({
      before: 'past_due 15, due 2027-11-22',
      after: 'active 366, due 2028-11-22',
      features: 8,
    });
  });

  test('at the last second of the grace: no day is lost', async () => {
    await goTo('2027-12-06T23:59:59');
    expect(await renewed(org('grace'))).toEqual({
      before: 'past_due 1, due 2027-11-22',
      after: 'active 352, due 2028-11-22',
      features: 8,
    });
  });

  test('paid at the last second of the grace and told of after the lapse counts from when it was paid', async () => {
    const waiting = await asked(org('asked in the grace'));
    const purchase = await asked(org('told late'));
    await server.fault({ webhook_hold: true });
    await server.play(orderOf(purchase), 'pay');
    await goTo('2027-12-07T00:00:00');
    expect(shown(await org('told late').status())).toBe('lapsed 0, due 2027-11-22');
    await server.fault({ reset: true });
    await server.request('POST', '/sandbox/webhooks/deliver', { body: {} });
    await server.settle();
    expect(shown(await org('told late').status())).toBe('active 351, due 2028-11-22');
    // One that was asked for in the grace and is paid now counts from now.
    await pay(waiting);
    expect(shown(await org('asked in the grace').status())).toBe('active 366, due 2028-12-07');
  });

  test('at the first second of the lapse: from the payment, with every feature back in the next answer', async () => {
    const counter = org('lapsed');
    expect(featuresOn(await counter.status())).toBe(4);
    expect(await renewed(counter)).toEqual({
      before: 'lapsed 0, due 2027-11-22',
      after: 'active 366, due 2028-12-07',
      features: 8,
    });
    expect((await grantsOf(counter)).filter((month) => month === '2027-12')).toHaveLength(1);
  });

  test('by autopay after the lapse: charged when the customer agrees, from the payment', async () => {
    const counter = org('autopay');
    await goTo('2027-12-20T15:00:00');
    const { body: purchase } = await renew(counter, 'autopay');
    expect(shown(await counter.status())).toBe('lapsed 0, due 2027-11-22');
    await step(server, purchase, 'agree');
    const status = await counter.status();
    expect(shown(status)).toBe('active 366, due 2028-12-20');
    expect(featuresOn(status)).toBe(8);
    expect(status.subscription.renewalMode).toBe('autopay');
    await counter.request('POST', '/api/billing/renewal/autopay/cancel');
    expect((await counter.status()).subscription.renewalMode).toBe('manual');
  });

  test('400 days after the due date: from the payment, with that month’s credits and none of the months between', async () => {
    const counter = org('400 days');
    await goTo('2028-12-26T09:00:00');
    expect(await renewed(counter)).toEqual({
      before: 'lapsed 0, due 2027-11-22',
      after: 'active 365, due 2029-12-26',
      features: 8,
    });
    const grants = await grantsOf(counter);
    expect(grants.filter((month) => month >= '2028-01')).toEqual(['2028-12']);
  });

  test('has one invoice each, and one payment', async () => {
    for (const name of names) {
      const renewals = await renewalsOf(server, org(name));
      expect(renewals, name).toMatchObject([{ due: '2027-11-22', ...settled }]);
    }
  });
});
