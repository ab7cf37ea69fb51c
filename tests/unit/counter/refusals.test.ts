// What a counter does not believe: forged, copied, expired, replayed, and keys that nobody whom it believes has announced.
import { createHmac, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeEntitlement, readEntitlement } from '../../../main/session/entitlement.ts';
import { followStatements } from '../../../main/session/key-ring.ts';
import { claimsOf, entitlementOf, part, playedKey, statementOf } from '../../fakes/played-keys.ts';
import { generated } from './seed.ts';

const sub = 'org_played';
const iat = 1_795_000_000;
const serviceRenewalNextDue = '2027-11-22';
const facts = { sub, iat, serviceRenewalNextDue };
const key = playedKey('first');
const other = playedKey('other');
const pinned = { keys: [key.jwk] };
const { ring } = followStatements(pinned, []);
const good = entitlementOf(key, facts);
const serverTime = new Date(iat * 1000 + 500);
const faultOf = (jws: string, on: Partial<Parameters<typeof judgeEntitlement>[1]> = {}) => {
  const judged = judgeEntitlement(jws, { orgId: sub, ring, held: null, serverTime, ...on });
  return judged.ok ? null : judged.fault;
};

describe('a forged entitlement', () => {
  test('is none that the server made: the good one is believed', () => {
    expect(faultOf(good)).toBeNull();
  });

  const symbols = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \n'.split('');
  /** One change to the text, or a few. */
  const mutation = fc.oneof(
    fc.record({ kind: fc.constant('put'), at: fc.nat(2_000), symbol: fc.constantFrom(...symbols) }),
    fc.record({ kind: fc.constant('insert'), at: fc.nat(2_000), symbol: fc.constantFrom(...symbols) }),
    fc.record({ kind: fc.constant('drop'), at: fc.nat(2_000), symbol: fc.constant('') }),
    fc.record({ kind: fc.constant('cut'), at: fc.nat(2_000), symbol: fc.constant('') }),
    fc.record({ kind: fc.constant('swap'), at: fc.nat(2_000), symbol: fc.constant('') }),
    fc.record({ kind: fc.constant('bit'), at: fc.nat(8_000), symbol: fc.constant('') }),
  );
  const mutated = (text: string, { kind, at, symbol }: { kind: string; at: number; symbol: string }): string => {
    const place = at % Math.max(1, text.length);
    const [before, after] = [text.slice(0, place), text.slice(place)];
    if (kind === 'put') return `${before}${symbol}${after.slice(1)}`;
    if (kind === 'insert') return `${before}${symbol}${after}`;
    if (kind === 'drop') return `${before}${after.slice(1)}`;
    if (kind === 'cut') return before;
    if (kind === 'swap') return `${before}${after.charAt(1)}${after.charAt(0)}${after.slice(2)}`;
    const parts = text.split('.');
    const which = at % Math.max(1, parts.length);
    const bytes = Buffer.from(parts[which] ?? '', 'base64url');
    const bit = at % Math.max(1, bytes.length * 8);
    if (bytes.length > 0) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return parts.map((one, index) => (index === which ? bytes.toString('base64url') : one)).join('.');
  };

  test('is refused wherever it differs, by a character or a bit, in 20,000 ways', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        const text = mutations.reduce(mutated, good);
        if (text === good) return;
        expect(faultOf(text), text).not.toBeNull();
        refused += 1;
      }),
      generated(20_000),
    );
    expect(refused).toBeGreaterThan(15_000);
  }, 60_000);

  test('is refused in each other spelling of the same signature', () => {
    const last = good.at(-1) ?? '';
    const spellings = symbols.filter((symbol) => symbol !== last).map((symbol) => `${good.slice(0, -1)}${symbol}`);
    for (const text of [...spellings, `${good}=`, `${good}==`, ` ${good}`, `${good}\n`]) {
      expect(faultOf(text), JSON.stringify(text)).not.toBeNull();
    }
  });

  const body = part(claimsOf(facts));
  const hmacWith = (secret: string | Buffer) => {
    const text = `${part({ alg: 'HS256', kid: 'first', typ: 'entitlement+jwt' })}.${body}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const pem = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.jwk.x }, format: 'jwk' });
  const named = (header: Record<string, unknown>) => key.sign('entitlement+jwt', claimsOf(facts), header);

  test.each([
    ['with no algorithm', `${part({ alg: 'none', kid: 'first', typ: 'entitlement+jwt' })}.${body}.`],
    ['with no algorithm, and a signature', named({ alg: 'none' })],
    ['keyed with the public key as text', hmacWith(key.jwk.x)],
    ['keyed with the bytes of the public key', hmacWith(Buffer.from(key.jwk.x, 'base64url'))],
    ['keyed with the public key as PEM', hmacWith(pem.export({ format: 'pem', type: 'spki' }).toString())],
    ['that says which key it is to be checked with', named({ jwk: other.jwk })],
    ['that names extensions', named({ crit: ['b64'], b64: false })],
    ['of another type', key.sign('JWT', claimsOf(facts))],
    ['of no type', named({ typ: undefined })],
    ['of a key nobody knows', entitlementOf(other, facts)],
    ['of a key that bears a known name', entitlementOf(playedKey('first', 'another secret'), facts)],
    ['of no named key', named({ kid: undefined })],
    ['of a key called __proto__', named({ kid: '__proto__' })],
    ['in four parts', `${good}.${good.split('.')[2]}`],
    ['in five parts, as an encrypted one is', `${good}..`],
    ['in two parts', good.split('.').slice(0, 2).join('.')],
    ['that is empty', ''],
    ['of dots alone', '..'],
    ['that is huge', `${good}${'A'.repeat(10_000_000)}`],
    ['that is huge and well signed', key.sign('entitlement+jwt', { ...claimsOf(facts), more: 'x'.repeat(5_000) })],
    ['with claims that are none', key.sign('entitlement+jwt', 'claims')],
    ['without an end', key.sign('entitlement+jwt', { ...claimsOf(facts), exp: undefined })],
    ['that ends before it begins', key.sign('entitlement+jwt', { ...claimsOf(facts), exp: iat - 1 })],
    [
      'of a status that is no word',
      key.sign('entitlement+jwt', { ...claimsOf(facts), serviceRenewalStatus: { gold: true } }),
    ],
    ['that is a statement about a key', statementOf(key, other)],
  ])('%s is refused', (_what, text) => {
    expect(faultOf(text)).not.toBeNull();
    expect(readEntitlement(text, sub, ring).ok).toBe(false);
  });

  test('is not what a newer server signs: a plan and a status that nobody knows here are believed for their dates', () => {
    const newer = {
      plan: 'pharmapulse-two',
      serviceRenewalStatus: 'gold',
      features: { 'loyalty.cards': 'beta' },
      seats: 3,
    };
    const text = key.sign('entitlement+jwt', { ...claimsOf(facts), ...newer });
    expect(faultOf(text)).toBeNull();
    expect(readEntitlement(text, sub, ring)).toMatchObject({
      ok: true,
      entitlement: { claims: { plan: 'pharmapulse-two' } },
    });
  });
});

describe('an entitlement that was good once, or elsewhere', () => {
  test("is refused when it is another pharmacy's", () => {
    expect(faultOf(entitlementOf(key, { ...facts, sub: 'org_other' }))).toBe('another_org');
  });

  test('is refused when it has ended, or is not of now, by the time of the server that presents it', () => {
    const end = (iat + 30 * 86_400) * 1000;
    expect(faultOf(good, { serverTime: new Date(end - 1) })).toBeNull();
    expect(faultOf(good, { serverTime: new Date(end) })).toBe('expired');
    expect(faultOf(good, { serverTime: new Date(iat * 1000 - 120_000) })).toBeNull();
    expect(faultOf(good, { serverTime: new Date(iat * 1000 - 120_001) })).toBe('from_the_future');
  });

  test('never takes the place of one made after it; one of the same second does, since a purchase may lie between', () => {
    const held = { kid: key.kid, claims: claimsOf(facts) };
    expect(faultOf(entitlementOf(key, { ...facts, iat: iat - 1 }), { held })).toBe('older');
    expect(faultOf(entitlementOf(key, { ...facts, serviceRenewalNextDue: '2028-11-22' }), { held })).toBeNull();
  });

  test('is refused when its key has been replaced and the one in force was signed with the new one', () => {
    const next = playedKey('next');
    const after = followStatements(pinned, [statementOf(key, next)]).ring;
    const held = { kid: next.kid, claims: claimsOf(facts) };
    expect(faultOf(entitlementOf(key, { ...facts, iat: iat + 1 }), { ring: after, held })).toBe('older_key');
    // Within the overlap, before the new key has signed anything, both are good.
    expect(faultOf(good, { ring: after, held: { ...held, kid: key.kid } })).toBeNull();
  });
});

describe('a statement about a key', () => {
  const keys = Array.from({ length: 8 }, (_, at) => playedKey(`key ${at}`));
  const [first = key, second = key, third = key, fourth = key] = keys;
  const pins = { keys: [first.jwk] };
  const chain = keys.slice(1).map((of, at) => statementOf(keys[at] ?? key, of, iat + at));
  const stranger = playedKey('stranger');
  const believes = (statements: readonly string[], from = pins) => {
    const followed = followStatements(from, statements);
    return {
      kids: [...keys, stranger].filter(({ kid }) => followed.ring.find(kid)).map(({ kid }) => kid),
      ...followed,
    };
  };

  test('leads from the pinned key through as many changes as were slept through, at once or piece by piece', () => {
    const whole = believes(chain);
    expect(whole).toMatchObject({ faults: [], kids: keys.map(({ kid }) => kid) });
    expect(keys.map(({ kid }) => whole.ring.rank(kid))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    let statements: readonly string[] = [];
    for (let length = 1; length <= chain.length; length += 1) {
      const next = followStatements(pins, [...statements, ...chain.slice(0, length)]);
      expect(next.faults).toEqual([]);
      statements = next.ring.statements;
    }
    expect(statements).toEqual(chain);
  });

  test('is known already to a counter that joined later, and an older, shorter chain changes nothing', () => {
    const later = { keys: keys.slice(0, 5).map(({ jwk }) => jwk) };
    expect(believes(chain, later).faults).toEqual([]);
    const { ring: held } = followStatements(pins, chain);
    const again = followStatements(pins, [...held.statements, ...chain.slice(0, 2)]);
    expect(again).toMatchObject({ faults: [], ring: { statements: chain } });
  });

  test.each([
    [
      'by a key that has announced another',
      [...chain.slice(0, 2), statementOf(first, stranger, iat + 9)],
      'retired_key',
    ],
    ['by a key nobody knows', [...chain.slice(0, 2), statementOf(stranger, fourth, iat + 9)], 'unknown_key'],
    ['before its signer was announced', [...chain.slice(0, 2), statementOf(third, stranger, iat)], 'older_statement'],
    ['about itself', [statementOf(first, first, iat)], 'conflicting_key'],
    ['about a key before it', [...chain.slice(0, 2), statementOf(third, first, iat + 9)], 'conflicting_key'],
    [
      'about another key under a known name',
      [chain[0] ?? '', statementOf(second, playedKey(first.kid, 'x'), iat + 9)],
      'conflicting_key',
    ],
    ['signed by nobody', [`${(chain[0] ?? '').split('.').slice(0, 2).join('.')}.`], 'bad_signature'],
    ['that is an entitlement', [entitlementOf(first, facts)], 'wrong_type'],
    [
      'about a key of another name',
      [first.sign('entitlement-key+jwt', { iat, kid: 'x', jwk: stranger.jwk })],
      'malformed',
    ],
    [
      'about no Ed25519 key',
      [first.sign('entitlement-key+jwt', { iat, kid: 'x', jwk: { kty: 'oct', k: 'AAAA' } })],
      'malformed',
    ],
  ])('%s is refused and changes nothing', (_what, statements, fault) => {
    const { faults, kids } = believes(statements);
    expect(faults).toEqual([fault]);
    expect(kids).not.toContain(stranger.kid);
    expect(kids).toEqual(believes(statements.slice(0, -1)).kids);
  });

  test('never makes believe a key that the owner of none but old keys has made, in whatever order it is told', () => {
    const forged = fc
      .record({ by: fc.nat(6), of: fc.constantFrom(stranger, ...keys), at: fc.nat(20) })
      .map(({ by, of, at }) => statementOf(keys[by] ?? key, of, iat + at));
    fc.assert(
      fc.property(fc.array(forged, { maxLength: 6 }), fc.array(fc.nat(20), { maxLength: 6 }), (lies, places) => {
        const told = [...chain];
        for (const [index, lie] of lies.entries()) told.splice((places[index] ?? 0) % (told.length + 1), 0, lie);
        // The counter has followed the true chain once; from then on all that comes is this.
        const { ring: held } = followStatements(pins, chain);
        const after = followStatements(pins, [...held.statements, ...told]);
        expect(after.ring.statements).toEqual(chain);
        expect(after.ring.find(stranger.kid)).toBeUndefined();
      }),
      generated(300),
    );
  }, 60_000);
});
