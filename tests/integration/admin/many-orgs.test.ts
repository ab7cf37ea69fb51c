// The verifier over more orgs than it takes at once: each is looked at once, and so is what belongs to none of them.
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVerifier, VerifierStopped } from '../../../sync-server/store/verify.ts';
import { type Operated, operated } from './operator.ts';

const many = 250;

let op: Operated;
beforeAll(async () => {
  op = await operated();
  const ids = `select 'org_' || lpad(n::text, 4, '0') as id from generate_series(1, ${many}) n`;
  const at = "'2026-11-22T06:30:00Z'";
  await op.server.sql(
    `insert into org (org_id, legal_name, address, state_code, pin, created_at) select id, 'x', 'x', '27', '411001', ${at} from (${ids}) o`,
  );
  await op.server.sql(`insert into subscription (org_id, updated_at) select id, ${at} from (${ids}) o`);
  await op.server.sql(
    `insert into credit_balance_cache (org_id, hash, updated_at) select id, decode(repeat('0', 64), 'hex'), ${at} from (${ids}) o`,
  );
});
afterAll(() => op.server.dispose());

const strange = (id: string) =>
  op.server.sql(
    `insert into credits_ledger (org_id, seq, delta, balance_after, kind, occurred_at, created_at, hash)
     values ($1, 1, 5, 5, 'adjustment', now(), now(), sha256('x')), ($1, 2, 5, 10, 'adjustment', now(), now(), sha256('y'))`,
    [id],
  );

describe('many orgs', () => {
  test('are looked at once each, and the faults of any of them are found', async () => {
    expect(await op.verify()).toMatchObject({ ok: true, checked: { orgs: many } });
    const wrong = ['org_0001', 'org_0100', 'org_0101', 'org_0250'];
    for (const id of wrong) await op.server.sql('update credit_balance_cache set seq = 1 where org_id = $1', [id]);
    const { faults } = await op.verify();
    expect(faults.map(({ orgId, kind }) => `${orgId} ${kind}`)).toEqual(wrong.map((id) => `${id} cache_seq`));
    for (const id of wrong) await op.server.sql('update credit_balance_cache set seq = 0 where org_id = $1', [id]);
  });

  test('entries of orgs that do not exist are found before, between and after those that do, once each', async () => {
    const strangers = ['aaa', 'org_0000', 'org_0100x', 'org_0150x', 'zzz'];
    for (const id of strangers) await strange(id);
    const { faults, checked } = await op.verify();
    expect(faults.map(({ orgId, kind }) => `${orgId} ${kind}`)).toEqual(strangers.map((id) => `${id} entry_of_no_org`));
    expect(checked.entries).toBe(2 * strangers.length);
  });

  test('a long list of faults is cut, and counted to its end', async () => {
    await op.server.sql(
      `insert into credits_ledger (org_id, seq, delta, balance_after, kind, occurred_at, created_at, hash)
       select 'org_0007', 2 * n, 1, 5, 'adjustment', now(), now(), sha256('x') from generate_series(1, 800) n`,
    );
    const report = await op.verify();
    expect(report.faults.length).toBe(1_000);
    expect(report.faultCount).toBeGreaterThan(2_000);
  });
});

describe('one after the other', () => {
  test('a question about one org is not behind all others, and uses no second connection', async () => {
    const pool = new Pool({ connectionString: op.server.databaseUrl, max: 4 });
    try {
      const verifier = createVerifier(pool, op.server.clock);
      const order: string[] = [];
      const note = (name: string) => () => order.push(name);
      await Promise.all([
        verifier.verify(null).then(note('all')),
        verifier.verify('org_0001').then(note('one')),
        verifier.verify('org_0002').then(note('two')),
      ]);
      expect(order).toEqual(['one', 'two', 'all']);
      expect(pool.totalCount).toBe(1);
    } finally {
      await pool.end();
    }
  });

  test('a broken connection fails one verification and not the next', async () => {
    const pool = new Pool({ connectionString: op.server.databaseUrl, max: 1, application_name: 'breaks' });
    pool.on('error', () => undefined);
    try {
      const verifier = createVerifier(pool, op.server.clock);
      await op.server.sql('begin; lock table org in access exclusive mode; rollback');
      await pool.query('select 1');
      const kill = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'breaks'";
      await op.server.sql(kill);
      const outcomes = await Promise.allSettled([verifier.verify('org_0001'), verifier.verify('org_0001')]);
      expect(outcomes.at(-1)?.status).toBe('fulfilled');
    } finally {
      await pool.end();
    }
  });

  test('a stop ends what runs and refuses what comes, with 503 by HTTP', async () => {
    const running = op.server.parts.verifier.verify(null);
    op.server.parts.verifier.stop();
    await expect(running).rejects.toThrow(VerifierStopped);
    expect(await op.ask('GET', '/api/admin/verify')).toMatchObject({
      status: 503,
      body: { error: { code: 'unavailable' } },
    });
  });
});
