// What the tests of grants and reminders play: a server whose clock jumps, pharmacies with a plan of a given day, and what
// stands in their ledgers.
import type { Purchase } from '../../../shared/contract/billing.ts';
import { type Counter, orderOf, type Started, uniqueKey } from '../server/started.ts';

/** An instant by the clock on the wall in India. */
export const india = (text: string) => new Date(Date.parse(`${text}+05:30`)).toISOString();

/** Moves the clock and does all that is due then. */
export async function goTo(server: Started, text: string): Promise<void> {
  server.clock.set(india(text));
  await server.runDueJobs();
}

export async function pharmacyWithPlan(server: Started): Promise<Counter> {
  const counter = await server.signUp();
  await counter.ownPlan();
  return counter;
}

/** Asks for a renewal and pays it. */
export async function renew(server: Started, counter: Counter): Promise<Purchase> {
  const path = '/api/billing/renewal/subscribe';
  const asked = await counter.request<Purchase>('POST', path, { body: { mode: 'manual' }, key: uniqueKey() });
  if (asked.status !== 201) throw new Error(`renewal: ${asked.status} ${JSON.stringify(asked.body)}`);
  await server.play(orderOf(asked.body), 'pay');
  await server.settle();
  return asked.body;
}

export interface Grant {
  readonly month: string;
  readonly seq: number;
  readonly at: string;
  readonly balance: number;
}

/** The grants of an org, in the order of the ledger. */
export async function grantsOf(server: Started, { orgId }: { readonly orgId: string }): Promise<Grant[]> {
  const rows = await server.sql<{ month: string; seq: string; at: Date; balance: string }>(
    `select reference as month, seq, occurred_at as at, balance_after as balance from credits_ledger
     where org_id = $1 and kind = 'monthly_grant' order by seq`,
    [orgId],
  );
  return rows.map((row) => ({
    month: row.month,
    seq: Number(row.seq),
    at: row.at.toISOString(),
    balance: Number(row.balance),
  }));
}

export const monthsOf = async (server: Started, counter: { readonly orgId: string }): Promise<string[]> =>
  (await grantsOf(server, counter)).map(({ month }) => month);

/** What the verifier says of all there is. */
export async function faults(server: Started): Promise<string[]> {
  const report = await server.parts.verifier.verify(null);
  return (report?.faults ?? []).map((one) => `${one.kind} ${one.subject}: ${one.expected}, not ${one.found}`);
}
