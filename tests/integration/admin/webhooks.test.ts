// Stored webhooks as an operator sees them, and applying one again: its effect happens once all the same.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebhookItem } from '../../../shared/contract/admin.ts';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { audited, changesNothing, contentOf } from '../server/facts.ts';
import { orderOf } from '../server/started.ts';
import { nextPaymentId, tell } from '../server/webhooks.ts';
import { type Operated, operated } from './operator.ts';

interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

let op: Operated;
beforeAll(async () => {
  op = await operated();
  await (await op.server.signUp()).ownPlan();
});
afterAll(() => op.server.dispose());

describe('webhooks', () => {
  const list = async (query = '') => (await op.ask<Page<WebhookItem>>('GET', `/api/admin/webhooks${query}`)).body;
  const replay = (id: string) => op.ask<WebhookItem>('POST', `/api/admin/webhooks/${id}/replay`);

  test('are listed newest first, by state, without what is in them', async () => {
    const all = await list('?limit=200');
    expect(all.items.length).toBeGreaterThan(1);
    const ids = all.items.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    expect(Object.keys(all.items[0] ?? {}).toSorted()).toEqual([
      'attempts',
      'event',
      'eventId',
      'id',
      'provider',
      'reason',
      'receivedAt',
      'state',
    ]);
    for (const state of ['pending', 'applied', 'ignored', 'parked']) {
      const some = await list(`?limit=200&state=${state}`);
      expect(some.items).toEqual(all.items.filter((item) => item.state === state));
    }
    const first = await list('?limit=1');
    expect(await list(`?limit=200&cursor=${first.nextCursor}`)).toEqual({
      items: all.items.slice(1),
      nextCursor: null,
    });
  });

  test('one that was applied can be replayed: nothing has its effect twice', async () => {
    const item = (await list('?state=applied')).items.find(({ reason }) => reason === 'settled');
    const before = await contentOf(op.server);
    const answer = await replay(item?.id ?? '');
    expect(answer).toMatchObject({
      status: 200,
      body: { id: item?.id, state: 'applied', attempts: 1, reason: 'known' },
    });
    const after = await contentOf(op.server);
    const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
    // What became of the event, and that an operator asked for it.
    expect(changed.toSorted()).toEqual(['billing_audit_log', 'webhook_inbox']);
    expect((await op.verify()).faults).toEqual([]);
  });

  test('one that was parked is applied at once by a replay, and its audit row says who asked', async () => {
    const counter = await op.server.signUp();
    const plan = await counter.buyPlan();
    const told = { orderId: orderOf(plan), event: 'payment.captured', paymentId: nextPaymentId(), amount: 1_500_000 };
    // Held while it comes, so that the worker passes it over: as an event that no attempt could apply.
    await op.server.sql(
      "create function refuse_all() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$",
    );
    await op.server.sql(
      'create trigger refuse_all before insert on billing_payment for each row execute function refuse_all()',
    );
    await tell(op.server, told);
    await op.server.settle();
    await op.server.sql("update webhook_inbox set state = 'parked', attempts = 12 where order_id = $1", [told.orderId]);
    const [parked] = (await list('?state=parked')).items;
    expect(parked).toMatchObject({ attempts: 12, event: 'payment.captured' });
    expect((await op.verify()).attention).toContainEqual(
      expect.objectContaining({ kind: 'webhook_parked', subject: `webhook ${parked?.id}` }),
    );
    // While it still fails, a replay makes it wait its turn again, with all its attempts.
    expect((await replay(parked?.id ?? '')).body).toMatchObject({ state: 'pending', attempts: 1 });
    await op.server.sql('drop trigger refuse_all on billing_payment');
    expect((await replay(parked?.id ?? '')).body).toMatchObject({ state: 'applied', attempts: 1, reason: 'settled' });
    expect((await counter.purchase(plan.id)).state).toBe('paid');
    expect(await audited(op.server, counter.orgId)).toMatchObject({ 'webhook.replayed': 1, 'purchase.settled': 1 });
    expect((await op.verify()).faults).toEqual([]);
  });

  test('two replays at once are one effect', async () => {
    const counter = await op.server.signUp();
    const plan = await counter.buyPlan();
    await tell(op.server, {
      orderId: orderOf(plan),
      event: 'payment.captured',
      paymentId: nextPaymentId(),
      amount: 1_500_000,
    });
    const [item] = (await list('?limit=1')).items;
    const answers = await Promise.all(Array.from({ length: 4 }, () => replay(item?.id ?? '')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await op.server.settle();
    expect((await counter.status()).credits.balance).toBe(50_000);
    expect((await op.verify(counter.orgId)).faults).toEqual([]);
  });

  test('one that is not there is 404', () =>
    changesNothing(op.server, async () => {
      for (const id of ['0', '999999', '-1', 'x', '1e3', '9'.repeat(30)]) {
        expect((await replay(id)).status, id).toBe(404);
      }
    }));
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(op.server));
