// Two mandates under one receipt, both agreed to: a lost answer can make it so. The second is ended at the provider, and no
// year is paid twice.
import { expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { asked, goToDue, mandateRow, nextDue, paid, renewalsOf, stage, yearLater } from './autopay.ts';
import { audited } from './facts.ts';
import { makeMandateLike, mandatesFor } from './orders.ts';
import type { Counter } from './started.ts';

const at = stage();

/** A renewal by autopay whose mandate the provider made twice. */
async function askedTwice(counter: Counter): Promise<Purchase> {
  const purchase = await asked(counter);
  const [first] = await mandatesFor(at.server, purchase.id);
  await makeMandateLike(at.server, first?.id ?? '');
  return purchase;
}

async function agreeToBoth(purchase: Purchase): Promise<void> {
  const both = await mandatesFor(at.server, purchase.id);
  expect(both).toHaveLength(2);
  for (const { id } of both) {
    const body = { action: 'mandate', subscriptionId: id, step: 'agree' };
    expect((await at.server.request('POST', '/sandbox/play', { body })).status).toBe(200);
  }
  for (let rounds = 0; rounds < 3; rounds += 1) await at.server.settle();
}

/** The mandate that the org has, and what became of the other one. */
async function expectOneLeft(purchase: Purchase, status: string): Promise<void> {
  const { mandate_id: kept } = await mandateRow(at.server, purchase);
  const all = await mandatesFor(at.server, purchase.id);
  expect(all.map((one) => [one.id === kept, one.status]).toSorted()).toEqual([
    [false, 'cancelled'],
    [true, status],
  ]);
}

test('the second is cancelled at the provider, and one charge comes', async () => {
  const counter = await at.owner();
  const due = await nextDue(counter);
  const made = await askedTwice(counter);
  await agreeToBoth(made);
  await expectOneLeft(made, 'authenticated');
  await goToDue(at.server, counter);
  expect(await renewalsOf(at.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
  expect(await audited(at.server, counter.orgId)).toMatchObject({
    'mandate.second_found': 1,
    'mandate.second_ended': 1,
  });
});

test('that both charged before anybody could end one: one renews, the other’s money goes back', async () => {
  const counter = await at.owner();
  const due = await nextDue(counter);
  await goToDue(at.server, counter, 1);
  const made = await askedTwice(counter);
  await agreeToBoth(made);
  for (let rounds = 0; rounds < 3; rounds += 1) await at.server.settle();
  await expectOneLeft(made, 'active');
  const all = await renewalsOf(at.server, counter);
  expect(all).toHaveLength(2);
  const first = all.find(({ id }) => id === made.id);
  const second = all.find(({ id }) => id !== made.id);
  expect(first).toMatchObject({ id: made.id, due, ...paid });
  expect(second).toMatchObject({ state: 'refunded', effects: ['refunded'], invoices: 0 });
  expect(await nextDue(counter)).toBe(yearLater(due));
});

test('the second is tried again until the provider says that it is over', async () => {
  const counter = await at.owner();
  const made = await askedTwice(counter);
  await at.server.fault({ webhook_hold: true });
  await agreeToBoth(made);
  await at.server.fault({ webhook_hold: false, api_500: true });
  await at.server.request('POST', '/sandbox/webhooks/deliver', { body: {} });
  await at.server.settle();
  await at.server.fault({ reset: true });
  at.server.clock.advance(3_600_000);
  for (let rounds = 0; rounds < 3; rounds += 1) await at.server.settle();
  await expectOneLeft(made, 'authenticated');
});
