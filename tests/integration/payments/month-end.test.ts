// The questions that the operator's document puts to the database at month's end: they run as they stand there, and answer
// with the month's own documents and payments.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Money, money } from './money.ts';

let world: Money;
beforeAll(async () => {
  world = await money();
});
afterAll(() => world.server.dispose());

test('invoices, credit notes and payments of a month, in Indian time, to the paisa', async () => {
  const text = readFileSync(new URL('../../../docs/operating-payments.md', import.meta.url), 'utf8');
  const [documents, payments] = (/```sql\n(.*?)```/s.exec(text)?.[1] ?? '').split(';');
  // Half past eleven in the evening of 30 November, and half an hour past midnight: the second is December's.
  world.server.clock.set('2026-11-30T18:00:00.000Z');
  const counter = await world.owner();
  const topup = await world.paidTopUp(counter);
  await world.act({ action: 'refund', paymentId: topup.paymentId, amount: 100_000 });
  world.server.clock.set('2026-11-30T19:00:00.000Z');
  await world.paidTopUp(counter);
  const sums = (rows: Record<string, unknown>[]) =>
    rows.map(({ kind, effect, count, paise, refunded }) =>
      [kind ?? effect, count, paise, refunded].map(String).join(' '),
    );
  expect(sums(await world.server.sql(documents ?? '')).toSorted()).toEqual([
    'credit_note 1 100000 undefined',
    'invoice 2 1750000 undefined',
  ]);
  expect(sums(await world.server.sql(payments ?? ''))).toEqual(['settled 2 1750000 100000']);
});
