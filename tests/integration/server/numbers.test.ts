// The numbers of documents while everything breaks: sixteen settle at once, connections are cut at the moment when they hold
// the next number, and the financial year turns meanwhile. `npm run test:numbers` is the long run of the same.
import { Client } from 'pg';
import { expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { applyDueWebhooks } from '../../../sync-server/jobs/apply-webhooks.ts';
import { chanceOf } from '../../simulation/storm/chance.ts';
import { type Operated, operated } from '../admin/operator.ts';
import { type Counter, orderOf, uniqueKey } from './started.ts';
import { nextPaymentId, tell } from './webhooks.ts';

const atOnce = 16;
const each = Number(process.env.NUMBERS_EACH ?? 5);
const seed = Number(process.env.NUMBERS_SEED ?? 20_270_331);
const yearTurns = new Date('2027-03-31T18:30:00.000Z').getTime();
const around = 60_000;

/**
 * Waits, in the database, for a transaction that has taken a number and not ended, and cuts its connection. Whether one was
 * found: it may have committed in that very moment.
 */
const cutter = `
  create function pg_temp.cut() returns boolean language plpgsql as $$
  declare victim integer;
  begin
    for look in 1..250 loop
      select pid into victim from pg_locks
        where relation = 'invoice_counter'::regclass and mode = 'RowExclusiveLock' and granted
          and database = (select oid from pg_database where datname = current_database())
        order by random() limit 1;
      if victim is not null then
        return pg_terminate_backend(victim);
      end if;
      perform pg_sleep(0.002);
    end loop;
    return false;
  end $$`;

async function cutTimes(killer: Client, times: number): Promise<number> {
  let hit = 0;
  for (let cut = 0; cut < times; cut += 1) {
    const { rows } = await killer.query<{ hit: boolean }>('select pg_temp.cut() as hit');
    if (rows[0]?.hit === true) hit += 1;
  }
  return hit;
}

/** Pays all of them in sixteens, each sixteen at the same moment, while connections are cut. */
async function payThroughCuts(op: Operated, purchases: readonly Purchase[]): Promise<number> {
  const { server } = op;
  const chance = chanceOf('numbers', seed);
  const killer = new Client({ connectionString: server.databaseUrl });
  await killer.connect();
  await killer.query(cutter);
  const step = (2 * around) / each;
  let cuts = 0;
  for (let from = 0; from < purchases.length; from += atOnce) {
    const batch = purchases.slice(from, from + atOnce);
    const told = batch.map((one) =>
      tell(server, {
        orderId: orderOf(one),
        event: 'payment.captured',
        paymentId: nextPaymentId(),
        amount: one.amountPaise,
      }),
    );
    expect((await Promise.all(told)).map(({ status }) => status)).toEqual(batch.map(() => 200));
    const applied = Promise.allSettled(Array.from({ length: atOnce }, () => applyDueWebhooks(server.parts)));
    cuts += await cutTimes(killer, 1 + chance.below(3));
    await applied;
    server.clock.advance(step);
  }
  await killer.end();
  return cuts;
}

/** A top-up; on a slow machine the sandbox may answer too late, and then the same key goes on. */
async function bought(counter: Counter): Promise<Purchase> {
  const key = uniqueKey();
  for (let tries = 0; ; tries += 1) {
    const answer = await counter.request<Purchase>('POST', '/api/billing/credits/topup', { body: { packs: 1 }, key });
    if (answer.status <= 201) return answer.body;
    if (answer.status !== 503 || tries > 50) throw new Error(`a top-up: ${answer.status}`);
  }
}

const pendingOf = async ({ server }: Operated): Promise<number> => {
  const [row] = await server.sql<{ pending: number }>(
    "select count(*)::int as pending from webhook_inbox where state = 'pending'",
  );
  return row?.pending ?? -1;
};

interface Row {
  readonly series: string;
  readonly year: string;
  readonly serial: number;
  readonly number: string;
  readonly issued: string;
  readonly last: number;
}

test(`${atOnce} × ${each} settlements with cut connections, over the turn of the year: numbers follow without gap or double (seed ${seed})`, async () => {
  const op = await operated();
  const { server } = op;
  const counters = [];
  for (let made = 1; made <= atOnce; made += 1) counters.push(await server.signUp({ legalName: `Medicals ${made}` }));
  for (const counter of counters) await counter.ownPlan();
  server.clock.set(new Date(yearTurns - around).toISOString());
  const purchases: Purchase[] = [];
  for (let round = 0; round < each; round += 1) {
    purchases.push(...(await Promise.all(counters.map(bought))));
  }
  const cuts = await payThroughCuts(op, purchases);
  expect(cuts).toBeGreaterThan(0);
  for (let waits = 0; waits < 20 && (await pendingOf(op)) > 0; waits += 1) {
    server.clock.advance(3_600_000);
    await server.settle();
  }

  const rows = await server.sql<Row>(
    `select i.series, i.financial_year as year, serial::int, number, issued_on::text as issued, last_serial::int as last
     from billing_invoice i join invoice_counter c on c.series = i.series and c.financial_year = i.financial_year
     order by 1, 2, 3`,
  );
  expect(rows).toHaveLength(atOnce * (each + 1));
  const series = Map.groupBy(rows, (row) => `${row.series}/${row.year}`);
  expect([...series.keys()]).toEqual(['PP/26-27', 'PP/27-28']);
  for (const [name, ofSeries] of series) {
    expect(ofSeries.map(({ serial }) => serial)).toEqual(ofSeries.map((_row, at) => at + 1));
    expect(ofSeries.map(({ number }) => number)).toEqual(
      ofSeries.map((_row, at) => `${name}/${String(at + 1).padStart(6, '0')}`),
    );
    expect(ofSeries.filter(({ number }) => number.length > 16)).toEqual([]);
    expect(ofSeries.filter(({ last }) => last !== ofSeries.length)).toEqual([]);
    const inYear = (issued: string) => issued < '2027-04-01' === (name === 'PP/26-27');
    expect(ofSeries.filter(({ issued }) => !inYear(issued))).toEqual([]);
    // Both sides of midnight were met while connections were cut.
    expect(ofSeries.length).toBeGreaterThan(atOnce);
  }
  const [paid] = await server.sql<{ paid: number; invoiced: number }>(
    `select count(*) filter (where state = 'paid')::int as paid, count(distinct i.purchase_id)::int as invoiced
     from purchase p left join billing_invoice i using (org_id, purchase_id)`,
  );
  expect(paid).toEqual({ paid: rows.length, invoiced: rows.length });
  expect(await op.verify()).toMatchObject({ ok: true, faultCount: 0 });
  console.log(`numbers: ${rows.length} documents, ${cuts} connections cut while they held a number, seed ${seed}`);
  await server.dispose();
}, 1_800_000);
