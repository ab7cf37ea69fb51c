// What every request asks for and what hardly ever changes: whose token it is, and whether its org owns a plan and until
// when. Remembered only while changes are heard (store/changes.ts), and forgotten with the first word about the org, so
// that a revoked counter stops at once in every process.

import { type RenewalFacts, renewalStatusAt } from '../../shared/plan/renewal.ts';
import { addDays, businessDate, startOfBusinessDate } from '../../shared/plan/service-year.ts';
import type { RenewalStatus } from '../../shared/plan/shapes.ts';
import type { Clock } from '../clock.ts';
import type { Changes } from './changes.ts';
import type { Database } from './database.ts';
import { type Caller, findCaller, noteSeen } from './orgs.ts';
import { readSubscription } from './subscriptions.ts';

export interface Remembered {
  /** Whose token this is, or null if it was never issued. */
  caller(token: string): Promise<Caller | null>;
  /** The org's renewal status now. */
  status(orgId: string): Promise<RenewalStatus>;
  /** Forgets an org at once, for whoever has just changed it here. */
  forget(orgId: string): void;
}

/** How exactly "last seen" is kept; a write at every request would be paid for by every request. */
const seenEveryMs = 60_000;
const mostOrgs = 20_000;

interface OrgMemory {
  readonly callers: Map<string, Caller>;
  renewal: RenewalFacts | null;
  /** The status on one day in Asia/Kolkata, which is all that it depends on besides. */
  today: { readonly from: number; readonly until: number; readonly status: RenewalStatus } | null;
}

export function remember(
  { inOrg, acrossOrgs }: Pick<Database, 'inOrg' | 'acrossOrgs'>,
  changes: Pick<Changes, 'subscribeFacts' | 'listening'>,
  clock: Clock,
): Remembered {
  const memory = createMemory();
  changes.subscribeFacts((orgId) => (orgId === null ? memory.forgetAll() : memory.forget(orgId)));

  /** Reads, and keeps what was read unless a word came meanwhile or nobody listens. */
  const read = async <T>(load: () => Promise<T>, keep: (value: T) => void): Promise<T> => {
    const before = memory.words();
    const value = await load();
    if (before === memory.words() && changes.listening()) keep(value);
    return value;
  };
  const seen = async (caller: Caller): Promise<Caller> => {
    const now = clock.now();
    if (caller.lastSeenAt !== null && now.getTime() - caller.lastSeenAt.getTime() <= seenEveryMs) return caller;
    await inOrg(caller.orgId, (tx) => noteSeen(tx, caller, now));
    return { ...caller, lastSeenAt: now };
  };
  const callerNow = async (token: string): Promise<Caller | null> => {
    const known = memory.caller(token);
    if (known !== undefined) {
      const after = await seen(known);
      if (after !== known && memory.caller(token) === known) memory.keepCaller(token, after);
      return after;
    }
    const load = async () => {
      const found = await findCaller(acrossOrgs, token);
      return found === null || found.revoked ? found : seen(found);
    };
    return read(load, (caller) => {
      if (caller !== null && !caller.revoked) memory.keepCaller(token, caller);
    });
  };
  const renewalOf = (orgId: string): Promise<RenewalFacts> => {
    const load = async () => {
      const { serviceRenewalNextDue } = await inOrg(orgId, (tx) => readSubscription(tx, orgId));
      return { serviceRenewalNextDue };
    };
    return read(load, (facts) => Object.assign(memory.of(orgId), { renewal: facts, today: null }));
  };

  return {
    caller: callerNow,
    status: async (orgId) => {
      const at = clock.now();
      const known = memory.find(orgId);
      if (known?.today && known.today.from <= at.getTime() && at.getTime() < known.today.until)
        return known.today.status;
      const facts = known?.renewal ?? (await renewalOf(orgId));
      const status = renewalStatusAt(facts, at);
      const kept = memory.find(orgId);
      if (kept?.renewal === facts) {
        const until = startOfBusinessDate(addDays(businessDate(at), 1)).getTime();
        kept.today = { from: at.getTime(), until, status };
      }
      return status;
    },
    forget: memory.forget,
  };
}

/** What is remembered, by org, with the tokens that lead to it. Bounded: the org that was met first goes first. */
function createMemory() {
  const orgs = new Map<string, OrgMemory>();
  const byToken = new Map<string, Caller>();
  // Whatever was read before a word came may be older than that word.
  let words = 0;
  const forget = (orgId: string) => {
    words += 1;
    for (const token of orgs.get(orgId)?.callers.keys() ?? []) byToken.delete(token);
    orgs.delete(orgId);
  };
  const of = (orgId: string): OrgMemory => {
    const found = orgs.get(orgId);
    if (found !== undefined) return found;
    for (const oldest of orgs.keys()) {
      if (orgs.size < mostOrgs) break;
      forget(oldest);
    }
    const made: OrgMemory = { callers: new Map(), renewal: null, today: null };
    orgs.set(orgId, made);
    return made;
  };
  return {
    words: () => words,
    of,
    find: (orgId: string) => orgs.get(orgId),
    caller: (token: string) => byToken.get(token),
    keepCaller: (token: string, caller: Caller) => {
      of(caller.orgId).callers.set(token, caller);
      byToken.set(token, caller);
    },
    forget,
    forgetAll: () => {
      words += 1;
      orgs.clear();
      byToken.clear();
    },
  };
}
