// The operator of the servers: sends money back, and asks for a reconciliation. Knows the provider only where a person at its own
// pages sends money back.
import type { Chance } from '../storm/chance.ts';
import { noteThat } from './notes.ts';
import type { World } from './world.ts';

export const adminToken = 'life-operator';
export const operator = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };

/** All or a part of a purchase's money, by an operator's wish or at the provider's own pages; nothing where none came. */
export async function sendBack(world: World, chance: Chance, org: string, purchase: string): Promise<void> {
  const { servers, notes, provider } = world;
  const order = notes.purchases.find(({ id }) => id === purchase)?.order ?? '';
  const payment = provider.book.orders.get(order)?.payments.find(({ status }) => status === 'captured');
  if (payment === undefined) return;
  const left = payment.amount - payment.amountRefunded;
  const amount = chance.is(0.7) ? left : Math.max(100, Math.floor(left / (2 + chance.below(4))));
  const sku = notes.purchases.find(({ id }) => id === purchase)?.sku;
  if (chance.is(0.25)) {
    provider.book.refund(payment.id, amount, null, null);
    noteThat(notes, `sent back at the provider: ${sku}`);
    return;
  }
  const headers = { ...operator, 'idempotency-key': `back-${purchase}-${payment.amountRefunded}` };
  const body = JSON.stringify({ reason: 'bought by mistake', amountPaise: amount });
  const path = `/api/admin/purchases/${purchase}/refund`;
  const at = world.now();
  const { status } = await servers.ask(chance.below(2), { method: 'POST', path, headers, body });
  noteThat(
    notes,
    status === 202
      ? `sent back by an operator: ${sku}, ${amount === left ? 'all' : 'a part'}`
      : 'nothing to send back yet',
  );
  if (status === 202) notes.wishes.push({ org, purchase, amount, at });
}
