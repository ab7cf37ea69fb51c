// A server with an operator, an org that owns the plan, and what a test asks and plays about money that goes back.
import { expect } from 'vitest';
import type { RefundAnswer } from '../../../shared/contract/admin.ts';
import type { Purchase } from '../../../shared/contract/billing.ts';
import type { Activation } from '../../../shared/contract/devices.ts';
import type { TaxDocument } from '../../../shared/gst/document.ts';
import { type Operated, operated } from '../admin/operator.ts';
import { goodBodies } from '../server/refusal-bodies.ts';
import { type Answer, type Counter, counterOf, orderOf, type Started } from '../server/started.ts';

export interface Money extends Operated {
  /** An org that owns nothing yet. */
  stranger(): Promise<Counter>;
  owner(): Promise<Counter>;
  /** A paid top-up of so many packs. */
  paidTopUp(counter: Counter, packs?: number): Promise<Purchase & { paymentId: string }>;
  paymentOf(purchase: Pick<Purchase, 'id'>): Promise<string>;
  refund(purchase: Pick<Purchase, 'id'>, wish?: Record<string, unknown>, key?: string): Promise<Answer<RefundAnswer>>;
  /** What the outside world does at the sandbox, with its webhooks delivered and applied. */
  act<T = Record<string, unknown>>(action: Record<string, unknown>): Promise<T>;
  /** Documents of a purchase: the invoice first. */
  documents(purchase: Pick<Purchase, 'id'>): Promise<TaxDocument[]>;
  /** Entries of an org: kind and delta. */
  entries(counter: Counter): Promise<string[]>;
  /** Alarms in the audit log. */
  alarms(counter: Counter): Promise<string[]>;
  /** The books are right, by the server's own verifier. */
  expectBooksRight(): Promise<void>;
}

export async function money(env: Record<string, string> = {}): Promise<Money> {
  const op = await operated(env);
  const { server } = op;
  let made = 0;
  const self: Money = {
    ...op,
    stranger: async () => {
      made += 1;
      const answer = await server.request<Activation>('POST', '/api/orgs', {
        body: { ...goodBodies['/api/orgs'], legalName: `Pharmacy ${made}` },
        // Sign-ups are limited by address.
        from: `127.0.1.${made % 250}`,
      });
      expect(answer.status).toBe(201);
      return counterOf(server, answer.body);
    },
    owner: async () => {
      const counter = await self.stranger();
      await counter.ownPlan();
      return counter;
    },
    paidTopUp: async (counter, packs = 1) => {
      const topup = await counter.topUp(packs);
      await server.play(orderOf(topup), 'pay');
      await server.settle();
      const paid = await counter.purchase(topup.id);
      expect(paid.state).toBe('paid');
      return { ...paid, paymentId: await self.paymentOf(paid) };
    },
    paymentOf: async ({ id }) => {
      const rows = await server.sql<{ id: string }>(
        'select payment_id as id from billing_payment where purchase_id = $1 order by created_at, payment_id',
        [id],
      );
      return rows[0]?.id ?? 'none';
    },
    refund: (purchase, wish = {}, key) =>
      op.ask<RefundAnswer>('POST', `/api/admin/purchases/${purchase.id}/refund`, {
        body: { reason: 'asked by telephone', ...wish },
        ...(key === undefined ? {} : { key }),
      }),
    act: async <T>(action: Record<string, unknown>) => {
      const answer = await server.request<T>('POST', '/sandbox/play', { body: action });
      if (answer.status !== 200) throw new Error(`sandbox: ${answer.status} ${JSON.stringify(answer.body)}`);
      await server.settle();
      return answer.body;
    },
    ...reading(server),
    expectBooksRight: async () => {
      expect((await op.verify()).faults).toEqual([]);
    },
  };
  return self;
}

/** What stands in the books. */
function reading(server: Started): Pick<Money, 'documents' | 'entries' | 'alarms'> {
  return {
    documents: async ({ id }) => {
      const rows = await server.sql<{ document: TaxDocument }>(
        'select document from billing_invoice where purchase_id = $1 order by kind desc, serial',
        [id],
      );
      return rows.map(({ document }) => document);
    },
    entries: async ({ orgId }) => {
      const rows = await server.sql<{ kind: string; delta: number }>(
        'select kind, delta::int from credits_ledger where org_id = $1 order by seq',
        [orgId],
      );
      return rows.map(({ kind, delta }) => `${kind} ${delta}`);
    },
    alarms: async ({ orgId }) => {
      const rows = await server.sql<{ action: string }>(
        "select action from billing_audit_log where org_id = $1 and action like 'alarm.%' order by audit_id",
        [orgId],
      );
      return rows.map(({ action }) => action.slice('alarm.'.length));
    },
  };
}
