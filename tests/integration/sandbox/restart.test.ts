import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRazorpayProvider } from '../../../sync-server/providers/razorpay.ts';
import { createSandbox } from '../../../sync-server/sandbox/sandbox.ts';
import { KEYS, must, openListener, openStage, orderRequest, razorpayAt, seededRandom, stripeAt } from './stage.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-restart-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a sandbox that is stopped and started on its file', () => {
  test('still has its orders, its payments, its switches and its undelivered webhooks', async () => {
    const file = join(folder, 'sandbox.sqlite');
    const before = await openStage({ file });
    const { orderId } = must(await before.provider.createOrder(orderRequest('pur_1')));
    before.listener.manner.now = 500;
    await before.play({ action: 'pay', orderId });
    await before.sandbox.deliverDue();
    await before.faults({ webhook_duplicate: 3 });
    const sent = before.listener.heard.map(({ body }) => body.toString());
    await before.end();

    const after = await openStage({ file });
    expect(must(await after.provider.fetchOrder(orderId))).toMatchObject({
      order: { receipt: 'pur_1', status: 'paid' },
      payments: [{ status: 'captured' }],
    });
    expect(await after.sandbox.deliverDue()).toEqual({ delivered: 0, failed: 0 });
    after.pass(0.23);
    expect(await after.sandbox.deliverDue()).toEqual({ delivered: 3, failed: 0 });
    expect(after.listener.heard.map(({ body }) => body.toString())).toEqual(sent);
    const answer = (await (await fetch(`${after.url}/faults`)).json()) as { faults: Record<string, unknown> };
    expect(answer.faults).toMatchObject({ webhook_duplicate: 3 });
    await after.end();
  });

  test('takes up its deliveries by itself', async () => {
    const file = join(folder, 'sandbox.sqlite');
    const before = await openStage({ file });
    const { orderId } = must(await before.provider.createOrder(orderRequest('pur_1')));
    await before.play({ action: 'pay', orderId });
    await before.end();
    const after = await openStage({ file });
    after.sandbox.start();
    await expect.poll(() => after.listener.names(), { timeout: 15_000 }).toContain('order.paid');
    await after.end();
  });

  test('does not open a file that a newer version wrote', () => {
    const file = join(folder, 'newer.sqlite');
    const db = new Database(file);
    db.pragma('user_version = 99');
    db.close();
    const options = { ...KEYS, webhookUrl: 'http://127.0.0.1:1', publicUrl: 'http://127.0.0.1:1', databasePath: file };
    const clock = { now: () => new Date(0) };
    expect(() => createSandbox({ ...options, clock, random: seededRandom('x') })).toThrow(/newer version/);
  });
});

describe('a sandbox that is killed', () => {
  const program = fileURLToPath(new URL('../../../sync-server/sandbox/standalone.ts', import.meta.url));

  const children: ChildProcess[] = [];
  const listeners: Awaited<ReturnType<typeof openListener>>[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const listener of listeners.splice(0)) await listener.close();
  });

  async function start(file: string, webhookUrl: string): Promise<{ url: string; process: ChildProcess }> {
    const args = ['--port', '0', '--data', file, '--webhook-url', webhookUrl];
    const keys = ['--key-id', KEYS.keyId, '--key-secret', KEYS.keySecret, '--webhook-secret', KEYS.webhookSecret];
    const child = spawn(process.execPath, [program, ...args, ...keys], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = /listening on (\S+)/.exec(line.toString())?.[1];
    if (url === undefined) throw new Error(`the sandbox said ${line.toString()}`);
    return { url, process: child };
  }

  test('with kill -9 just after its answer has lost neither the order nor the webhooks', async () => {
    const file = join(folder, 'killed.sqlite');
    const [deaf, listener] = [await openListener(), await openListener()];
    listeners.push(deaf, listener);
    deaf.manner.now = 'silent';
    const first = await start(file, `${deaf.url}/hook`);
    const providerAt = (apiUrl: string) =>
      createRazorpayProvider({
        name: 'sandbox',
        ...KEYS,
        webhookSecrets: [],
        apiUrl,
        clock: { now: () => new Date(0) },
      });
    const { orderId } = must(await providerAt(first.url).createOrder(orderRequest('pur_1')));
    const body = JSON.stringify({ action: 'pay', orderId });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${first.url}/play`, { method: 'POST', headers, body })).status).toBe(200);
    const gone = once(first.process, 'exit');
    first.process.kill('SIGKILL');
    await gone;

    const second = await start(file, `${listener.url}/hook`);
    expect(must(await providerAt(second.url).findOrder('pur_1'))).toMatchObject({ orderId, status: 'paid' });
    await expect
      .poll(() => listener.names(), { timeout: 15_000 })
      .toEqual(['payment.authorized', 'payment.captured', 'order.paid']);
    const ended = once(second.process, 'exit');
    second.process.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  test('with kill -9 still knows mandates, links, disputes, and which of Stripe’s keys was used for what', async () => {
    const file = join(folder, 'killed.sqlite');
    const listener = await openListener();
    listeners.push(listener);
    const first = await start(file, `${listener.url}/hook`);
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(first.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await answer.json()) as { payment: { id: string }; dispute: { id: string } };
    };
    const before = razorpayAt(first.url);
    const item = { name: 'Renewal', amount: 100_000, currency: 'INR' };
    const plan = await before.plans.create({ period: 'yearly', interval: 1, item });
    const { id: mandate } = await before.subscriptions.create({ plan_id: plan.id, total_count: 5 });
    const { payment } = await post('/play', { action: 'mandate', subscriptionId: mandate, step: 'agree' });
    const { dispute } = await post('/play', { action: 'dispute', paymentId: payment.id });
    const link = await before.paymentLink.create({
      amount: 100_000,
      currency: 'INR',
      reference_id: 'pur_1',
      customer: {},
    });
    const make = (url: string) =>
      stripeAt(url, 'sk_test_sandbox').customers.create({ name: 'Pharmacy' }, { idempotencyKey: 'once' });
    const customer = await make(first.url);
    await post('/webhooks/disable', {});
    const gone = once(first.process, 'exit');
    first.process.kill('SIGKILL');
    await gone;

    const second = await start(file, `${listener.url}/hook`);
    const after = razorpayAt(second.url);
    expect(await after.subscriptions.fetch(mandate)).toMatchObject({ status: 'active', paid_count: 1 });
    expect((await after.disputes.fetch(dispute.id)).status).toBe('open');
    expect((await after.paymentLink.all({ reference_id: 'pur_1' } as object)).payment_links).toMatchObject([
      { id: link.id },
    ]);
    expect((await make(second.url)).id).toBe(customer.id);
    const told = (await (await fetch(`${second.url}/webhooks`)).json()) as { endpoint: object };
    expect(told.endpoint).toMatchObject({ disabled: true });
  });
});

test('the sandbox does not start in production, nor with an empty secret', () => {
  const options = {
    ...KEYS,
    databasePath: join(folder, 'x.sqlite'),
    clock: { now: () => new Date(0) },
    random: seededRandom('x'),
    webhookUrl: 'http://127.0.0.1:1',
    publicUrl: 'http://127.0.0.1:1',
  };
  expect(() => createSandbox({ ...options, production: true })).toThrow(/production/);
  expect(() => createSandbox({ ...options, webhookSecret: '' })).toThrow(/webhookSecret/);
});
