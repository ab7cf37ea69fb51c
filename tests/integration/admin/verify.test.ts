// The verifier on a real database: what the server wrote has no fault, and what an owner of the tables falsified has,
// by HTTP and on the command line alike.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fault, faultCatalogue, type VerifyAnswer } from '../../../shared/contract/admin.ts';
import { audited } from '../server/facts.ts';
import { uniqueKey } from '../server/started.ts';
import { admin } from './command.ts';
import { type Falsifier, type Ids, makeHistory, openFalsifier } from './falsifier.ts';
import { type Operated, operated } from './operator.ts';
import { falsehoods } from './tampering.ts';

let op: Operated;
let ids: Ids;
let falsifier: Falsifier;
beforeAll(async () => {
  op = await operated();
  ({ ids } = await makeHistory(op.server));
  await (await op.server.signUp({ legalName: 'Neighbour' })).ownPlan();
  await op.server.signUp({ legalName: 'Newcomer' });
});
afterAll(async () => {
  await falsifier.close();
  await op.server.dispose();
});

const kindsOf = (faults: readonly Fault[]) => [...new Set(faults.map(({ kind }) => kind))].sort();

describe('what the server wrote', () => {
  test('has no fault; money kept aside is told as something to look at, and everything was looked at', async () => {
    const report = await op.verify();
    expect(report).toMatchObject({
      ok: true,
      faults: [],
      faultCount: 0,
      attentionCount: 1,
      at: '2026-11-22T06:30:00.000Z',
    });
    expect(report.attention).toEqual([
      {
        orgId: ids.org,
        kind: 'money_review',
        subject: expect.stringMatching(/^payment pay_/),
        detail: expect.stringContaining('249999 paise instead of 250000'),
      },
    ]);
    expect(report.checked).toEqual({ orgs: 3, entries: 7, holds: 2, purchases: 6, documents: 4 });
    expect(await audited(op.server, ids.org)).toMatchObject({ 'purchase.settled': 3, 'payment.refunded': 1 });
  });

  test('of one org alone; of an org that is none, 404', async () => {
    expect((await op.verify(ids.org)).checked).toEqual({ orgs: 1, entries: 6, holds: 2, purchases: 5, documents: 3 });
    for (const org of ['org_none', '', '%00']) {
      expect(await op.ask('GET', `/api/admin/verify?org=${org}`)).toMatchObject({
        status: 404,
        body: { error: { code: 'not_found' } },
      });
    }
  });
});

describe('while the server is busy', () => {
  test('no verification, of all or of one, finds a fault that is none', async () => {
    const counters = await Promise.all(['One', 'Two', 'Three'].map((legalName) => op.server.signUp({ legalName })));
    for (const counter of counters) await counter.ownPlan();
    let verified = 0;
    let written = 0;
    const goOn = () => verified < 12 || written <= 50;
    const busy = async (index: number) => {
      const counter = counters[index % counters.length];
      if (counter === undefined) throw new Error('no counter');
      const post = (path: string, body: unknown) =>
        counter.request<{ holdId: string }>('POST', path, { body, key: uniqueKey() });
      for (let round = index; goOn(); round += 1) {
        if (round % 4 === 0) {
          const held = await post('/api/credits/holds', { amount: 5, feature: 'ai.assist', ttlSeconds: 600 });
          const end = round % 8 === 0 ? 'capture' : 'release';
          await post(`/api/credits/holds/${held.body.holdId}/${end}`, end === 'capture' ? { amount: 3 } : {});
        } else if (round % 19 === 1) {
          const bought = await counter.topUp(1);
          await op.server.play(bought.providerOrderId ?? '', 'pay');
          await op.server.settle();
        } else if (round % 19 === 2) {
          await op.ask('POST', `/api/admin/orgs/${counter.orgId}/credits`, { body: { delta: 7, reason: 'busy' } });
        } else {
          await post('/api/credits/spend', { amount: 1, feature: 'ai.assist' });
        }
        written += 1;
      }
    };
    const look = async () => {
      while (goOn()) {
        const report = await op.verify(verified % 3 === 0 ? counters[0]?.orgId : undefined);
        expect(report.faults).toEqual([]);
        verified += 1;
      }
    };
    await Promise.all([look(), ...Array.from({ length: 6 }, (_, index) => busy(index))]);
    expect(Math.min(verified, written)).toBeGreaterThanOrEqual(12);
    expect((await op.verify()).faults).toEqual([]);
  });
});

describe('what an owner of the tables falsified', () => {
  beforeAll(async () => {
    falsifier = await openFalsifier(op.server);
  });

  test.each(falsehoods.map(([kind, what, sql, besides]) => [kind, what, sql, besides ?? []] as const))(
    '%s: %s',
    async (kind, _what, sql, besides) => {
      await falsifier.falsify(sql(ids));
      const report = await op.verify().finally(falsifier.restore);
      expect(kindsOf(report.faults)).toEqual([kind, ...besides].sort());
      expect(report).toMatchObject({ ok: false, faultCount: report.faults.length });
      const all =
        kind.startsWith('series') || kind === 'grant_left' ? null : kind === 'entry_of_no_org' ? 'org_nobody' : ids.org;
      expect(report.faults.filter((fault) => fault.kind === kind).map(({ orgId }) => orgId)).toContain(all);
      expect((await op.verify()).faults).toEqual([]);
    },
  );

  test('covers every kind of fault that there is', () => {
    expect([...new Set(falsehoods.map(([kind]) => kind))].sort()).toEqual(Object.keys(faultCatalogue).sort());
  });

  test('is told by the command line exactly as by HTTP, with exit code 1, and nothing is repaired', async () => {
    const some = falsehoods.filter(([kind]) =>
      /^(cache_balance|hold_amount|payment_amount|next_due|series_counter)$/.test(kind),
    );
    for (const [, , sql] of some) await falsifier.falsify(sql(ids));
    const env = { DATABASE_URL: op.server.databaseUrl };
    const [json, text, one] = await Promise.all([
      admin(env, 'verify', '--json'),
      admin(env, 'verify'),
      admin(env, 'verify', '--org', ids.org, '--json'),
    ]);
    const told = JSON.parse(json.stdout) as VerifyAnswer;
    const report = await op.verify();
    expect(kindsOf(report.faults)).toEqual([
      'cache_balance',
      'hold_amount',
      'next_due',
      'payment_amount',
      'series_counter',
    ]);
    expect(told.faults).toEqual(report.faults);
    // The command line has the machine's clock, by which a hold of this test is long over.
    expect(told.attention).toEqual(expect.arrayContaining(report.attention));
    expect(kindsOf((JSON.parse(one.stdout) as VerifyAnswer).faults)).toEqual(
      kindsOf(report.faults).filter((kind) => !kind.startsWith('series')),
    );
    for (const { code, stderr } of [json, text, one]) expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    for (const { kind, subject } of report.faults)
      expect(text.stdout).toMatch(new RegExp(`${kind} +${subject.replace(/[/]/g, '.')}`));
    expect(text.stdout.trimEnd().endsWith(`${report.faultCount} faults`)).toBe(true);
    expect((await op.verify()).faults).toEqual(report.faults);
    await falsifier.restore();
  });
});
