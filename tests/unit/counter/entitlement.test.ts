// What the counter may trust offline.
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { entitledIn } from '../../../main/session/entitled.ts';
import { readEntitlement } from '../../../main/session/entitlement.ts';
import { followStatements } from '../../../main/session/key-ring.ts';
import { featuresOf } from '../../../shared/plan/renewal.ts';
import { entitlementKeys, orgId, PlayedOrg } from '../../fakes/played-org.ts';
import { activeStage } from '../../fakes/played-stage.ts';

const now = new Date('2026-11-22T09:30:00.000Z');
const { ring } = followStatements({ keys: [...entitlementKeys.keys] }, []);
const { ring: noKeys } = followStatements({ keys: [] }, []);
const known = (at: Date) => ({ least: at, most: at, hint: at });

function signed(): string {
  const org = new PlayedOrg(() => now);
  org.buyPlan();
  return org.entitlement();
}

describe('the entitlement', () => {
  test('a good one is read', () => {
    expect(readEntitlement(signed(), orgId, ring)).toMatchObject({
      ok: true,
      entitlement: { kid: 'played-1', claims: { sub: orgId, plan: 'pharmapulse-one' } },
    });
  });

  test("another org's, another key's, a changed or a cut one is not", () => {
    const jws = signed();
    const [head = '', body = '', signature = ''] = jws.split('.');
    const richer = Buffer.from(Buffer.from(body, 'base64url').toString().replace('2027', '2037')).toString('base64url');
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const forged = sign(null, Buffer.from(`${head}.${body}`), stranger).toString('base64url');
    const none = Buffer.from('{"alg":"none","kid":"played-1"}').toString('base64url');
    expect(readEntitlement(jws, 'org_other', ring)).toEqual({ ok: false, fault: 'another_org' });
    expect(readEntitlement(jws, orgId, noKeys)).toEqual({ ok: false, fault: 'unknown_key' });
    for (const bad of [
      `${head}.${richer}.${signature}`,
      `${head}.${body}.${forged}`,
      `${none}.${body}.`,
      `${head}.${body}`,
      `${jws}.more`,
      '',
    ]) {
      expect(readEntitlement(bad, orgId, ring).ok, bad).toBe(false);
    }
  });

  test('after its end, features stay as they were at its end and are marked stale', () => {
    const read = readEntitlement(signed(), orgId, ring);
    if (!read.ok) throw new Error('not read');
    const { claims } = read.entitlement;
    expect(entitledIn(claims, known(now))).toMatchObject({ features: featuresOf('active'), stale: false });
    const muchLater = new Date('2036-11-22T09:30:00.000Z');
    expect(entitledIn(claims, known(muchLater))).toMatchObject({ features: featuresOf('active'), stale: true });
  });

  test('one with no good signature changes nothing', async () => {
    const on = await activeStage();
    on.server.tamper = (page) => ({ ...page, status: { ...(page.status as object), entitlement: 'a.b.c' } });
    const view = await on.app.sync();
    expect(view.plan).toMatchObject({ features: featuresOf('active'), featuresStale: false });
    expect(view.sync).toMatchObject({ connection: 'online', problem: 'entitlement_refused' });
    expect(on.logged.some((line) => line.includes('no good signature'))).toBe(true);
  });
});
