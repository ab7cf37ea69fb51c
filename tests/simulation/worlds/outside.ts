// Money and credits, as people outside the counters move them: who pays, late, too little or not at all; the shop that spends; the
// operator who sends a payment back; the owner who shuts a counter out.
import type { Order } from '../storm/book.ts';
import { note } from './diary.ts';
import type { Doing } from './ground.ts';
import type { Pc } from './pc.ts';

const ordersOf = ({ ground, diary }: Doing): Order[] =>
  [...ground.provider().book.orders.values()].filter(
    ({ notes }) => (notes as { orgId?: string }).orgId === diary.orgId,
  );

function unpaid(world: Doing): Order | undefined {
  const open = ordersOf(world).filter(({ status }) => status !== 'paid');
  return open[world.chance.below(Math.max(1, open.length))];
}

export function payOne(world: Doing): void {
  const order = unpaid(world);
  if (order === undefined) return;
  note(world.diary, 'paid');
  world.ground.provider().book.pay(order.id);
}

/** The oldest link that somebody still has open, whatever became of its purchase. */
export function payLate(world: Doing): void {
  const order = ordersOf(world).find(
    ({ status, createdAt }) => status !== 'paid' && createdAt * 1000 < world.ground.now() - 3 * 86_400_000,
  );
  if (order === undefined) return;
  note(world.diary, 'paid after its end');
  world.ground.provider().book.pay(order.id);
}

export function payShort(world: Doing): void {
  const order = unpaid(world);
  if (order === undefined) return;
  note(world.diary, 'paid too little');
  world.ground.provider().book.pay(order.id, order.amount - 100);
}

export function refuse(world: Doing): void {
  const order = unpaid(world);
  if (order === undefined) return;
  note(world.diary, 'bank refused');
  world.ground.provider().book.fail(order.id);
}

/** The shop uses credits, which makes entries. */
export function spend({ ground, chance, diary, busy }: Doing, { token, refused }: Pc): void {
  if (token === null || refused) return;
  const body = JSON.stringify({ amount: 1 + chance.below(900), feature: 'ai.assist' });
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': `spend-${chance.below(1e9)}`,
  };
  const asked = ground.ask({ method: 'POST', path: '/api/credits/spend', headers, body }, '127.0.0.1');
  void busy
    .during(asked)
    .then(({ status }) => note(diary, status === 200 ? 'credits spent' : `spend refused ${status}`));
}

/** An operator sends a payment back. */
export function refund(world: Doing): void {
  const { ground, chance, diary, busy } = world;
  const paid = ordersOf(world).filter(
    ({ status, payments }) => status === 'paid' && payments.every((one) => one.refunds.length === 0),
  );
  const order = paid[chance.below(Math.max(1, paid.length))];
  if (order === undefined) return;
  const { purchaseId } = order.notes as { purchaseId: string };
  const headers = { authorization: `Bearer ${ground.adminToken}`, 'content-type': 'application/json' };
  const ask = {
    method: 'POST',
    path: `/api/admin/purchases/${purchaseId}/refund`,
    headers,
    body: '{"reason":"asked for"}',
  };
  void busy
    .during(ground.ask(ask, '127.0.0.1'))
    .then(({ status }) => note(diary, status === 202 ? 'refunded' : `refund refused ${status}`));
}

export function revoke({ ground, pcs, diary, busy }: Doing, pc: Pc): void {
  const by = pcs.find((one) => one !== pc && one.token !== null && !one.refused);
  if (by === undefined || pc.deviceId === null || pc.refused) return;
  const ask = {
    method: 'DELETE',
    path: `/api/devices/${pc.deviceId}`,
    headers: { authorization: `Bearer ${by.token}` },
    body: undefined,
  };
  void busy.during(ground.ask(ask, '127.0.0.1')).then(({ status }) => {
    if (status === 204) note(diary, 'revoked');
  });
}
