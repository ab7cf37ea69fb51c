// Runs the verifier on the database: a hundred orgs at a time, each time on one consistent moment, so that neither memory
// nor the age of a snapshot grows with the number of orgs. It only reads, and takes no lock that a writer could meet.
import type { Pool, PoolClient } from 'pg';
import type { Attention, Fault, FaultKind, VerifyAnswer } from '../../shared/contract/admin.ts';
import type { Clock } from '../clock.ts';
import { type OrgCheck, startOrgCheck } from '../ledger/verify.ts';
import { startSeries } from '../ledger/verify-documents.ts';
import type { Findings } from '../ledger/verify-facts.ts';
import { sha256 } from './ledger.ts';
import { isOrg, nextOrgs, readOrgFacts } from './verify-org-rows.ts';
import {
  atOneMoment,
  eachDocument,
  eachEntry,
  eachHold,
  eachNumber,
  type OrgRange,
  readCounters,
  readLeftBehind,
  readParked,
} from './verify-rows.ts';

export type VerifyReport = VerifyAnswer & {
  /** How often each kind was found, also beyond those that are listed. */
  readonly byKind: ReadonlyMap<FaultKind, number>;
};

export interface Verifier {
  /** Verifies all orgs and the series of numbers, or one org alone; null if there is no such org. */
  verify(orgId: string | null): Promise<VerifyReport | null>;
  /** Ends what runs, and refuses what comes, with VerifierStopped. */
  stop(): void;
}

/** The server is stopping; nothing was found out. */
export class VerifierStopped extends Error {}

const orgsAtOnce = 100;
/** Faults and attentions that are listed; all are counted. */
const mostListed = 1_000;

/** `pool`: reads every org's rows. One connection of it is used at most, however many ask at once. */
export function createVerifier(pool: Pool, clock: Clock): Verifier {
  let last: Promise<unknown> = Promise.resolve();
  let stopped = false;
  const goOn = () => {
    if (stopped) throw new VerifierStopped('the verifier was stopped');
  };
  /** One snapshot at a time; a question about one org waits for a hundred others at most, never for all. */
  const inTurn = <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    const turn = last.then(() => {
      goOn();
      return withSnapshot(pool, work);
    });
    last = turn.catch((error: unknown) => error);
    return turn;
  };
  return {
    verify: async (orgId) => {
      const run = startRun(clock, goOn);
      if (orgId !== null) {
        const found = await inTurn(async (client) => {
          if (!(await isOrg(client, orgId))) return false;
          await run.orgs(client, [orgId], { only: orgId });
          return true;
        });
        return found ? run.report() : null;
      }
      let after: string | null = null;
      for (let more = true; more; ) {
        const upTo: string | null = await inTurn(async (client) => {
          const orgIds = await nextOrgs(client, after, orgsAtOnce);
          const end = orgIds.length < orgsAtOnce ? null : (orgIds.at(-1) ?? null);
          await run.orgs(client, orgIds, { after, upTo: end });
          return end;
        });
        more = upTo !== null;
        after = upTo;
      }
      await inTurn((client) => run.all(client));
      return run.report();
    },
    stop: () => {
      stopped = true;
    },
  };
}

async function withSnapshot<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    const result = await atOneMoment(client, () => work(client));
    client.release();
    return result;
  } catch (error) {
    // Its transaction is open still: it is closed and not used again.
    client.release(true);
    throw error;
  }
}

function startRun(clock: Clock, goOn: () => void) {
  const began = clock.now();
  const notes = takeNotes();
  const checked = { orgs: 0, entries: 0, holds: 0, purchases: 0, documents: 0 };
  return {
    /** Verifies the orgs of a range, and names what the range holds of others. */
    orgs: async (client: PoolClient, orgIds: readonly string[], range: OrgRange): Promise<void> => {
      // Not the beginning of the run: a month may begin while it goes on.
      const now = clock.now();
      const checks = new Map<string, OrgCheck>();
      for (const facts of await readOrgFacts(client, orgIds)) {
        checks.set(facts.orgId, startOrgCheck(facts, now, sha256, notes.of(facts.orgId)));
        checked.purchases += facts.purchases.length;
      }
      const strangers = new Set<string>();
      await eachEntry(client, range, ({ orgId, fact }) => {
        goOn();
        const check = checks.get(orgId);
        checked.entries += 1;
        if (check !== undefined) check.entry(fact);
        else if (!strangers.has(orgId)) {
          strangers.add(orgId);
          notes.of(orgId).fault('entry_of_no_org', `entry ${fact.seq}`, 'an org', null);
        }
      });
      await eachHold(client, range, ({ orgId, fact }) => {
        goOn();
        checks.get(orgId)?.hold(fact);
        checked.holds += 1;
      });
      await eachDocument(client, range, ({ orgId, fact }) => {
        checks.get(orgId)?.document(fact);
        checked.documents += 1;
      });
      for (const check of checks.values()) check.finish();
      checked.orgs += orgIds.length;
    },
    /** Verifies what concerns all orgs together. */
    all: async (client: PoolClient): Promise<void> => {
      const findings = notes.of(null);
      const series = startSeries(await readCounters(client), findings);
      await eachNumber(client, series.number);
      series.finish();
      const left = await readLeftBehind(client, clock.now());
      if (left !== null) findings.fault('grant_left', `month ${left.month}`, 0, left.orgs);
      for (const { id, event, reason } of await readParked(client)) {
        findings.attention('webhook_parked', `webhook ${id}`, `${event}: ${reason ?? 'no reason kept'}`);
      }
    },
    report: (): VerifyReport => ({ ...notes.taken(), checked, at: began.toISOString() }),
  };
}

function takeNotes() {
  const faults: Fault[] = [];
  const attention: Attention[] = [];
  const byKind = new Map<FaultKind, number>();
  let faultCount = 0;
  let attentionCount = 0;
  const text = (value: string | number | boolean | null) => (value === null ? null : String(value));
  return {
    of: (orgId: string | null): Findings => ({
      fault: (kind, subject, expected, found) => {
        faultCount += 1;
        byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
        if (faults.length < mostListed) {
          faults.push({ orgId, kind, subject, expected: text(expected), found: text(found) });
        }
      },
      attention: (kind, subject, detail) => {
        attentionCount += 1;
        if (attention.length < mostListed) attention.push({ orgId, kind, subject, detail });
      },
    }),
    taken: () => ({ ok: faultCount === 0, faults, faultCount, attention, attentionCount, byKind }),
  };
}
