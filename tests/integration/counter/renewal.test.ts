// The renewal as two real counters of one org see it along a real server's year: what the plan card is made of, what is
// queued without a network, and who is told by whom.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OverviewView } from '../../../shared/contract/overview-view.ts';
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import { type Started, started } from '../server/started.ts';
import { priceOf, type RealCounter, twoCounters } from './two-counters.ts';

let server: Started;
let front: RealCounter;
let back: RealCounter;
beforeAll(async () => {
  server = await started();
  [front, back] = await twoCounters(server);
  await pay(await front.queue('plan.pharmapulse-one', priceOf('plan.pharmapulse-one')), front);
});
afterAll(async () => {
  await front.dispose();
  await back.dispose();
  expect(await server.parts.verifier.verify(null)).toMatchObject({ ok: true });
  await server.dispose();
});

const find = async (counter: RealCounter, id: string): Promise<PurchaseView> => {
  const found = (await counter.purchases()).find((purchase) => purchase.id === id);
  if (found === undefined) throw new Error(`no purchase ${id}`);
  return found;
};

async function pay({ id }: PurchaseView, on: RealCounter): Promise<void> {
  await on.sync();
  const [row] = await server.sql<{ order: string }>(
    'select provider_order_id as order from purchase where purchase_id = $1',
    [id],
  );
  await server.play(row?.order ?? '', 'pay');
  await server.settle();
}

const renew = (counter: RealCounter) => counter.queue('renewal.year', priceOf('renewal.year'));
const renewals = () =>
  server.sql<{ state: string; due: string }>(
    "select state, renewal_due::text as due from purchase where sku = 'renewal.year' order by created_at, purchase_id",
  );

const card = ({ plan }: OverviewView) =>
  `${plan?.status} ${plan?.daysLeft}, due ${plan?.nextDue}, lapses ${plan?.lapsesOn}`;
const features = ({ plan }: OverviewView) => Object.values(plan?.features ?? {}).filter(Boolean).length;

/** Both counters after a contact at an instant, as India's clocks show it. */
async function bothAt(instant: string): Promise<{ cards: string[]; features: number[] }> {
  server.clock.set(new Date(`${instant}+05:30`).toISOString());
  await server.settle();
  const views = [await front.sync(), await back.sync()];
  return { cards: [...new Set(views.map(card))], features: [...new Set(views.map(features))] };
}

describe('the plan card', () => {
  test('says the same on both counters, from the purchase to the lapse, at each boundary', async () => {
    expect(await bothAt('2026-11-22T12:05:00')).toEqual({
      cards: ['active 365, due 2027-11-22, lapses 2027-12-07'],
      features: [8],
    });
    expect(await bothAt('2027-10-22T23:59:59')).toMatchObject({
      cards: ['active 31, due 2027-11-22, lapses 2027-12-07'],
    });
    expect(await bothAt('2027-10-23T00:00:00')).toMatchObject({
      cards: ['due_soon 30, due 2027-11-22, lapses 2027-12-07'],
    });
    expect(await bothAt('2027-11-22T00:00:00')).toEqual({
      cards: ['past_due 15, due 2027-11-22, lapses 2027-12-07'],
      features: [8],
    });
    expect(await bothAt('2027-12-06T23:59:59')).toEqual({
      cards: ['past_due 1, due 2027-11-22, lapses 2027-12-07'],
      features: [8],
    });
    expect(await bothAt('2027-12-07T00:00:00')).toEqual({
      cards: ['lapsed 0, due 2027-11-22, lapses 2027-12-07'],
      features: [4],
    });
  });
});

describe('the same renewal queued on both counters without a network', () => {
  test('becomes one purchase; the other counter follows it and is told by whom; paid, all is back on both at once', async () => {
    front.online = false;
    back.online = false;
    const [ours, theirs] = [await renew(front), await renew(back)];
    await Promise.all([front.sync(), back.sync()]);
    expect([(await find(front, ours.id)).state, (await find(back, theirs.id)).state]).toEqual(['queued', 'queued']);
    front.online = true;
    back.online = true;
    await Promise.all([front.sync(), back.sync()]);
    expect(await renewals()).toMatchObject([{ state: 'awaiting_payment', due: '2027-11-22' }]);
    const frontWon = (await find(front, ours.id)).state === 'awaiting_payment';
    const [winner, loser] = frontWon ? [front, back] : [back, front];
    const [won, lost] = frontWon ? [ours, theirs] : [theirs, ours];
    await loser.sync();
    expect(await find(loser, lost.id)).toMatchObject({
      state: 'rejected',
      reason: 'purchase_in_progress',
      followsId: won.id,
      followsDevice: frontWon ? 'Front counter' : 'Back counter',
      followsState: 'awaiting_payment',
    });
    // The one that it follows is in its list, with the page to pay it on.
    expect(await find(loser, won.id)).toMatchObject({ state: 'awaiting_payment', mine: false });
    expect((await find(loser, won.id)).checkoutUrl).toContain(`/pay/${won.id}?t=`);

    await pay(won, winner);
    expect(await bothAt('2027-12-07T00:00:00')).toEqual({
      cards: ['active 366, due 2028-12-07, lapses 2028-12-22'],
      features: [8],
    });
    expect(await find(loser, lost.id)).toMatchObject({ followsState: 'paid' });
    expect(await renewals()).toMatchObject([{ state: 'paid', due: '2027-11-22' }]);
  });

  test('and paid before the other comes online asks for no further year: it is told that this one is paid', async () => {
    await bothAt('2028-12-07T10:00:00');
    back.online = false;
    const theirs = await renew(back);
    const ours = await renew(front);
    await pay(ours, front);
    await front.sync();
    back.online = true;
    await back.sync();
    expect(await find(back, theirs.id)).toMatchObject({
      state: 'rejected',
      reason: 'purchase_in_progress',
      followsId: ours.id,
      followsDevice: 'Front counter',
      followsState: 'paid',
    });
    expect(await renewals()).toMatchObject([{ due: '2027-11-22' }, { state: 'paid', due: '2028-12-07' }]);
    expect(await bothAt('2028-12-07T10:00:00')).toMatchObject({
      cards: ['active 365, due 2029-12-07, lapses 2029-12-22'],
    });
  });

  test('a further year that the user was shown the new date of can be bought early', async () => {
    const early = await renew(back);
    await pay(early, back);
    expect(await bothAt('2028-12-07T10:00:00')).toMatchObject({
      cards: ['active 730, due 2030-12-07, lapses 2030-12-22'],
    });
  });
});
