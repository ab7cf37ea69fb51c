// Who hears that an org has something new. The writer's transaction notifies; every server process listens and tells the
// event streams that it holds. Only a hint: what is new is read by pulling.
import { sql } from 'drizzle-orm';
import type { Pool, PoolClient } from 'pg';
import { createListener } from './change-listener.ts';
import type { Tx } from './tx.ts';

const channel = 'org_changed';
/** Behind the org's id where only its ledger has grown. */
const entriesOnly = ' entries';
/** Of no org: the keys that sign entitlements are others than before. No id has a space in it. */
const signingKeys = 'signing keys';
/** Spends of many orgs are announced to other processes together, this many milliseconds apart at most. */
const togetherMs = 20;

/** Tells all listeners, when and only if the transaction commits. */
export async function announceChange(tx: Tx, orgId: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${channel}, ${orgId})`);
}

/** The same for many orgs at once. `what`: whether only their ledgers have grown, or more of them has changed. */
export async function announceMany(
  client: PoolClient,
  orgIds: readonly string[],
  what: 'entries' | 'facts',
): Promise<void> {
  await client.query({
    name: 'announce-many',
    text: `select pg_notify('${channel}', org || $2) from unnest($1::text[]) org`,
    values: [orgIds, what === 'entries' ? entriesOnly : ''],
  });
}

/** Tells every process, when and only if the transaction commits, that there is a new key to sign with. */
export async function announceSigningKey(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_notify(${channel}, ${signingKeys})`);
}

export interface Changes {
  /** Calls back whenever the org may have something new; returns how to stop. */
  subscribe(orgId: string, onChange: () => void): () => void;
  /**
   * Calls back with every org of which more than its ledger may have changed: counters, plan, profile. null: nobody
   * listened for a while, and any may have.
   */
  subscribeFacts(onChange: (orgId: string | null) => void): void;
  /** Calls back when the keys that sign entitlements may have changed. */
  subscribeSigningKeys(onChange: () => void): void;
  /** Whether changes are heard at this moment; what is remembered while they are not may be old. */
  listening(): boolean;
  /**
   * Tells after a commit that ledgers have new entries, and nothing else has changed: listeners of this process at once,
   * those of others a few milliseconds later, together.
   */
  announceEntries(orgIds: readonly string[]): void;
  /** Tells every listener of this process: the time was moved, and with it anybody's status. */
  tellEverybody(): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** `retry`: waits before listening again after the connection broke. */
export function listenForChanges(owner: Pool, retry: () => Promise<void>, onError: (error: Error) => void): Changes {
  const subscribers = new Map<string, Set<() => void>>();
  const forFacts = new Set<(orgId: string | null) => void>();
  const forKeys = new Set<() => void>();
  const tellKeys = () => {
    for (const onChange of forKeys) onChange();
  };
  const tell = (orgId: string) => {
    for (const onChange of subscribers.get(orgId) ?? []) onChange();
  };
  const tellFacts = (orgId: string | null) => {
    for (const onChange of forFacts) onChange(orgId);
  };
  const listener = createListener({
    owner,
    channel,
    retry,
    onError,
    hear: (payload) => {
      if (payload === signingKeys) return tellKeys();
      const orgId = payload.replace(entriesOnly, '');
      if (orgId === payload) tellFacts(orgId);
      tell(orgId);
    },
    missed: (again) => {
      tellFacts(null);
      tellKeys();
      if (again) for (const orgId of subscribers.keys()) tell(orgId);
    },
  });
  const say = sayTogether(owner, onError);

  return {
    subscribe: (orgId, onChange) => {
      const ofOrg = subscribers.get(orgId) ?? new Set();
      ofOrg.add(onChange);
      subscribers.set(orgId, ofOrg);
      return () => {
        ofOrg.delete(onChange);
        if (ofOrg.size === 0) subscribers.delete(orgId);
      };
    },
    subscribeFacts: (onChange) => {
      forFacts.add(onChange);
    },
    subscribeSigningKeys: (onChange) => {
      forKeys.add(onChange);
    },
    listening: listener.listening,
    announceEntries: (orgIds) => {
      for (const orgId of orgIds) tell(orgId);
      say.add(orgIds);
    },
    tellEverybody: () => {
      for (const orgId of [...subscribers.keys()]) tell(orgId);
    },
    start: listener.start,
    stop: async () => {
      await say.finish();
      listener.stop();
    },
  };
}

/** Collects what is to be told to other processes and tells it in one statement, a few milliseconds later. */
function sayTogether(owner: Pool, onError: (error: Error) => void) {
  const unsaid = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  const say = async (): Promise<void> => {
    timer = null;
    const orgIds = [...unsaid];
    unsaid.clear();
    try {
      await owner.query(`select pg_notify('${channel}', org || '${entriesOnly}') from unnest($1::text[]) org`, [
        orgIds,
      ]);
    } catch (error) {
      // Only a hint is lost: counters of other processes' streams see it at their next pull.
      onError(error as Error);
    }
  };
  return {
    add: (orgIds: readonly string[]) => {
      for (const orgId of orgIds) unsaid.add(orgId);
      timer ??= setTimeout(() => void say(), togetherMs);
    },
    finish: async () => {
      if (timer === null) return;
      clearTimeout(timer);
      await say();
    },
  };
}
