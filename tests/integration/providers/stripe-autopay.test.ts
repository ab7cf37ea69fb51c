// Autopay at Stripe from end to end: agreed to on Stripe's page, charged by the year, refused by the bank, ended, and agreed
// to twice by mischance. One charge renews one year, and every other charge goes back.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import {
  asked,
  cancelAutopay,
  goToDue,
  mandateRow,
  modeOf,
  nextDue,
  paid,
  renew,
  renewalsOf,
  yearLater,
} from '../server/autopay.ts';
import { audited } from '../server/facts.ts';
import { type Counter, orderOf } from '../server/started.ts';
import { openStripeWorld, type StripeWorld } from './stripe-world.ts';

let world: StripeWorld;
beforeAll(async () => {
  world = await openStripeWorld();
});
afterEach(async () => {
  await world.faults({});
  expect(await world.server.parts.verifier.verify(null)).toMatchObject({ ok: true });
  const parked = await world.server.sql("select event, reason from webhook_inbox where state = 'parked'");
  expect(parked).toEqual([]);
});
afterAll(() => world.close());

/** Agreed to on Stripe's page. */
async function agreed(counter: Counter): Promise<Purchase> {
  const purchase = await asked(counter);
  const [session] = await world.mandateSessions(purchase);
  await world.act({ action: 'pay', sessionId: session?.id ?? '' });
  return purchase;
}

async function subscriptionOf(purchase: Purchase): Promise<string> {
  const [only, ...more] = await world.subscriptions(purchase);
  if (only === undefined || more.length > 0) throw new Error(`not one subscription of ${purchase.id}`);
  return only.id;
}

const step = async (purchase: Purchase, what: string) =>
  world.act({ action: 'subscription', subscriptionId: await subscriptionOf(purchase), step: what });

/** To some days after next due begins; the year's charge is made by the sandbox's clock. */
async function toDue(counter: Counter, after = 0): Promise<void> {
  await goToDue(world.server, counter, after);
  await world.settle();
}

