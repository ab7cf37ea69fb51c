// What every request asks for and what hardly ever changes: whose token it is, and whether its org owns a plan and until
// when. Remembered only while changes are heard (store/changes.ts), and forgotten with the first word about the org, so
// that a revoked counter stops at once in every process.

import type { RenewalFacts } from '../../shared/plan/renewal.ts';
import type { Clock } from '../clock.ts';
import type { Changes } from './changes.ts';
import type { Db } from './database.ts';
import { type Caller, findCaller, hashSecret, noteSeen } from './orgs.ts';
import { readSubscription } from './subscriptions.ts';

export interface Remembered {
  /** Whose token this is, or null if it was never issued. */
  caller(token: string): Promise<Caller | null>;
  /** What the org's renewal status follows from. */
  renewal(orgId: string): Promise<RenewalFacts>;
  /** Forgets an org at once, for whoever has just changed it here. */
  forget(orgId: string): void;
}

/** How exactly "last seen" is kept; a write at every request would be paid for by every request. */
const seenEveryMs = 60_000;
const mostOrgs = 20_000;

interface OrgMemory {
  readonly callers: Map<string, Caller>;
  renewal: RenewalFacts | null;
}

export function remember(db: Db, changes: Pick<Changes, 'subscribeAll' | 'listening'>, clock: Clock): Remembered {
  const orgs = new Map<string, OrgMemory>();
  const byToken = new Map<string, Caller>();
  // Whatever was read before a word came may be older than that word.
  let words = 0;

  const forget = (orgId: string) => {
    words += 1;
    for (const token of orgs.get(orgId)?.callers.keys() ?? []) byToken.delete(token);
    orgs.delete(orgId);
  };
  changes.subscribeAll((orgId) => {
    if (orgId !== null) return forget(orgId);
    words += 1;
    orgs.clear();
    byToken.clear();
  });
  const memoryOf = (orgId: string): OrgMemory => {
    const found = orgs.get(orgId);
    if (found !== undefined) return found;
    for (const oldest of orgs.keys()) {
      if (orgs.size < mostOrgs) break;
      forget(oldest);
    }
    const made = { callers: new Map(), renewal: null };
    orgs.set(orgId, made);
    return made;
  };
  /** Reads, and keeps what was read unless a word came meanwhile or nobody listens. */
  const read = async <T>(load: () => Promise<T>, keep: (value: T) => void): Promise<T> => {
    const before = words;
    const value = await load();
    if (before === words && changes.listening()) keep(value);
    return value;
  };
  const seen = async (caller: Caller): Promise<Caller> => {
    const now = clock.now();
    if (caller.lastSeenAt !== null && now.getTime() - caller.lastSeenAt.getTime() <= seenEveryMs) return caller;
    await noteSeen(db, caller, now);
    return { ...caller, lastSeenAt: now };
  };

  return {
    caller: async (token) => {
      const key = hashSecret(token).toString('base64');
      const known = byToken.get(key);
      if (known !== undefined) {
        const after = await seen(known);
        if (after !== known && byToken.get(key) === known) byToken.set(key, after);
        return after;
      }
      return read(
        async () => {
          const found = await findCaller(db, token);
          return found === null || found.revoked ? found : seen(found);
        },
        (caller) => {
          if (caller === null || caller.revoked) return;
          byToken.set(key, caller);
          memoryOf(caller.orgId).callers.set(key, caller);
        },
      );
    },
    renewal: async (orgId) => {
      const known = orgs.get(orgId)?.renewal ?? null;
      if (known !== null) return known;
      return read(
        async () => {
          const { serviceRenewalNextDue } = await readSubscription(db, orgId);
          return { serviceRenewalNextDue };
        },
        (facts) => {
          memoryOf(orgId).renewal = facts;
        },
      );
    },
    forget,
  };
}
