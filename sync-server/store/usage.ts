// Usage from the ledger itself: sums over a range of time. The day of an entry is the one on which it was written.
import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Usage, usageQuery } from '../../shared/contract/usage.ts';
import { addDays, businessZone, startOfBusinessDate } from '../../shared/plan/service-year.ts';
import { creditsLedger } from './schema.ts';
import type { Tx } from './tx.ts';

const keys = {
  day: sql`to_char(${creditsLedger.createdAt} at time zone ${sql.raw(`'${businessZone}'`)}, 'YYYY-MM-DD')`,
  feature: sql`coalesce(${creditsLedger.feature}, ${creditsLedger.kind})`,
  device: sql`coalesce(${creditsLedger.actor}, 'system')`,
};

/** Clocks of several processes differ a little, and a clock may be set back: the range of numbers is taken wider. */
const slack = sql`interval '1 hour'`;

export async function readUsage(tx: Tx, orgId: string, query: z.infer<typeof usageQuery>): Promise<Usage> {
  const from = startOfBusinessDate(query.from).toISOString();
  const until = startOfBusinessDate(addDays(query.to, 1)).toISOString();
  const { rows } = await tx.execute<{ key: string; spent: string; granted: string }>(sql`
    select ${keys[query.by]} as key,
      coalesce(-sum(${creditsLedger.delta}) filter (where ${creditsLedger.kind} = 'spend'), 0) as spent,
      coalesce(sum(${creditsLedger.delta}) filter (where ${creditsLedger.kind} <> 'spend'), 0) as granted
    from ${creditsLedger}
    where ${creditsLedger.orgId} = ${orgId}
      and ${creditsLedger.createdAt} >= ${from}::timestamptz and ${creditsLedger.createdAt} < ${until}::timestamptz
      and ${creditsLedger.seq} >= (select first_entry_since(${orgId}, ${from}::timestamptz - ${slack}))
      and ${creditsLedger.seq} < (select first_entry_since(${orgId}, ${until}::timestamptz + ${slack}))
    group by 1 order by 1`);
  return { rows: rows.map((row) => ({ key: row.key, spent: Number(row.spent), granted: Number(row.granted) })) };
}
