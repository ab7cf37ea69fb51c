// The feed's two ways of saying the same: plain entries for everybody, columns for counters; and snapshots of long ledgers.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chained, plainPage } from '../../../main/sync/feed.ts';
import { feedColumnsPage, feedColumnsType } from '../../../shared/contract/feed-columns.ts';
import { feedPage } from '../../../shared/contract/sync.ts';
import { emptyChain } from '../../../shared/ledger/chain.ts';
import { sha256 } from '../../../sync-server/store/ledger.ts';
import { type Started, started } from './started.ts';

let server: Started;
let token: string;
let orgId: string;
beforeAll(async () => {
  server = await started();
  ({ deviceToken: token, orgId } = await server.signUp());
  await server.sql(
    `update subscription set plan_type = 'one_time', service_renewal_next_due = current_date + 3000 where org_id = $1`,
    [orgId],
  );
  await server.sql('update credit_balance_cache set balance = 0 where org_id = $1', [orgId]);
  await fill(30);
});
afterAll(() => server.dispose());

/** Entries with everything that a text may hold. */
async function fill(count: number): Promise<void> {
  const { appendEntry } = await import('../../../sync-server/ledger/append.ts');
  const texts = ['plain', 'quo"te', 'back\\slash', 'line\nbreak', 'ünïcödé ₹ 💊', '\u0001control', ''];
  let head = { seq: 0, balance: 0, held: 0, hash: emptyChain.hash };
  for (let at = 0; at < count; at += 1) {
    const occurredAt = new Date(Date.parse('2026-11-22T06:30:00.007Z') + at * 1_333);
    const reference = texts[at % texts.length] ?? null;
    const wish = {
      ...{ delta: at === 0 ? 5_000 : -3, kind: at === 0 ? ('topup' as const) : ('spend' as const), reference },
      ...{
        idempotencyKey: at % 3 === 0 ? null : `key-${at}`,
        actor: 'dev_1',
        feature: at % 2 === 0 ? null : 'ai.assist',
      },
      occurredAt,
    };
    const made = appendEntry(orgId, head, wish, sha256);
    if (made === null) throw new Error('an entry was refused');
    const { fields } = made;
    await server.sql(
      `insert into credits_ledger (org_id, seq, delta, balance_after, kind, reference, idempotency_key, actor, feature,
         occurred_at, created_at, hash) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,decode($12,'hex'))`,
      [
        ...[orgId, fields.seq, fields.delta, fields.balanceAfter, fields.kind, fields.reference, fields.idempotencyKey],
        ...[fields.actor, fields.feature, occurredAt, new Date(occurredAt.getTime() + 5), made.hash],
      ],
    );
    head = { ...made.head, hash: made.hash };
  }
  await server.sql(
    `update credit_balance_cache set balance = $2, seq = $3, hash = decode($4, 'hex') where org_id = $1`,
    [orgId, head.balance, head.seq, head.hash],
  );
}

const ask = (query: string, headers: Record<string, string>) =>
  fetch(`${server.url}/api/sync/feed?${query}`, { headers: { authorization: `Bearer ${token}`, ...headers } });

test.each(['zstd', 'gzip', 'identity'])(
  'columns say exactly what the plain entries say, packed as %s',
  async (packing) => {
    const plain = plainPage.parse(await (await ask('after=4&limit=20', { accept: 'application/json' })).json());
    const answer = await ask('after=4&limit=20', { accept: feedColumnsType, 'accept-encoding': packing });
    expect(answer.headers.get('content-type')).toContain(feedColumnsType);
    expect(answer.headers.get('content-encoding')).toBe(packing === 'identity' ? null : packing);
    const columns = feedColumnsPage.parse(await answer.json());
    const before = feedPage.parse(await (await ask('after=3&limit=1', {})).json()).entries[0];
    const from = { seq: 4, balance: before?.balanceAfter ?? 0, hash: before?.hash ?? '' };
    const [one, other] = [chained(orgId, from, plain, sha256), chained(orgId, from, columns, sha256)];
    expect(one).toMatchObject({ ok: true, head: { seq: 24 } });
    expect(other).toEqual(one);
    expect({ head: columns.head, snapshot: columns.snapshot }).toEqual({ head: plain.head, snapshot: undefined });
  },
);

test('whoever does not ask for columns gets JSON, also where it takes anything', async () => {
  for (const accept of ['*/*', 'application/json', 'text/html']) {
    const answer = await ask('after=0', { accept });
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(feedPage.parse(await answer.json()).entries).toHaveLength(30);
  }
});

test('one value in a column that is another shows at the end of the page', async () => {
  const answer = await ask('after=0', { accept: feedColumnsType });
  const page = feedColumnsPage.parse(await answer.json());
  expect(chained(orgId, emptyChain, page, sha256)).toMatchObject({ ok: true });
  for (const name of ['delta', 'reference', 'actor', 'occurredAt'] as const) {
    const list = [...page.columns[name]];
    list[7] = typeof list[7] === 'number' ? list[7] + 1 : `${list[7]}x`;
    const altered = { ...page, columns: { ...page.columns, [name]: list } } as typeof page;
    expect(chained(orgId, emptyChain, altered, sha256), name).toMatchObject({ ok: false });
    expect(
      chained(
        orgId,
        emptyChain,
        { ...page, columns: { ...page.columns, [name]: list.slice(1) } } as typeof page,
        sha256,
      ),
    ).toMatchObject({ ok: false });
  }
});

test.each(['application/json', feedColumnsType])(
  'a snapshot has the newest entries and where they stand on: %s',
  async (accept) => {
    const answer = await ask('after=0&limit=10&snapshot=1', { accept });
    const page =
      accept === feedColumnsType ? feedColumnsPage.parse(await answer.json()) : plainPage.parse(await answer.json());
    expect(page.snapshot).toMatchObject({ seq: 20 });
    const taken = chained(orgId, page.snapshot ?? emptyChain, page, sha256);
    expect(taken).toMatchObject({ ok: true, head: page.head });
  },
);

test.each([
  ['a ledger that fits in the page', 'after=0&limit=30&snapshot=1'],
  ['a counter that has something', 'after=3&limit=10&snapshot=1'],
  ['one that is not asked for', 'after=0&limit=10&snapshot=0'],
])('there is no snapshot of %s', async (_name, query) => {
  const page = feedPage.parse(await (await ask(query, {})).json());
  expect(page.snapshot).toBeUndefined();
  expect(page.entries[0]?.seq).toBe(query.startsWith('after=3') ? 4 : 1);
});

test('after the head there is nothing, in columns as well', async () => {
  const page = feedColumnsPage.parse(await (await ask('after=30', { accept: feedColumnsType })).json());
  expect(page).toMatchObject({ last: null, columns: { delta: [] } });
  expect((await ask(`after=0&limit=${randomBytes(1).readUInt8() + 5_001}`, { accept: feedColumnsType })).status).toBe(
    400,
  );
});
