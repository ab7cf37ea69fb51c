// Money that goes back takes with it what it gave, once, on the provider's word, in whatever order and however often told.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { changesNothing } from '../server/facts.ts';
import { type Counter, orderOf, uniqueKey } from '../server/started.ts';
import { type Money, money } from './money.ts';

let world: Money;
beforeAll(async () => {
  world = await money();
});
afterEach(async () => {
  await world.server.fault({ reset: true });
  await world.expectBooksRight();
});
afterAll(() => world.server.dispose());

const balance = async (counter: Counter) => (await counter.status()).credits.balance;
const spend = (counter: Counter, amount: number) =>
  counter.request('POST', '/api/credits/spend', { key: uniqueKey(), body: { amount, feature: 'ai.assist' } });

describe('an operator refunds a top-up', () => {
  test('in full: credits and state go back, and a credit note names the invoice', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter, 2);
    const answer = await world.refund(topup);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      refund: { status: 'processed', amountPaise: 500_000, reversed: 100_000, shortfall: 0 },
      purchase: { id: topup.id, state: 'refunded', refundedPaise: 500_000 },
    });
    expect(await world.entries(counter)).toEqual(['monthly_grant 50000', 'topup 100000', 'reversal -100000']);
    const [invoice, note, none] = await world.documents(topup);
    expect(note).toMatchObject({
      kind: 'credit_note',
      original: { id: invoice?.id, number: invoice?.number },
      totalPaise: invoice?.totalPaise,
      cgstPaise: invoice?.cgstPaise,
      igstPaise: invoice?.igstPaise,
    });
    expect(note?.number).toMatch(/^PC\/26-27\/\d{6}$/);
    expect(none).toBeUndefined();
    expect(await counter.status()).toMatchObject({ plan: 'pharmapulse-one', credits: { balance: 50_000 } });
    expect(await world.alarms(counter)).toEqual([]);
  });

  test('in parts: credits in proportion, rounded down, the rest with the last; every head of the notes nets to zero', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    const parts = [33_333, 33_334, 100_000, 83_333];
    const reversed: number[] = [];
    for (const amountPaise of parts) {
      const { body } = await world.refund(topup, { amountPaise });
      reversed.push(body.refund.reversed);
      const last = reversed.length === parts.length;
      expect(body.purchase.state).toBe(last ? 'refunded' : 'paid');
    }
    expect(reversed).toEqual([6_666, 6_666, 20_000, 16_668]);
    const [invoice, ...notes] = await world.documents(topup);
    for (const head of ['taxablePaise', 'cgstPaise', 'sgstPaise', 'igstPaise', 'totalPaise'] as const) {
      expect(
        notes.reduce((sum, note) => sum + note[head], 0),
        head,
      ).toBe(invoice?.[head]);
    }
    expect(await counter.purchase(topup.id)).toMatchObject({ refundedPaise: 250_000, state: 'refunded' });
    expect(await balance(counter)).toBe(50_000);
  });

  test('of credits that were spent or are held: takes what is available, records the rest, never below zero', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    await spend(counter, 70_000);
    const hold = { amount: 10_000, feature: 'ai.assist', ttlSeconds: 900 };
    await counter.request('POST', '/api/credits/holds', { key: uniqueKey(), body: hold });
    const { body } = await world.refund(topup);
    expect(body.refund).toMatchObject({ reversed: 20_000, shortfall: 30_000 });
    expect((await counter.status()).credits).toEqual({ balance: 10_000, held: 10_000, available: 0 });
    expect(await world.alarms(counter)).toEqual(['reversal_short']);
  });

  test('with nothing left at all: no entry, the shortfall is recorded', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    await spend(counter, 100_000);
    const { body } = await world.refund(topup);
    expect(body.refund).toMatchObject({ reversed: 0, shortfall: 50_000, status: 'processed' });
    expect(await world.entries(counter)).toEqual(['monthly_grant 50000', 'topup 50000', 'spend -100000']);
  });
});

describe('an operator refunds the plan', () => {
  test('in full: no subscription, the credits left of its grants are gone, bought ones stay', async () => {
    const counter = await world.stranger();
    const plan = await counter.ownPlan();
    await world.paidTopUp(counter);
    await spend(counter, 20_000);
    const { body } = await world.refund(plan);
    expect(body).toMatchObject({ refund: { reversed: 30_000, shortfall: 0 }, purchase: { state: 'refunded' } });
    const after = await counter.status();
    expect(after).toMatchObject({
      plan: null,
      subscription: { serviceRenewalStatus: 'none', serviceRenewalNextDue: null, branchesIncluded: 0 },
      credits: { balance: 50_000 },
    });
    expect(Object.values(after.features)).not.toContain(true);
    expect((await spend(counter, 1)).status).toBe(403);
    const again = await counter.ownPlan();
    expect(again.state).toBe('paid');
    // The month was granted once, ever.
    expect(await balance(counter)).toBe(50_000);
  });

  test('in part: everything keeps working', async () => {
    const counter = await world.stranger();
    const plan = await counter.ownPlan();
    const { body } = await world.refund(plan, { amountPaise: 500_000 });
    expect(body).toMatchObject({ refund: { reversed: 0 }, purchase: { state: 'paid', refundedPaise: 500_000 } });
    expect(await counter.status()).toMatchObject({ plan: 'pharmapulse-one', credits: { balance: 50_000 } });
  });
});

