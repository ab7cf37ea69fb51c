// What the tests of pitfalls play besides money.ts: the browser that comes back, the sandbox's deliveries, a database that
// refuses; and what they count.
import type { Purchase } from '../../../shared/contract/billing.ts';
import type { Answer, Counter, Started } from '../server/started.ts';

/** What the checkout hands to the seller's page: three signed values, or an error. */
export interface Played {
  readonly checkout: Record<string, unknown>;
  readonly payment: { readonly id: string; readonly amount: number; readonly status: string };
}

/** The person at the checkout; nothing is delivered or applied by it. */
export async function atCheckout(server: Started, body: Record<string, unknown>): Promise<Played> {
  const answer = await server.request<Played>('POST', '/sandbox/play', { body });
  if (answer.status !== 200) throw new Error(`sandbox: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** The browser comes back from the checkout with these values. */
export function comeBack(server: Started, { checkoutUrl }: Purchase, values: Record<string, string> = {}) {
  const { pathname, search } = new URL(checkoutUrl ?? '');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return server.request('POST', `${pathname}/return${search}`, {
    raw: new URLSearchParams(values).toString(),
    headers,
  });
}

export interface SandboxEndpoint {
  readonly disabled: boolean;
}

/** One of the sandbox's commands about its webhooks. */
export async function webhooks(server: Started, command: 'deliver' | 'next' | 'rotate' | 'disable' | 'enable') {
  const path = `/sandbox/webhooks/${command}`;
  const answer: Answer<{ endpoint: SandboxEndpoint; delivered: number; failed: number }> = await server.request(
    'POST',
    path,
    { body: {} },
  );
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
  return answer.body;
}

/** Everything that money gave an org, counted. */
export async function given(server: Started, { orgId }: Counter): Promise<Record<string, number>> {
  const [row] = await server.sql<Record<string, number>>(
    `select (select count(*)::int from billing_payment where org_id = $1) as payments,
            (select count(*)::int from billing_invoice where org_id = $1) as documents,
            (select count(*)::int from credits_ledger where org_id = $1) as entries,
            (select coalesce(sum(delta), 0)::int from credits_ledger where org_id = $1) as credits`,
    [orgId],
  );
  return row ?? {};
}

/** What the inbox holds of an order or a payment, oldest first. */
export const inboxOf = (server: Started, id: string) =>
  server.sql<{ event: string; state: string; reason: string | null; body: Buffer }>(
    'select event, state, reason, body from webhook_inbox where $1 in (order_id, payment_id) order by inbox_id',
    [id],
  );

/** While `work` runs, the database refuses every new row of a table. */
export async function whileRefusing<T>(server: Started, table: string, work: () => Promise<T>): Promise<T> {
  const fn = "create function refuse_rows() returns trigger language plpgsql as $$ begin raise 'refused'; end $$";
  await server.sql(fn);
  await server.sql(`create trigger refuse_rows before insert on ${table} for each row execute function refuse_rows()`);
  try {
    return await work();
  } finally {
    await server.sql('drop function refuse_rows cascade');
  }
}

/** Events about a purchase's order or payment that did not come to their end. */
export async function stuck(server: Started, id: string): Promise<string[]> {
  const told = await inboxOf(server, id);
  const unfinished = told.filter(({ state }) => state !== 'applied' && state !== 'ignored');
  return unfinished.map(({ event, state, reason }) => `${event} ${state}: ${reason}`);
}
