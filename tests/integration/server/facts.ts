// What is in the database, so that a test can say that something changed nothing.
import { expect } from 'vitest';
import type { Started } from './started.ts';

/** Rows and a hash of the whole content of every table; when a counter was last seen is no fact that a refusal keeps. */
export async function contentOf(server: Started): Promise<Record<string, string>> {
  const tables = await server.sql<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  );
  const one = ({ name }: { name: string }) =>
    `select '${name}' as name, count(*) || ' ' || coalesce(md5(string_agg(row, chr(10) order by row)), '') as content
     from (select (to_jsonb(t) - 'last_seen_at')::text as row from ${name} t) rows`;
  const contents = await server.sql<{ name: string; content: string }>(tables.map(one).join(' union all '));
  return Object.fromEntries(contents.map(({ name, content }) => [name, content]));
}

/** Runs `work` and fails if any table has another content after it. */
export async function changesNothing<T>(server: Started, work: () => Promise<T>): Promise<T> {
  const before = await contentOf(server);
  const result = await work();
  expect(await contentOf(server)).toEqual(before);
  return result;
}

/** How often each action stands in the audit log of an org. */
export async function audited(server: Started, orgId: string): Promise<Record<string, number>> {
  const rows = await server.sql<{ action: string; times: number }>(
    'select action, count(*)::int as times from billing_audit_log where org_id = $1 group by action',
    [orgId],
  );
  return Object.fromEntries(rows.map(({ action, times }) => [action, times]));
}
