// Two pharmacies with something in every table, and all that one of them has which the other must never see.
import { raiseAlarm } from '../../../sync-server/store/alarms.ts';
import { planReminder } from '../../../sync-server/store/schema-plan.ts';
import { adminToken, bearer } from '../admin/operator.ts';
import { type Counter, orderOf, type Started, uniqueKey } from '../server/started.ts';

export interface Pharmacy {
  readonly counter: Counter;
  /** Every id, secret and text of the org that stands in the database, with the table it is from. */
  readonly values: ReadonlyMap<string, string>;
  /** Idempotency keys that it used. */
  readonly keys: readonly string[];
  /** Ids for a path, by kind. */
  readonly ids: Readonly<Record<string, string>>;
}

export async function pharmacy(server: Started, legalName: string): Promise<Pharmacy> {
  const mark = legalName.replace(/\W/g, '');
  const counter = await server.signUp({ legalName, address: `12 Street of ${mark}`, deviceName: `Front of ${mark}` });
  const plan = await counter.ownPlan();
  const paid = await counter.topUp(2);
  await server.play(orderOf(paid), 'pay');
  await server.settle();
  const open = await counter.topUp(1);
  const keys = [uniqueKey(), uniqueKey(), uniqueKey(), uniqueKey()] as const;
  const spend = { amount: 11, feature: 'ai.assist', reference: `reference of ${mark}` };
  await counter.request('POST', '/api/credits/spend', { key: keys[0], body: spend });
  const hold = { amount: 20, feature: 'ai.assist', ttlSeconds: 900 };
  const held = await counter.request<{ holdId: string }>('POST', '/api/credits/holds', { key: keys[1], body: hold });
  const taken = await counter.request<{ holdId: string }>('POST', '/api/credits/holds', { key: keys[2], body: hold });
  const capture = `/api/credits/holds/${taken.body.holdId}/capture`;
  await counter.request('POST', capture, { key: keys[3], body: { amount: 7 } });
  const code = await counter.request<{ code: string }>('POST', '/api/devices/join-codes');
  const second = { code: code.body.code, deviceName: `Second of ${mark}` };
  const joined = await server.request<{ deviceId: string }>('POST', '/api/devices/join', { body: second });
  await counter.request('POST', '/api/devices/join-codes');
  const asOperator = { headers: { authorization: bearer(adminToken) } };
  const adjust = { delta: 5, reason: `a gift for ${mark}` };
  await server.request('POST', `/api/admin/orgs/${counter.orgId}/credits`, { ...asOperator, body: adjust });
  const alarm = { kind: 'no_webhook', subject: `alarm of ${mark}`, orgId: counter.orgId, details: {} } as const;
  await server.parts.database.inOrg(counter.orgId, (tx) => raiseAlarm(tx, alarm, server.clock.now()));
  const reminder = {
    orgId: counter.orgId,
    due: '2027-11-22',
    kind: 'days_30',
    recordedAt: server.clock.now(),
  } as const;
  await server.parts.database.inOrg(counter.orgId, (tx) => tx.insert(planReminder).values(reminder));
  const part = { body: { reason: `a part for ${mark}`, amountPaise: 10_000 } };
  await server.request('POST', `/api/admin/purchases/${paid.id}/refund`, { ...asOperator, ...part });
  const [payment] = await server.sql<{ id: string }>(
    'select payment_id as id from billing_payment where purchase_id = $1',
    [paid.id],
  );
  const dispute = { action: 'dispute', paymentId: payment?.id, amount: 1_000 };
  await server.request('POST', '/sandbox/play', { body: dispute });
  await server.settle();
  const invoice = (await counter.purchase(plan.id)).invoiceId ?? 'none';
  return {
    counter,
    keys,
    values: await valuesOf(server, counter.orgId),
    ids: {
      org: counter.orgId,
      device: joined.body.deviceId,
      branch: counter.branchId,
      'paid purchase': paid.id,
      'open purchase': open.id,
      order: orderOf(open),
      hold: held.body.holdId,
      'captured hold': taken.body.holdId,
      invoice,
      'pay token': new URL(open.checkoutUrl ?? 'http://none').searchParams.get('t') ?? 'none',
    },
  };
}

export const tenantTables = async (server: Started): Promise<string[]> => {
  const rows = await server.sql<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'org_id' order by 1`,
  );
  return rows.map(({ name }) => name);
};

/** Words that every pharmacy has are nobody's secret. */
async function valuesOf(server: Started, orgId: string): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (const table of await tenantTables(server)) {
    const rows = await server.sql<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${table} t where org_id = $1`,
      [orgId],
    );
    for (const { row } of rows) {
      for (const value of Object.values(row)) {
        if (typeof value === 'string' && value.length >= 12 && isOwn(value))
          values.set(value.replace(/^\\x/, ''), table);
      }
    }
  }
  return values;
}

const isOwn = (value: string) =>
  (/^[a-z]{2,5}_|^\\x[0-9a-f]{64}$|Medicals|Street of|^[A-Za-z0-9_-]{32}$/.test(value) && !/^0+$/.test(value)) ||
  value.startsWith('reference of');

/** All rows of one org, to be compared. */
export async function rowsOf(server: Started, orgId: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of await tenantTables(server)) {
    const [row] = await server.sql<{ rows: string }>(
      `select coalesce(string_agg(r, chr(10) order by r), '') as rows
       from (select (to_jsonb(t) - 'last_seen_at')::text as r from ${table} t where org_id = $1) x`,
      [orgId],
    );
    found[table] = row?.rows ?? '';
  }
  return found;
}
