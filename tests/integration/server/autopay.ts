// Renewals by autopay as a test asks for them and a customer agrees to them, and what our books say of them.
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { BillingStatus, Purchase } from '../../../shared/contract/billing.ts';
import type { Activation } from '../../../shared/contract/devices.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { type HeldMandate, mandatesFor } from './orders.ts';
import { type Answer, type Counter, counterOf, type Started, started, uniqueKey } from './started.ts';

export type Step = 'agree' | 'refuse' | 'charge' | 'fail_charge' | 'halt' | 'pause' | 'resume' | 'cancel';

export const renew = (counter: Counter, mode: 'manual' | 'autopay', key = uniqueKey(), more: object = {}) =>
  counter.request<Purchase>('POST', '/api/billing/renewal/subscribe', { body: { mode, ...more }, key });

export const cancelAutopay = (counter: Counter): Promise<Answer<BillingStatus['subscription']>> =>
  counter.request('POST', '/api/billing/renewal/autopay/cancel');

let signedUp = 0;

/** An org that owns the plan; each from an address of its own, since this many from one address are refused. */
export async function owner(server: Started): Promise<Counter> {
  signedUp += 1;
  const body = {
    legalName: 'Asha Medicals',
    address: '12 MG Road, Pune',
    stateCode: '27',
    pin: '411001',
    deviceName: 'Front counter',
  };
  const answer = await server.request<Activation>('POST', '/api/orgs', { body, from: `127.0.7.${signedUp % 250}` });
  const counter = counterOf(server, answer.body);
  await counter.ownPlan();
  return counter;
}

/** A renewal by autopay that waits for its customer to agree. */
export async function asked(counter: Counter): Promise<Purchase> {
  const answer = await renew(counter, 'autopay');
  if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** The one mandate that the provider holds for a purchase. */
export async function mandateFor(server: Started, purchase: Purchase): Promise<HeldMandate> {
  const [only, ...more] = await mandatesFor(server, purchase.id);
  if (only === undefined || more.length > 0) throw new Error(`not one mandate of ${purchase.id}`);
  return only;
}

/** Something happens to a purchase's mandate in the world outside; what it causes is told and applied. */
export async function step(server: Started, purchase: Purchase, what: Step): Promise<void> {
  const { id } = await mandateFor(server, purchase);
  const body = { action: 'mandate', subscriptionId: id, step: what };
  const answer = await server.request('POST', '/sandbox/play', { body });
  if (answer.status !== 200) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
  await server.settle();
}

/** A renewal by autopay that was agreed to. */
export async function agreed(server: Started, counter: Counter): Promise<Purchase> {
  const purchase = await asked(counter);
  await step(server, purchase, 'agree');
  return purchase;
}

/** Moves the clock to some days after the org's next due begins, and does what is due then. */
export async function goToDue(server: Started, counter: Counter, days = 0): Promise<void> {
  const due = (await counter.status()).subscription.serviceRenewalNextDue;
  const at = new Date(`${due}T00:00:00+05:30`).getTime() + days * 86_400_000;
  server.clock.set(new Date(at + 60_000).toISOString());
  await server.settle();
  await server.settle();
}

export interface Renewal {
  readonly id: string;
  readonly state: string;
  readonly mode: string;
  readonly due: string;
  readonly effects: string[] | null;
  readonly invoices: number;
}

/** Every renewal of an org with what became of its money, oldest first. */
export const renewalsOf = (server: Started, counter: Counter): Promise<Renewal[]> =>
  server.sql<Renewal & Record<string, unknown>>(
    `select p.purchase_id as id, p.state, p.renewal_mode as mode, p.renewal_due::text as due,
       (select array_agg(effect order by payment_id) from billing_payment b
         where b.org_id = p.org_id and b.purchase_id = p.purchase_id) as effects,
       (select count(*)::int from billing_invoice i
         where i.org_id = p.org_id and i.purchase_id = p.purchase_id) as invoices
     from purchase p where p.org_id = $1 and p.sku = 'renewal.year' order by p.created_at, p.purchase_id`,
    [counter.orgId],
  );

export const mandateRow = async (server: Started, purchase: Purchase) => {
  const [row] = await server.sql<{
    status: string;
    mandate_id: string | null;
    receipt: string;
    next_look_at: Date | null;
  }>('select status, mandate_id, receipt, next_look_at from mandate where purchase_id = $1', [purchase.id]);
  if (row === undefined) throw new Error(`no mandate of ${purchase.id}`);
  return row;
};

export const modeOf = async (counter: Counter) => (await counter.status()).subscription.renewalMode;

export const days = 86_400_000;

/** What a renewal that a charge paid looks like. */
export const paid = { state: 'paid', mode: 'autopay', effects: ['settled'], invoices: 1 };

export const nextDue = async (counter: Counter) => (await counter.status()).subscription.serviceRenewalNextDue;
export const yearLater = (date: string | null) => `${Number(date?.slice(0, 4)) + 1}${date?.slice(4)}`;
export const detailsOf = ({ body }: { body: unknown }) =>
  (body as { error: { code: string; details: { purchase: Purchase } } }).error;

/** A server for a file of tests, which proves at the end that the books of every org are right. */
export function stage() {
  const owners: Counter[] = [];
  const self = {
    server: null as unknown as Started,
    owner: async () => {
      const counter = await owner(self.server);
      owners.push(counter);
      return counter;
    },
  };
  beforeAll(async () => {
    self.server = await started();
  });
  afterEach(async () => {
    await self.server.fault({ reset: true });
    self.server.clock.advance(60_000);
    // The clock goes on to other years; nobody else's mandates are to be charged in them.
    for (const counter of owners.splice(0)) await cancelAutopay(counter);
    await self.server.settle();
  });
  afterAll(async () => {
    expect(await self.server.parts.verifier.verify(null)).toMatchObject({ ok: true });
    await expectEveryAnswerKeptTheRules(self.server);
    await self.server.dispose();
  });
  return self;
}
