// A bank that turns its verdict on a dispute: money, credits and documents are exact each time, whatever the order of the news.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Counter } from '../server/started.ts';
import { post } from '../server/webhooks.ts';
import { type Money, money } from './money.ts';

let world: Money;
beforeAll(async () => {
  world = await money();
});
afterEach(() => world.expectBooksRight());
afterAll(() => world.server.dispose());

let disputes = 0;
interface Disputed {
  readonly id: string;
  readonly paymentId: string;
  readonly amount: number;
}
function disputeOf(paymentId: string, amount: number): Disputed {
  disputes += 1;
  return { id: `disp_Turned${String(disputes).padStart(8, '0')}`, paymentId, amount };
}

/** The bank's word, so many seconds from now; the sandbox's bank decides only once. */
async function say(status: 'lost' | 'won', { id, paymentId, amount }: Disputed, seconds: number): Promise<void> {
  const created_at = Math.floor(world.server.clock.now().getTime() / 1000) + seconds;
  const dispute = {
    ...{ id, entity: 'dispute', payment_id: paymentId, amount, currency: 'INR', amount_deducted: 0, status },
    ...{ phase: 'arbitration', reason_code: 'x', created_at: 1_790_000_000 },
  };
  const body = { entity: 'event', event: `payment.dispute.${status}`, contains: ['dispute'], created_at };
  await post(world.server, JSON.stringify({ ...body, payload: { dispute: { entity: dispute } } }));
  await world.server.settle();
}

const balance = async (counter: Counter) => (await counter.status()).credits.balance;
const kindsOf = async (purchase: { id: string }) => (await world.documents(purchase)).map(({ kind }) => kind);

describe('lost, won, lost again and won again', () => {
  test('a top-up: its credits go and come each time, and one credit note stands for all', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    const dispute = disputeOf(topup.paymentId, 250_000);
    for (const [index, status] of (['lost', 'won', 'lost', 'won', 'lost'] as const).entries()) {
      await say(status, dispute, index);
      const lost = status === 'lost';
      expect(await counter.purchase(topup.id)).toMatchObject({
        state: lost ? 'refunded' : 'paid',
        refundedPaise: lost ? 250_000 : 0,
      });
      expect(await balance(counter)).toBe(lost ? 50_000 : 100_000);
      await world.expectBooksRight();
    }
    expect(await kindsOf(topup)).toEqual(['invoice', 'credit_note']);
    const parked = await world.server.sql("select 1 from webhook_inbox where state = 'parked'");
    expect(parked).toEqual([]);
  });

  test('a part of a top-up: the credits of that part', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    const dispute = disputeOf(topup.paymentId, 100_000);
    for (const [index, status] of (['lost', 'won', 'lost'] as const).entries()) await say(status, dispute, index);
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid', refundedPaise: 100_000 });
    expect(await balance(counter)).toBe(80_000);
  });

  test('a plan: the plan and its month of credits', async () => {
    const counter = await world.stranger();
    const plan = await counter.ownPlan();
    const before = (await counter.status()).subscription;
    const dispute = disputeOf(await world.paymentOf(plan), 1_500_000);
    for (const [index, status] of (['lost', 'won', 'lost', 'won'] as const).entries()) {
      await say(status, dispute, index);
      const shown = await counter.status();
      expect(shown.credits.balance).toBe(status === 'lost' ? 0 : 50_000);
      if (status === 'lost') expect(shown.plan).toBeNull();
      else expect(shown.subscription).toEqual(before);
    }
  });

  test('a plan in whose place another was bought: the other one and its credits stay', async () => {
    const counter = await world.stranger();
    const first = await counter.ownPlan();
    const dispute = disputeOf(await world.paymentOf(first), 1_500_000);
    await say('lost', dispute, 0);
    const second = await counter.ownPlan();
    const alone = await balance(counter);
    await say('won', dispute, 1);
    await say('lost', dispute, 2);
    expect(await counter.purchase(second.id)).toMatchObject({ state: 'paid' });
    expect((await counter.status()).plan).not.toBeNull();
    expect(await balance(counter)).toBe(alone);
  });
});

describe('news of verdicts', () => {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  test.each(orders)('that come in the order %i, %i, %i end with the last verdict, taken once', async (...order) => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    const dispute = disputeOf(topup.paymentId, 250_000);
    const verdicts = ['lost', 'won', 'lost'] as const;
    for (const place of [...order, ...order]) await say(verdicts[place] ?? 'lost', dispute, place);
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'refunded', refundedPaise: 250_000 });
    expect(await balance(counter)).toBe(50_000);
  });

  test('that are replayed by an operator take nothing again', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    const dispute = disputeOf(topup.paymentId, 250_000);
    await say('lost', dispute, 0);
    await say('won', dispute, 1);
    const [lost] = await world.server.sql<{ id: number }>(
      "select inbox_id::int as id from webhook_inbox where event = 'payment.dispute.lost' and payment_id = $1",
      [topup.paymentId],
    );
    await world.ask('POST', `/api/admin/webhooks/${lost?.id}/replay`);
    expect(await balance(counter)).toBe(100_000);
  });

  test('of which none shows that it came later take nothing, and an operator is told at once', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    const dispute = disputeOf(topup.paymentId, 250_000);
    await say('won', dispute, 0);
    await say('lost', dispute, 0);
    expect(await balance(counter)).toBe(100_000);
    expect(await world.alarms(counter)).toEqual(['dispute_lost']);
  });
});

test('lost, won, and then refunded by an operator: the money goes back, and the note that stands is not doubled', async () => {
  const counter = await world.owner();
  const topup = await world.paidTopUp(counter);
  const dispute = disputeOf(topup.paymentId, 100_000);
  await say('lost', dispute, 0);
  await say('won', dispute, 1);
  const { status, body } = await world.refund(topup);
  expect({ status, refund: body.refund.status }).toEqual({ status: 202, refund: 'processed' });
  expect(await counter.purchase(topup.id)).toMatchObject({ state: 'refunded', refundedPaise: 250_000 });
  expect(await balance(counter)).toBe(50_000);
  const [, ...notes] = await world.documents(topup);
  expect(notes.map(({ totalPaise }) => totalPaise)).toEqual([100_000, 150_000]);
});