test('an operator refunds a renewal: the service year is taken back', async () => {
  const counter = await world.owner();
  const due = (await counter.status()).subscription.serviceRenewalNextDue;
  const asked = { key: uniqueKey(), body: { mode: 'manual' } };
  const { body: renewal } = await counter.request<Purchase>('POST', '/api/billing/renewal/subscribe', asked);
  await world.server.play(orderOf(renewal), 'pay');
  await world.server.settle();
  expect((await counter.status()).subscription.serviceRenewalNextDue).not.toBe(due);
  expect((await world.refund(renewal)).body.purchase.state).toBe('refunded');
  expect((await counter.status()).subscription.serviceRenewalNextDue).toBe(due);
});

async function renewed(counter: Counter): Promise<Purchase> {
  const asked = { key: uniqueKey(), body: { mode: 'manual' } };
  const { body, status } = await counter.request<Purchase>('POST', '/api/billing/renewal/subscribe', asked);
  expect(status).toBe(201);
  await world.server.play(orderOf(body), 'pay');
  await world.server.settle();
  return counter.purchase(body.id);
}
const nextDue = async (counter: Counter) => (await counter.status()).subscription.serviceRenewalNextDue ?? '';
const years = (from: string, to: string) => Number(to.slice(0, 4)) - Number(from.slice(0, 4));

test('the first of two renewals paid ahead goes back: the second stands for its year, and the year after can be bought again', async () => {
  const counter = await world.owner();
  const due = await nextDue(counter);
  const first = await renewed(counter);
  const second = await renewed(counter);
  await world.refund(first);
  expect(years(due, await nextDue(counter))).toBe(1);
  expect(await renewed(counter)).toMatchObject({ state: 'paid' });
  expect(years(due, await nextDue(counter))).toBe(2);
  expect(await counter.purchase(second.id)).toMatchObject({ state: 'paid' });
});

test('a renewal of a plan that went back says nothing about a plan bought later', async () => {
  const counter = await world.stranger();
  const plan = await counter.ownPlan();
  await renewed(counter);
  await world.refund(plan);
  expect((await counter.status()).plan).toBeNull();
  world.server.clock.advance(86_400_000);
  await counter.ownPlan();
  const due = await nextDue(counter);
  await world.refund(await renewed(counter));
  expect(await nextDue(counter)).toBe(due);
});

test('money under review goes back without a reversal or a credit note, and the purchase ends refunded', async () => {
  const counter = await world.owner();
  await world.server.fault({ wrong_amount: 1 });
  const topup = await counter.topUp(1);
  await world.server.play(orderOf(topup), 'pay');
  await world.server.settle();
  expect((await counter.purchase(topup.id)).state).toBe('under_review');
  const { status, body } = await world.refund(topup);
  expect(status).toBe(202);
  expect(body).toMatchObject({ refund: { reversed: 0, creditNoteId: null }, purchase: { state: 'refunded' } });
  expect(await world.documents(topup)).toEqual([]);
  expect(await balance(counter)).toBe(50_000);
});

describe('what is refused changes nothing', () => {
  test.each<[string, Record<string, unknown>, number]>([
    ['more than is left', { amountPaise: 250_001 }, 400],
    ['less than a rupee of it', { amountPaise: 99 }, 400],
    ['nothing', { amountPaise: 0 }, 400],
    ['a fraction', { amountPaise: 1.5 }, 400],
    ['all of it, without a reason', { reason: undefined }, 400],
    ['money of another payment', { paymentId: 'pay_Another0000001' }, 400],
    ['money of another org', { org: 'org_another' }, 404],
  ])('a refund of %s', async (_what, wish, status) => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    await changesNothing(world.server, async () => {
      expect((await world.refund(topup, wish)).status).toBe(status);
    });
  });

  test('a refund of a purchase that was never paid, of one that is unknown, and a second full one', async () => {
    const counter = await world.owner();
    const unpaid = await counter.topUp(1);
    const paid = await world.paidTopUp(counter);
    await world.refund(paid);
    await changesNothing(world.server, async () => {
      expect((await world.refund(unpaid)).status).toBe(400);
      expect((await world.refund({ id: 'pur_unknown' })).status).toBe(404);
      expect((await world.refund(paid)).status).toBe(400);
    });
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(world.server));
