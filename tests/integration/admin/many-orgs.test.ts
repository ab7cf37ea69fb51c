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
    for (const id of ['org_0100', 'org_0101', 'org_0200']) {
      await op.ask('POST', `/api/admin/orgs/${id}/credits`, { body: { delta: 1, reason: 'at an edge' } });
    }
    expect(await op.verify()).toMatchObject({ ok: true, checked: { orgs: many, entries: 3 } });
    const wrong = ['org_0001', 'org_0100', 'org_0101', 'org_0250'];
    for (const id of wrong)
      await op.server.sql('update credit_balance_cache set seq = seq + 1 where org_id = $1', [id]);
    const { faults } = await op.verify();
    expect(faults.map(({ orgId, kind }) => `${orgId} ${kind}`)).toEqual(wrong.map((id) => `${id} cache_seq`));
    for (const id of wrong)
      await op.server.sql('update credit_balance_cache set seq = seq - 1 where org_id = $1', [id]);
  });

  test('entries of orgs that do not exist are found before, between and after those that do, once each', async () => {
    const strangers = ['aaa', 'org_0000', 'org_0100x', 'org_0150x', 'zzz'];
    for (const id of strangers) await strange(id);
    const { faults, checked } = await op.verify();
    expect(faults.map(({ orgId, kind }) => `${orgId} ${kind}`)).toEqual(strangers.map((id) => `${id} entry_of_no_org`));
    expect(checked.entries).toBe(3 + 2 * strangers.length);
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

  test('one that fails in the middle fails alone', async () => {
    const pool = new Pool({ connectionString: op.server.databaseUrl, max: 1 });
    try {
      const verifier = createVerifier(pool, op.server.clock);
      await op.server.sql('alter table credit_hold rename to hidden');
      await expect(verifier.verify('org_0001')).rejects.toThrow('credit_hold');
      await op.server.sql('alter table hidden rename to credit_hold');
      expect(await verifier.verify('org_0001')).toMatchObject({ ok: true });
    } finally {
      await pool.end();
    }
  });

  test('a stop ends what runs and refuses what comes, with 503 by HTTP', async () => {
    const running = op.server.parts.verifier.verify(null);
    op.server.parts.verifier.stop();
    await expect(running).rejects.toThrow(VerifierStopped);
    for (const query of ['', '?org=org_0001']) {
      expect(await op.ask('GET', `/api/admin/verify${query}`)).toMatchObject({
        status: 503,
        body: { error: { code: 'unavailable' } },
      });
    }
  });
});