describe('a mandate at Stripe', () => {
  test('is apart from the plan’s order: agreed to on a page of its own for the yearly sum, and takes nothing yet', async () => {
    const counter = await world.owner();
    const made = await asked(counter);
    const [session] = await world.mandateSessions(made);
    expect(session).toMatchObject({ mode: 'subscription', amount_total: 100_000, currency: 'inr' });
    const page = await (await fetch(made.checkoutUrl ?? '')).text();
    expect(page).toContain('Agree to autopay');
    expect(page).toContain(`href="${session?.url}"`);
    await world.act({ action: 'pay', sessionId: session?.id ?? '' });
    expect(await modeOf(counter)).toBe('autopay');
    expect(await mandateRow(world.server, made)).toMatchObject({ mandate_id: expect.stringMatching(/^sub_/) });
    const money = await world.server.sql('select amount_paise::int as paise from billing_payment where org_id = $1', [
      counter.orgId,
    ]);
    expect(money).toEqual([{ paise: 1_500_000 }]);
    await cancelAutopay(counter);
  });

  test('charges once a year: one charge, one year, one invoice, however often it is told', async () => {
    const counter = await world.owner();
    const due = await nextDue(counter);
    const made = await agreed(counter);
    await world.faults({ webhook_duplicate: true });
    await toDue(counter);
    expect(await renewalsOf(world.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
    expect(await nextDue(counter)).toBe(yearLater(due));
    await world.faults({ webhook_duplicate: false });
    await toDue(counter);
    const renewals = await renewalsOf(world.server, counter);
    expect(renewals).toMatchObject([{ id: made.id }, { due: yearLater(due), ...paid }]);
    expect(renewals).toHaveLength(2);
    expect(await nextDue(counter)).toBe(yearLater(yearLater(due)));
    await cancelAutopay(counter);
  });

  test('whose every event is lost renews all the same: looks find the agreement and the charge', async () => {
    const counter = await world.owner();
    const due = await nextDue(counter);
    await world.faults({ webhook_drop: true });
    const made = await agreed(counter);
    world.server.clock.advance(3_600_000);
    await world.settle();
    expect(await modeOf(counter)).toBe('autopay');
    await toDue(counter);
    world.server.clock.advance(3_600_000);
    await world.settle();
    expect(await renewalsOf(world.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
    await cancelAutopay(counter);
    await world.faults({ webhook_drop: false });
  });
});

describe('a mandate at Stripe that does not charge', () => {
  test('is pending while the bank is asked again, and renews when it pays', async () => {
    const counter = await world.owner();
    const due = await nextDue(counter);
    const made = await agreed(counter);
    await world.faults({ charge_fails: 1 });
    await toDue(counter);
    expect((await mandateRow(world.server, made)).status).toBe('pending');
    expect(await modeOf(counter)).toBe('autopay');
    expect(await counter.purchase(made.id)).toMatchObject({
      state: 'awaiting_payment',
      lastFailure: { code: 'insufficient_funds' },
    });
    await toDue(counter, 3.1);
    expect(await renewalsOf(world.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
    expect((await mandateRow(world.server, made)).status).toBe('active');
    await cancelAutopay(counter);
  });

  test('that the bank refused for good is halted: renewed by hand in time, and a late charge goes back', async () => {
    const counter = await world.owner();
    const due = await nextDue(counter);
    const made = await agreed(counter);
    await world.faults({ charge_fails: true });
    await toDue(counter);
    for (const after of [3.1, 8.2]) await toDue(counter, after);
    await step(made, 'halt');
    await world.faults({ charge_fails: false });
    expect((await mandateRow(world.server, made)).status).toBe('halted');
    expect(await modeOf(counter)).toBe('manual');
    expect((await audited(world.server, counter.orgId))['alarm.mandate_failed']).toBe(1);
    expect((await counter.status()).subscription.serviceRenewalStatus).toBe('past_due');
    const manual = await renew(counter, 'manual');
    expect(manual.status).toBe(201);
    await world.act({ action: 'pay', sessionId: orderOf(manual.body) });
    expect(await nextDue(counter)).toBe(yearLater(due));
    await step(made, 'charge');
    await world.settle();
    const [byMandate, byHand] = await renewalsOf(world.server, counter);
    expect(byMandate).toMatchObject({ id: made.id, state: 'refunded', effects: ['refunded'], invoices: 0 });
    expect(byHand).toMatchObject({ id: manual.body.id, state: 'paid', effects: ['settled'], invoices: 1 });
    expect(await nextDue(counter)).toBe(yearLater(due));
    await cancelAutopay(counter);
  });

  test('cancelled at the counter is over at Stripe and charges nothing; by hand again', async () => {
    const counter = await world.owner();
    const due = await nextDue(counter);
    const made = await agreed(counter);
    expect((await cancelAutopay(counter)).status).toBe(200);
    await world.settle();
    const [subscription] = await world.subscriptions(made);
    expect(subscription?.status).toBe('canceled');
    expect(await modeOf(counter)).toBe('manual');
    await toDue(counter);
    expect(await renewalsOf(world.server, counter)).toMatchObject([{ state: 'cancelled', effects: null }]);
    expect(await nextDue(counter)).toBe(due);
  });
});

describe('two mandates at Stripe under one receipt, both agreed to', () => {
  /** As a lost answer makes it, once Stripe has forgotten the key: a second page for the same receipt. */
  async function askedTwice(counter: Counter, trial: { trial_end?: number }): Promise<Purchase> {
    const purchase = await asked(counter);
    const { receipt } = await mandateRow(world.server, purchase);
    const [first] = await world.mandateSessions(purchase);
    const metadata = first?.metadata ?? {};
    const recurring = { interval: 'year' } as const;
    const price_data = { currency: 'inr', unit_amount: 100_000, recurring, product_data: { name: 'Renewal' } };
    await world.stripe.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ quantity: 1, price_data }],
      client_reference_id: receipt,
      metadata,
      subscription_data: { metadata, ...trial },
      success_url: 'https://x.example',
    });
    return purchase;
  }

  async function agreeToBoth(purchase: Purchase): Promise<void> {
    const sessions = await world.mandateSessions(purchase);
    expect(sessions).toHaveLength(2);
    for (const { id } of sessions) await world.act({ action: 'pay', sessionId: id });
    await world.settle();
  }

  async function expectOneLeft(purchase: Purchase, status: string): Promise<void> {
    const { mandate_id: kept } = await mandateRow(world.server, purchase);
    const all = await world.subscriptions(purchase);
    expect(all.map((one) => [one.id === kept, one.status]).toSorted()).toEqual([
      [false, 'canceled'],
      [true, status],
    ]);
  }

  test('the second is cancelled at Stripe, and one charge comes', async () => {
    const counter = await world.owner();
    const due = await nextDue(counter);
    const made = await askedTwice(counter, { trial_end: Date.parse(`${due}T00:00:00+05:30`) / 1000 });
    await agreeToBoth(made);
    await expectOneLeft(made, 'trialing');
    await toDue(counter);
    expect(await renewalsOf(world.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
    expect(await audited(world.server, counter.orgId)).toMatchObject({
      'mandate.second_found': 1,
      'mandate.second_ended': 1,
    });
    await cancelAutopay(counter);
  });

  test.each([false, true])(
    'that both charged before anybody could end one: one renews, the other’s money goes back (events lost: %s)',
    async (lost) => {
      const counter = await world.owner();
      const due = await nextDue(counter);
      // Overdue: the first charge comes as soon as the customer agrees.
      await toDue(counter, 1);
      const made = await askedTwice(counter, {});
      // Of what was lost, only the word that the second one was agreed to comes through, at the end.
      await world.faults({ webhook_drop: lost });
      await agreeToBoth(made);
      await world.faults({ webhook_drop: false });
      if (lost) {
        world.server.clock.advance(3_600_000);
        await world.settle();
        const { mandate_id: kept } = await mandateRow(world.server, made);
        const second = (await world.subscriptions(made)).find(({ id }) => id !== kept);
        await world.stripe.subscriptions.update(second?.id ?? '', { metadata: { seen: '1' } });
        await world.settle();
      }
      await world.settle();
      await expectOneLeft(made, 'active');
      const all = await renewalsOf(world.server, counter);
      expect(all).toHaveLength(2);
      const first = all.find(({ id }) => id === made.id);
      const second = all.find(({ id }) => id !== made.id);
      expect(first).toMatchObject({ id: made.id, due, ...paid });
      expect(second).toMatchObject({ state: 'refunded', effects: ['refunded'], invoices: 0 });
      expect(await nextDue(counter)).toBe(yearLater(due));
      await cancelAutopay(counter);
    },
  );

  test('the second is tried again until Stripe says that it is over', async () => {
    const counter = await world.owner();
    const due = await nextDue(counter);
    const made = await askedTwice(counter, { trial_end: Date.parse(`${due}T00:00:00+05:30`) / 1000 });
    await world.faults({ webhook_hold: true });
    await agreeToBoth(made);
    await world.faults({ webhook_hold: false, api_500: true });
    await world.deliverHeld();
    await world.faults({ api_500: false });
    // Past the time for which the circuit is open, and to the next try.
    world.server.clock.advance(3_600_000);
    await world.settle();
    await expectOneLeft(made, 'trialing');
    await cancelAutopay(counter);
  });
});
