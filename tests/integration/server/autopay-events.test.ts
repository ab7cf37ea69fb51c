// What is told of mandates, in any order, twice, too early, wrong or about others: one charge has one effect.
import { describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import {
  agreed,
  asked,
  goToDue,
  mandateFor,
  mandateRow,
  modeOf,
  nextDue,
  paid,
  renewalsOf,
  stage,
  yearLater,
} from './autopay.ts';
import type { Counter } from './started.ts';
import { nextPaymentId, post, tell } from './webhooks.ts';

const at = stage();

interface MandateEvent {
  readonly event: string;
  readonly id: string;
  readonly status: string;
  readonly receipt?: string;
  readonly charge?: { readonly paymentId: string; readonly orderId: string; readonly amount: number };
}

/** An event about a mandate, signed as the provider's. */
async function told({ event, id, status, receipt, charge }: MandateEvent): Promise<void> {
  const seconds = Math.floor(at.server.clock.now().getTime() / 1000);
  const entity = {
    id,
    entity: 'subscription',
    status,
    notes: receipt === undefined ? [] : { receipt },
    created_at: seconds,
  };
  const payment = charge && {
    id: charge.paymentId,
    entity: 'payment',
    amount: charge.amount,
    currency: 'INR',
    status: 'captured',
    order_id: charge.orderId,
    captured: '1',
    amount_refunded: 0,
    notes: [],
    created_at: seconds,
  };
  const payload = { subscription: { entity }, ...(payment && { payment: { entity: payment } }) };
  await post(at.server, JSON.stringify({ entity: 'event', event, contains: [], payload, created_at: seconds }));
  await at.server.settle();
}

const inboxOf = (orderId: string) =>
  at.server.sql<{ event: string; state: string; reason: string }>(
    'select event, state, reason from webhook_inbox where order_id = $1 order by inbox_id',
    [orderId],
  );

/** A renewal that is charged as soon as it is agreed to. */
async function dueNow(): Promise<{ counter: Counter; due: string | null; made: Purchase }> {
  const counter = await at.owner();
  await goToDue(at.server, counter, -1);
  return { counter, due: await nextDue(counter), made: await asked(counter) };
}

describe('the events of an agreement and its charge', () => {
  test.each([1, 2, 3, 4, 5, 6])('in a shuffled order, some twice, renew the year once (shuffle %i)', async (seed) => {
    const { counter, due, made } = await dueNow();
    await at.server.fault({ webhook_drop: true });
    const { id } = await mandateFor(at.server, made);
    const body = { action: 'mandate', subscriptionId: id, step: 'agree' };
    const acted = await at.server.request<{ events: { eventId: string }[] }>('POST', '/sandbox/play', { body });
    const ids = acted.body.events.map(({ eventId }) => eventId);
    expect(ids.length).toBeGreaterThanOrEqual(7);
    const eventIds = shuffled([...ids, ...ids.filter((_id, place) => place % 2 === seed % 2)], seed);
    for (const eventId of eventIds) {
      await at.server.request('POST', '/sandbox/webhooks/deliver', { body: { eventIds: [eventId] } });
    }
    await Promise.all([at.server.settle(), at.server.settle()]);
    expect(await renewalsOf(at.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
    expect(await nextDue(counter)).toBe(yearLater(due));
    expect(await modeOf(counter)).toBe('autopay');
    expect((await mandateRow(at.server, made)).status).toBe('active');
  });

  test('payment.captured of a charge whose mandate has told nothing yet waits, and has no second effect', async () => {
    const { counter, due, made } = await dueNow();
    const charge = { paymentId: nextPaymentId(), orderId: 'order_ChargeTold00001', amount: 100_000 };
    const captured = { event: 'payment.captured', ...charge };
    await tell(at.server, captured);
    await at.server.settle();
    expect(await inboxOf(charge.orderId)).toMatchObject([{ state: 'ignored' }]);
    const { mandate_id: id } = await mandateRow(at.server, made);
    await told({ event: 'subscription.charged', id: id ?? '', status: 'active', charge });
    await tell(at.server, { ...captured, event: 'order.paid' });
    await at.server.settle();
    expect((await inboxOf(charge.orderId)).map(({ state, reason }) => `${state} ${reason}`)).toEqual([
      'applied known',
      'applied settled',
      'applied known',
    ]);
    expect(await renewalsOf(at.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
  });
});

/** By a small generator of its own, so that a run says the same every time. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed * 7_919;
  const order = items.map((item) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return { item, rank: state };
  });
  return order.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
}

describe('money that is not the price', () => {
  test('of the first charge: under review, nothing is renewed', async () => {
    const { counter, due, made } = await dueNow();
    const { mandate_id: id } = await mandateRow(at.server, made);
    const charge = { paymentId: nextPaymentId(), orderId: 'order_ChargeShort0001', amount: 99_999 };
    await told({ event: 'subscription.charged', id: id ?? '', status: 'active', charge });
    expect(await renewalsOf(at.server, counter)).toMatchObject([
      { id: made.id, state: 'under_review', effects: ['review'], invoices: 0 },
    ]);
    expect(await nextDue(counter)).toBe(due);
  });

  test('of a later year: a purchase of its own, under review', async () => {
    const counter = await at.owner();
    const made = await agreed(at.server, counter);
    await goToDue(at.server, counter);
    const due = await nextDue(counter);
    await goToDue(at.server, counter, -1);
    const { mandate_id: id } = await mandateRow(at.server, made);
    const charge = { paymentId: nextPaymentId(), orderId: 'order_ChargeDear00001', amount: 120_000 };
    await told({ event: 'subscription.charged', id: id ?? '', status: 'active', charge });
    expect(await renewalsOf(at.server, counter)).toMatchObject([
      paid,
      { due, state: 'under_review', effects: ['review'] },
    ]);
    expect(await nextDue(counter)).toBe(due);
    const alarms = await at.server.sql('select kind from billing_alarm where org_id = $1', [counter.orgId]);
    expect(alarms).toEqual([{ kind: 'amount_mismatch' }]);
  });

  test('the token that is taken for agreeing is no charge', async () => {
    const counter = await at.owner();
    const made = await asked(counter);
    const { mandate_id: id } = await mandateRow(at.server, made);
    const charge = { paymentId: nextPaymentId(), orderId: 'order_TokenTaken00001', amount: 500 };
    await told({ event: 'subscription.authenticated', id: id ?? '', status: 'authenticated', charge });
    expect(await renewalsOf(at.server, counter)).toMatchObject([
      { id: made.id, state: 'awaiting_payment', effects: null },
    ]);
  });
});

describe('which mandate is meant', () => {
  test('one that was made twice: the one that was agreed to takes the place, a third one changes nothing', async () => {
    const counter = await at.owner();
    const made = await asked(counter);
    const { receipt, mandate_id: first } = await mandateRow(at.server, made);
    await told({ event: 'subscription.updated', id: 'sub_Twice000000002', status: 'created', receipt });
    expect((await mandateRow(at.server, made)).mandate_id).toBe(first);
    await told({ event: 'subscription.authenticated', id: 'sub_Twice000000003', status: 'authenticated', receipt });
    expect(await mandateRow(at.server, made)).toMatchObject({
      mandate_id: 'sub_Twice000000003',
      status: 'authenticated',
    });
    await told({ event: 'subscription.cancelled', id: first ?? '', status: 'cancelled', receipt });
    expect(await mandateRow(at.server, made)).toMatchObject({
      mandate_id: 'sub_Twice000000003',
      status: 'authenticated',
    });
    expect(await modeOf(counter)).toBe('autopay');
    // The provider has no such mandate: it must not stand in the way of the tests after this one.
    await told({ event: 'subscription.cancelled', id: 'sub_Twice000000003', status: 'cancelled', receipt });
    expect(await modeOf(counter)).toBe('manual');
  });

  test('another product’s is ignored', async () => {
    const id = 'sub_Foreign0000001';
    await told({ event: 'subscription.cancelled', id, status: 'cancelled', receipt: 'theirs' });
    const rows = await at.server.sql('select state, reason from webhook_inbox where mandate_id = $1', [id]);
    expect(rows).toEqual([{ state: 'ignored', reason: 'not an order of ours' }]);
  });

  test('an event that is older than the last answer of the provider changes nothing', async () => {
    const counter = await at.owner();
    const made = await agreed(at.server, counter);
    const { mandate_id: id } = await mandateRow(at.server, made);
    for (const status of ['created', 'halted', 'paused', 'pending']) {
      await told({ event: `subscription.${status}`, id: id ?? '', status });
      expect((await mandateRow(at.server, made)).status).toBe('authenticated');
      expect((await counter.purchase(made.id)).state).toBe('awaiting_payment');
    }
  });
});
