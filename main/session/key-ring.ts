// The keys that this counter believes: those that it got at activation, and each one that a believed key has announced. Every
// key is followed by one other at most, so that whoever comes to hold an old key announces nothing with it any more.
import { entitlementKeyClaims } from '../../shared/contract/billing.ts';
import type { EntitlementKey, EntitlementKeys } from '../../shared/contract/devices.ts';
import { type JwsFault, openJws } from './jws.ts';

/**
 * retired_key: its signer has announced another key before. conflicting_key: the name of a believed key with another key
 * behind it, or a key that would follow itself. older_statement: made before its signer was announced.
 */
export type StatementFault = JwsFault | 'retired_key' | 'conflicting_key' | 'older_statement';

export interface KeyRing {
  readonly find: (kid: string) => EntitlementKey | undefined;
  /** How many keys came before this one, as far as is known; what a newer key signs is never replaced by an older one's. */
  readonly rank: (kid: string) => number;
  /** The believed statements, oldest first: with the pinned keys they are all that must be kept. */
  readonly statements: readonly string[];
}

interface Believed {
  readonly key: EntitlementKey;
  follows: string | null;
  isFollowedBy: string | null;
  /** Seconds; of a pinned key not known, and earlier than everything. */
  announcedAt: number;
}

export interface Followed {
  readonly ring: KeyRing;
  readonly faults: readonly StatementFault[];
}

/** Follows the statements from the pinned keys, one after another; one that is refused changes nothing. */
export function followStatements(pinned: EntitlementKeys, statements: readonly string[]): Followed {
  const believed = new Map<string, Believed>();
  for (const key of pinned.keys) believed.set(key.kid, { key, follows: null, isFollowedBy: null, announcedAt: 0 });
  const kept = new Set<string>();
  const faults: StatementFault[] = [];
  for (const statement of statements) {
    if (kept.has(statement)) continue;
    const fault = believe(believed, statement);
    if (fault === null) kept.add(statement);
    else faults.push(fault);
  }
  return {
    ring: {
      find: (kid) => believed.get(kid)?.key,
      rank: (kid) => before(believed, kid).length,
      statements: [...kept],
    },
    faults,
  };
}

function believe(believed: Map<string, Believed>, statement: string): StatementFault | null {
  const opened = openJws(statement, 'entitlement-key+jwt', (kid) => believed.get(kid)?.key);
  if (!opened.ok) return opened.fault;
  const claims = entitlementKeyClaims.safeParse(opened.payload);
  if (!claims.success || claims.data.kid !== claims.data.jwk.kid) return 'malformed';
  const { kid, jwk, iat } = claims.data;
  const signer = believed.get(opened.kid);
  if (signer === undefined) return 'unknown_key';
  if (signer.isFollowedBy !== null) return 'retired_key';
  if (iat < signer.announcedAt) return 'older_statement';
  const known = believed.get(kid);
  const isItself = kid === opened.kid || before(believed, opened.kid).includes(kid);
  if (isItself || (known !== undefined && (known.key.x !== jwk.x || known.follows !== null))) return 'conflicting_key';
  believed.set(kid, {
    key: known?.key ?? jwk,
    follows: opened.kid,
    isFollowedBy: known?.isFollowedBy ?? null,
    announcedAt: iat,
  });
  signer.isFollowedBy = kid;
  return null;
}

/** The keys before this one, the nearest first. No key follows itself, so this ends. */
function before(believed: ReadonlyMap<string, Believed>, kid: string): string[] {
  const found: string[] = [];
  for (let at = believed.get(kid)?.follows ?? null; at !== null; at = believed.get(at)?.follows ?? null) found.push(at);
  return found;
}
