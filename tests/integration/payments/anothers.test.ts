// One payment that is told of as money of two purchases: the second word is an alarm at once, and gives nothing.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Counter, orderOf } from '../server/started.ts';
import { nextPaymentId, tell } from '../server/webhooks.ts';
import { type Money, money } from './money.ts';

let world: Money;
beforeAll(async () => {
  world = await money();
});
afterEach(() => world.expectBooksRight());
afterAll(() => world.server.dispose());

const alarmsOf = ({ orgId }: Counter) =>
  world.server.sql(
    "select kind, times, details->>'reason' as reason, details->'of' as of from billing_alarm where org_id = $1",
    [orgId],
  );

test.each(['another org', 'the same org'])('money of %s: nothing is given, tried again or parked', async (whose) => {
  const first = await world.owner();
  const second = whose === 'the same org' ? first : await world.owner();
  const [mine, yours] = [await first.topUp(1), await second.topUp(1)];
  const paymentId = nextPaymentId();
  const event = 'payment.captured';
  await tell(world.server, { orderId: orderOf(mine), event, paymentId, amount: 250_000 });
  await world.server.settle();
  await tell(world.server, { orderId: orderOf(yours), event, paymentId, amount: 250_000 });
  await world.server.settle();
  expect(await first.purchase(mine.id)).toMatchObject({ state: 'paid' });
  expect(await second.purchase(yours.id)).toMatchObject({ state: 'awaiting_payment' });
  const reason = 'the payment is known as money of another purchase';
  const of = { orgId: first.orgId, purchaseId: mine.id };
  expect(await alarmsOf(second)).toEqual([{ kind: 'money_without_effect', times: 1, reason, of }]);
  const [told] = await world.server.sql('select state, attempts, reason from webhook_inbox where order_id = $1', [
    orderOf(yours),
  ]);
  expect(told).toEqual({ state: 'ignored', attempts: 1, reason: expect.stringContaining('another purchase') });
  // Its own money pays it all the same.
  await tell(world.server, { orderId: orderOf(yours), event, paymentId: nextPaymentId(), amount: 250_000 });
  await world.server.settle();
  expect(await second.purchase(yours.id)).toMatchObject({ state: 'paid' });
});
