// Who hears that an org has something new. The writer's transaction notifies; every server process listens and tells the
// event streams that it holds. Only a hint: what is new is read by pulling.
import { sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { Tx } from './database.ts';

const channel = 'org_changed';
/** Spends of many orgs are announced to other processes together, this many milliseconds apart at most. */
const togetherMs = 20;

/** Tells all listeners, when and only if the transaction commits. */
export async function announceChange(tx: Tx, orgId: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${channel}, ${orgId})`);
}

export interface Changes {
  /** Calls back whenever the org may have something new; returns how to stop. */
  subscribe(orgId: string, onChange: () => void): () => void;
  /** Calls back with every org that may have something new; null when nobody listened for a while and any may have. */
  subscribeAll(onChange: (orgId: string | null) => void): void;
  /** Whether changes are heard at this moment; what is remembered while they are not may be old. */
  listening(): boolean;
  /** Tells after a commit: listeners of this process at once, those of others a few milliseconds later, together. */
  announce(orgIds: readonly string[]): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** `retry`: waits before listening again after the connection broke. */
export function listenForChanges(owner: Pool, retry: () => Promise<void>, onError: (error: Error) => void): Changes {
  const subscribers = new Map<string, Set<() => void>>();
  /** Leaves the connection that listens; null while none does. */
  let leaveCurrent: (() => void) | null = null;
  const forAll = new Set<(orgId: string | null) => void>();
  const unsaid = new Set<string>();
  let saying: NodeJS.Timeout | null = null;
  let stopped = false;

  const tell = (orgId: string) => {
    for (const onChange of forAll) onChange(orgId);
    for (const onChange of subscribers.get(orgId) ?? []) onChange();
  };

  const say = async (): Promise<void> => {
    saying = null;
    const orgIds = [...unsaid];
    unsaid.clear();
    try {
      await owner.query(`select pg_notify('${channel}', org) from unnest($1::text[]) org`, [orgIds]);
    } catch (error) {
      // Only a hint is lost: counters of other processes' streams see it at their next pull.
      onError(error as Error);
    }
  };

  const listen = async (): Promise<void> => {
    const connected = await owner.connect();
    let left = false;
    const leave = () => {
      if (!left) connected.release(true);
      left = true;
    };
    connected.on('notification', (message) => tell(message.payload ?? ''));
    // Stays on: a connection that was left may still tell that it broke, and nobody else listens for that.
    connected.on('error', (error: Error) => {
      if (left) return;
      onError(error);
      leave();
      if (leaveCurrent !== leave) return;
      leaveCurrent = null;
      for (const onChange of forAll) onChange(null);
      void listenAgain();
    });
    try {
      await connected.query(`listen ${channel}`);
    } catch (error) {
      leave();
      throw error;
    }
    if (stopped) leave();
    else leaveCurrent = leave;
  };

  const listenAgain = async (): Promise<void> => {
    while (!stopped && leaveCurrent === null) {
      await retry();
      if (stopped) return;
      try {
        await listen();
        // Something may have been missed while nobody listened.
        for (const onChange of forAll) onChange(null);
        for (const orgId of subscribers.keys()) tell(orgId);
      } catch (error) {
        onError(error as Error);
      }
    }
  };

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
    subscribeAll: (onChange) => {
      forAll.add(onChange);
    },
    listening: () => leaveCurrent !== null,
    announce: (orgIds) => {
      for (const orgId of orgIds) {
        tell(orgId);
        unsaid.add(orgId);
      }
      saying ??= setTimeout(() => void say(), togetherMs);
    },
    start: listen,
    stop: async () => {
      stopped = true;
      if (saying !== null) {
        clearTimeout(saying);
        await say();
      }
      leaveCurrent?.();
      leaveCurrent = null;
    },
  };
}
