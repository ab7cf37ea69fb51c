// What clients might want, drawn by fast-check, and what that means once it is known which holds, keys and credits there
// are. A wish is small and means something in every state, so that a failing list of them can be made shorter.
import fc from 'fast-check';
import { availableOf, type ModelOrg, type Operation } from './model.ts';
import type { Population } from './world.ts';

export type AmountWish = { readonly of: 'few' | 'available' | 'share'; readonly n: number };
export type KeyWish = { readonly how: 'fresh' | 'of another' | 'none'; readonly at: number };

export interface Wish {
  readonly kind: 'spend' | 'hold' | 'capture' | 'release' | 'adjust' | 'balance' | 'expire' | 'again';
  readonly org: number;
  readonly counter: number;
  /** Which of two servers is asked. */
  readonly server: number;
  readonly amount: AmountWish;
  readonly key: KeyWish;
  /** Which hold or which earlier operation. */
  readonly at: number;
  readonly ttlSeconds: number;
  readonly feature: string;
  readonly reference: string | null;
}

const often = <T>(...weighted: readonly [number, T][]) =>
  fc.oneof(...weighted.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));

/** Mostly a few credits; the last credits and one more; and shares of what is there. */
const amountWish: fc.Arbitrary<AmountWish> = fc.oneof(
  { weight: 7, arbitrary: fc.record({ of: fc.constant('few' as const), n: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 2, arbitrary: fc.record({ of: fc.constant('available' as const), n: fc.integer({ min: -1, max: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ of: fc.constant('share' as const), n: fc.integer({ min: 1, max: 12 }) }) },
);

export const wish = (kinds: readonly [number, Wish['kind']][]): fc.Arbitrary<Wish> =>
  fc.record({
    kind: often(...kinds),
    org: often([12, 0], [6, 1], [1, 2]),
    counter: fc.nat(1),
    server: fc.nat(1),
    amount: amountWish,
    key: fc.record({
      how: often<KeyWish['how']>([8, 'fresh'], [1, 'of another'], [1, 'none']),
      at: fc.nat(1_000),
    }),
    at: fc.nat(1_000),
    ttlSeconds: often([2, 1], [2, 5], [2, 60], [3, 900]),
    feature: often([3, 'ai.assist'], [1, 'ai.batch'], [1, 'दवा']),
    reference: often<string | null>([2, null], [1, 'bill 42'], [1, 'रसीद ७ 💊']),
  });

/** Everything at once, and in the sequential runs as well. */
export const busyKinds: readonly [number, Wish['kind']][] = [
  [8, 'spend'],
  [6, 'hold'],
  [6, 'capture'],
  [2, 'release'],
  [3, 'adjust'],
  [4, 'again'],
  [1, 'balance'],
  [1, 'expire'],
];

/** What was asked so far, and how many keys were made for it. */
export interface Past {
  readonly orgs: readonly ModelOrg[];
  readonly asked: readonly Operation[];
}

const pick = <T>(from: readonly T[], at: number): T | undefined =>
  from.length === 0 ? undefined : from[at % from.length];

function amountOf({ of, n }: AmountWish, whole: number): number {
  if (of === 'few') return n;
  return Math.max(1, of === 'available' ? whole + n : Math.floor((whole * n) / 11));
}

/** `name`: of the key, where the wish is for a fresh one. */
export function operationOf(wish: Wish, { devices }: Population, { orgs, asked }: Past, name: string): Operation {
  const org = pick(orgs, wish.org);
  if (org === undefined) throw new Error('nobody to ask for');
  const { orgId } = org;
  const device = pick(devices.get(orgId) ?? [], wish.counter) ?? '';
  if (wish.kind === 'again') {
    const before = pick(asked, wish.at);
    if (before === undefined) return { kind: 'balance', orgId, device };
    return 'device' in before
      ? { ...before, device: pick(devices.get(before.orgId) ?? [], wish.counter) ?? '' }
      : before;
  }
  const key = keyOf(wish.key, asked, name);
  if (wish.kind === 'balance' || wish.kind === 'expire') return { kind: wish.kind, orgId, device };
  if (wish.kind === 'adjust') return adjustment(org, wish, wish.key.how === 'none' ? null : key);
  if (wish.kind === 'capture' || wish.kind === 'release') return ofHold(wish, orgs, { orgId, device, key });
  const { kind, feature, ttlSeconds, reference } = wish;
  const amount = amountOf(wish.amount, availableOf(org));
  if (kind === 'hold') return { kind, orgId, device, key, feature, amount, ttlSeconds };
  return { kind: 'spend', orgId, device, key, feature, amount, reference };
}

function keyOf({ how, at }: KeyWish, asked: readonly Operation[], name: string): string {
  const keys = asked.flatMap((op) => ('key' in op && op.key !== null ? [op.key] : []));
  return how === 'of another' ? (pick(keys, at) ?? name) : name;
}

function adjustment(org: ModelOrg, { amount, at }: Wish, key: string | null): Operation {
  const taking = at % 2 === 0;
  const delta = taking ? -amountOf(amount, availableOf(org)) : 1 + (at % 3_000);
  return { kind: 'adjust', orgId: org.orgId, key, delta, reason: `ticket ${at % 7}` };
}

/** Mostly an open hold; now and then one that is closed, another org's, or none at all. */
function ofHold(
  { kind, amount, at, counter }: Wish,
  orgs: readonly ModelOrg[],
  asking: { readonly orgId: string; readonly device: string; readonly key: string },
): Operation {
  const every = orgs.flatMap((org) => org.holds);
  const own = orgs.find(({ orgId }) => orgId === asking.orgId)?.holds ?? [];
  const open = own.filter(({ state }) => state === 'open');
  const holds = [every, own, own, open, open, open, open, open, open][at % 9] ?? own;
  const hold = pick(holds, Math.floor(at / 9) + counter);
  const { orgId, device, key } = asking;
  const holdId = hold?.holdId ?? 'hold_none';
  if (kind === 'release') return { kind, orgId, device, holdId };
  return { kind: 'capture', orgId, device, key, holdId, amount: amountOf(amount, hold?.amount ?? 1) };
}
