// What the server answers and what a counter makes of its signed statement are the same, for any facts and any instant.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entitledIn } from '../../../main/session/entitled.ts';
import { judgeEntitlement } from '../../../main/session/entitlement.ts';
import { followStatements } from '../../../main/session/key-ring.ts';
import { requireFeature } from '../../../shared/plan/require-feature.ts';
import { addDays } from '../../../shared/plan/service-year.ts';
import { requireFeature as guard } from '../../../sync-server/require-feature.ts';
import { rotateSigningKey } from '../../../sync-server/store/signing-keys.ts';
import { type Counter, playedClock, type Started, started } from './started.ts';

const seed = Number(process.env.FC_SEED ?? 20_261_122);
console.log(`generated cases of counter-agrees: FC_SEED=${seed}`);

const begin = Date.parse('2026-11-22T06:30:00.000Z');
let server: Started;
let owner: Counter;
beforeAll(async () => {
  server = await started({}, playedClock('2026-11-22T06:30:00.000Z'));
  owner = await server.signUp();
  await owner.ownPlan();
});
afterAll(() => server.dispose());

test('status, dates, days and every feature, in its answer, its guard and on the counter, with keys that change meanwhile', async () => {
  const { orgId } = owner;
  const cases = fc.record({
    /** Days from now to the due date; null: no plan. */
    due: fc.option(fc.integer({ min: -60, max: 400 }), { freq: 8, nil: null }),
    at: fc.integer({ min: begin, max: begin + 3 * 365 * 86_400_000 }).map((ms) => new Date(ms)),
    rotate: fc.integer({ min: 0, max: 19 }).map((one) => one === 0),
  });
  const seen = new Set<string>();
  const run = async ({ due, at, rotate }: { due: number | null; at: Date; rotate: boolean }) => {
    server.clock.set(at.toISOString());
    const on = at.toISOString().slice(0, 10);
    await server.sql(
      `update subscription set service_renewal_next_due = $2::date, plan_type = case when $2::date is null then null else 'one_time' end where org_id = $1`,
      [orgId, due === null ? null : addDays(on, due)],
    );
    server.parts.remembered.forget(orgId);
    if (rotate) await rotateSigningKey(server.parts.database.unscoped, at, 0);
    const { body: status } = await owner.request<Awaited<ReturnType<Counter['status']>>>('GET', '/api/billing/status');
    const { ring } = followStatements(owner.entitlementKeys, status.entitlementKeyChain);
    const judged = judgeEntitlement(status.entitlement, { orgId, ring, held: null, serverTime: at });
    if (!judged.ok) throw new Error(judged.fault);
    const entitled = entitledIn(judged.entitlement.claims, { least: at, most: at, hint: at });
    expect(entitled).toMatchObject({
      status: status.subscription.serviceRenewalStatus,
      daysLeft: status.subscription.daysLeft,
      features: status.features,
      facts: { plan: status.plan, serviceRenewalNextDue: status.subscription.serviceRenewalNextDue },
      stale: false,
    });
    for (const feature of Object.keys(status.features)) {
      const here = requireFeature(entitled.facts, feature, entitled.asOf);
      expect((await guard(server.parts, orgId, feature))?.code ?? null).toBe(here?.code ?? null);
    }
    seen.add(entitled.status);
  };
  await fc.assert(fc.asyncProperty(cases, run), { seed, numRuns: 150 });
  expect(seen).toEqual(new Set(['none', 'active', 'due_soon', 'past_due', 'lapsed']));
}, 240_000);
