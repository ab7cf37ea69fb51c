// Crash safety with real processes: what was answered is not lost, and nothing happens twice, wherever the power went.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BillingStatus, Purchase } from '../../../shared/contract/billing.ts';
import type { Activation } from '../../../shared/contract/devices.ts';
import { hold, waiting } from './locks.ts';
import { killAll, type Program, startProgram } from './program.ts';
import { goodBodies } from './refusal-bodies.ts';
import { makeDatabase, uniqueKey } from './started.ts';
import { eventBody, nextPaymentId, signatureOf } from './webhooks.ts';

let folder: string;
let database: { databaseUrl: string; drop: () => Promise<void> };
let settings: Record<string, string>;
let owner: Client;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pharmapulse-crash-'));
  database = await makeDatabase();
  settings = { DATABASE_URL: database.databaseUrl, DATA_DIR: folder, PORT: '0', PAYMENT_PROVIDER: 'sandbox' };
  owner = new Client({ connectionString: database.databaseUrl });
  await owner.connect();
});
afterAll(async () => {
  killAll();
  await owner.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask<T>(url: string, token: string | null, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      'idempotency-key': uniqueKey(),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

interface Bought {
  readonly url: string;
  readonly program: Program;
  readonly counter: Activation;
  readonly plan: Purchase;
}

async function startedWithAPlanToPay(): Promise<Bought> {
  const program = startProgram(settings);
  const url = await program.url;
  const counter = await ask<Activation>(url, null, 'POST', '/api/orgs', goodBodies['/api/orgs']);
  const plan = await ask<Purchase>(url, counter.deviceToken, 'POST', '/api/billing/plan/purchase', {});
  return { url, program, counter, plan };
}

async function tellPaid({ url, plan }: Bought, event: string, paymentId: string): Promise<number> {
  const { providerOrderId, amountPaise } = plan;
  const body = eventBody(new Date(), { orderId: providerOrderId ?? '', event, paymentId, amount: amountPaise });
  const { webhookSecret } = JSON.parse(readFileSync(join(folder, 'sandbox', 'secrets.json'), 'utf8')) as {
    webhookSecret: string;
  };
  const answer = await fetch(`${url}/api/billing/webhook`, {
    method: 'POST',
    headers: {
      'x-razorpay-signature': signatureOf(body, webhookSecret),
      'x-razorpay-event-id': `${paymentId}-${event}`,
    },
    body,
  });
  return answer.status;
}

async function kill(program: Program): Promise<void> {
  program.process.kill('SIGKILL');
  expect(await program.ended).toMatchObject({ signal: 'SIGKILL' });
}

/** Every connection of the killed server is closed, so that its locks are gone. */
async function connectionsGone(): Promise<void> {
  await expect
    .poll(
      async () => {
        const { rows } = await owner.query(
          `select from pg_stat_activity where datname = current_database() and application_name like 'pharmapulse%'`,
        );
        return rows.length;
      },
      { timeout: 60_000 },
    )
    .toBe(0);
}

async function inboxStates(orderId: string | null): Promise<string[]> {
  const { rows } = await owner.query('select state from webhook_inbox where order_id = $1 order by inbox_id', [
    orderId,
  ]);
  return rows.map(({ state }) => state as string);
}

async function expectGrantedOnce({ counter, plan }: Bought): Promise<void> {
  const program = startProgram(settings);
  const url = await program.url;
  await expect
    .poll(() => ask<Purchase>(url, counter.deviceToken, 'GET', `/api/billing/purchases/${plan.id}`), {
      timeout: 60_000,
    })
    .toMatchObject({ state: 'paid' });
  const status = await ask<BillingStatus>(url, counter.deviceToken, 'GET', '/api/billing/status');
  expect(status).toMatchObject({ plan: 'pharmapulse-one', credits: { balance: 50_000 } });
  const { rows } = await owner.query(
    `select (select count(*) from credits_ledger where org_id = $1)::int as entries,
            (select count(*) from billing_payment where org_id = $1)::int as payments,
            (select count(*) from billing_invoice where org_id = $1)::int as invoices,
            (select count(*) from billing_audit_log where org_id = $1 and action = 'purchase.settled')::int as settled`,
    [counter.orgId],
  );
  expect(rows).toEqual([{ entries: 1, payments: 1, invoices: 1, settled: 1 }]);
  await kill(program);
  await connectionsGone();
}

// Each starts the program three times: the limit is for one that hangs, on however busy a machine.
describe('the server is killed and started again: granted once', { timeout: 120_000 }, () => {
  test('between the answer to the webhook and the job', async () => {
    const bought = await startedWithAPlanToPay();
    // The job cannot get past this lock, so the kill surely comes before it has done anything.
    const release = await hold(
      database.databaseUrl,
      `select from subscription where org_id = '${bought.counter.orgId}' for update`,
    );
    expect(await tellPaid(bought, 'payment.captured', nextPaymentId())).toBe(200);
    await kill(bought.program);
    await release();
    await connectionsGone();
    expect(await inboxStates(bought.plan.providerOrderId)).toEqual(['pending']);
    await expectGrantedOnce(bought);
    expect(await inboxStates(bought.plan.providerOrderId)).toEqual(['applied']);
  });

  test('in the middle of settling, after the ledger entry and before the invoice', async () => {
    const bought = await startedWithAPlanToPay();
    const release = await hold(database.databaseUrl, 'lock table invoice_counter in exclusive mode');
    expect(await tellPaid(bought, 'order.paid', nextPaymentId())).toBe(200);
    await waiting(database.databaseUrl, 'insert into "invoice_counter"%');
    await kill(bought.program);
    await release();
    await connectionsGone();
    await expectGrantedOnce(bought);
  });

  test('right after the webhook, without any lock, and told again by every event there is', async () => {
    const bought = await startedWithAPlanToPay();
    const paymentId = nextPaymentId();
    expect(await tellPaid(bought, 'payment.captured', paymentId)).toBe(200);
    await kill(bought.program);
    await connectionsGone();
    const again = startProgram(settings);
    const url = await again.url;
    for (const event of ['payment.captured', 'order.paid']) {
      expect(await tellPaid({ ...bought, url }, event, paymentId)).toBe(200);
    }
    await kill(again);
    await connectionsGone();
    await expectGrantedOnce(bought);
  });
});
