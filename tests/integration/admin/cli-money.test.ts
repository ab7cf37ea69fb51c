// The operator's command line where it asks the provider: money that goes back, and money that no webhook told of.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RefundAnswer } from '../../../shared/contract/admin.ts';
import { type Money, money } from '../payments/money.ts';
import { orderOf } from '../server/started.ts';
import { admin } from './command.ts';

let world: Money;
/** The server's own settings: the provider is the sandbox inside it. */
let env: Record<string, string>;
beforeAll(async () => {
  world = await money();
  const { databaseUrl: DATABASE_URL, url, parts } = world.server;
  env = { DATABASE_URL, DATA_DIR: parts.config.dataDir, PORT: new URL(url).port };
});
afterAll(() => world.server.dispose());

const oneLine = expect.stringMatching(/^[^\n]+\n$/);

describe('refund', () => {
  test('sends a part back as the route does; the same key again, at either, is the same refund', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    const words = ['refund', topup.id, 'ticket', '42', '--paise', '100000', '--key', 'ticket-42', '--json'];
    const first = await admin(env, ...words);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const told = JSON.parse(first.stdout) as RefundAnswer;
    expect(told).toMatchObject({
      refund: { amountPaise: 100_000, status: 'processed', reversed: 20_000, shortfall: 0 },
      purchase: { id: topup.id, state: 'paid', refundedPaise: 100_000 },
    });
    expect(JSON.parse((await admin(env, ...words)).stdout).refund).toEqual(told.refund);
    const wish = { reason: 'ticket 42', amountPaise: 100_000 };
    const byRoute = await world.refund(topup, wish, 'ticket-42');
    expect(byRoute.body.refund).toEqual(told.refund);
    expect((await counter.status()).credits.balance).toBe(80_000);
    const rest = await admin(env, 'refund', topup.id, 'the rest');
    expect(rest).toMatchObject({ code: 0, stderr: '' });
    expect(rest.stdout).toMatch(/^REFUND +rfq_\w+\nstatus +processed\nrupees +1500\.00\n/);
    expect(rest.stdout).toContain('2500.00 back in all');
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'refunded' });
    await world.expectBooksRight();
  });

  test('of more than is left, or of a purchase that is none, is one line and 2, and sends nothing', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    const much = await admin(env, 'refund', topup.id, 'x', '--paise', '250001');
    expect(much).toEqual({ code: 2, stdout: '', stderr: oneLine });
    expect(much.stderr).toContain('is more than the 250000 paise that are left');
    const none = await admin(env, 'refund', 'pur_none', 'x');
    expect(none).toEqual({ code: 2, stdout: '', stderr: oneLine });
    expect(none.stderr).toContain('purchase pur_none: not_found');
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid', refundedPaise: 0 });
  });

  test('while the provider is away is stored, and made by the server when it is back', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    const away = await admin({ ...env, PORT: '1' }, 'refund', topup.id, 'x', '--json');
    expect(away).toMatchObject({ code: 0, stderr: '' });
    expect((JSON.parse(away.stdout) as RefundAnswer).refund).toMatchObject({ status: 'requested', refundId: null });
    // The command line has the machine's own clock, which may be ahead of the server's here.
    await world.server.sql("update billing_refund set next_ask_at = '2026-01-01' where purchase_id = $1", [topup.id]);
    await world.server.settle();
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'refunded' });
  });
});

describe('reconcile', () => {
  test('finds money that no webhook told of, and says what it looked at', async () => {
    const counter = await world.stranger();
    const plan = await counter.buyPlan();
    await world.server.fault({ webhook_drop: true });
    await world.server.play(orderOf(plan), 'pay');
    await world.server.fault({ reset: true });
    const found = await admin(env, 'reconcile');
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(found.stdout).toMatch(/^looked at [1-9]\d* purchases, 1 of them paid now; \d+ alarms open\n$/);
    expect(await counter.purchase(plan.id)).toMatchObject({ state: 'paid' });
    expect(JSON.parse((await admin(env, 'reconcile', '--json')).stdout)).toMatchObject({ settled: 0 });
  });

  test('while the provider is away is one line and 2', async () => {
    const counter = await world.stranger();
    await counter.buyPlan();
    const away = await admin({ ...env, PORT: '1' }, 'reconcile');
    expect(away).toEqual({ code: 2, stdout: '', stderr: oneLine });
    expect(away.stderr).toContain('unavailable');
  });
});
