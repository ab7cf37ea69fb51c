// The entitlement in force and the keys that are believed, kept over restarts. What is refused changes nothing; the org keeps
// what it had, and the refusal is logged once and told until a good one comes.
import type { EntitlementKeys } from '../../shared/contract/devices.ts';
import { keysKnown, type SaidKeys, type ToldClaims, type ToldStatus } from '../../shared/contract/told-status.ts';
import type { Outbox } from '../outbox/open.ts';
import { forgetSetting, readSetting, saveSetting } from '../outbox/settings.ts';
import type { Log } from '../ports.ts';
import { type Entitlement, type EntitlementFault, judgeEntitlement, readEntitlement } from './entitlement.ts';
import { followStatements, type KeyRing, type StatementFault } from './key-ring.ts';
import type { Session } from './session.ts';

export interface Claims {
  /** Null before the first good one. */
  readonly current: () => ToldClaims | null;
  /** Why the last one that the server presented was refused; null when it was not. */
  readonly fault: () => EntitlementFault | null;
  /** serverTime: as the same answer says it, ISO. */
  readonly take: (status: Pick<ToldStatus, 'entitlement' | 'entitlementKeyChain'>, serverTime: string) => void;
}

/** What was read for one activation: with another one everything is read anew. */
interface Trust {
  readonly orgId: string;
  readonly said: SaidKeys;
  readonly pinned: EntitlementKeys;
  ring: KeyRing;
  held: Entitlement | null;
}

/** As long a chain as anybody follows: more is not a chain of keys but an attempt to keep us busy. */
const mostStatements = 1_000;

export function createClaims(outbox: Outbox, session: Session, log: Log): Claims {
  let read: Trust | null = null;
  let fault: EntitlementFault | null = null;
  let statementFault: StatementFault | null = null;

  const trust = (): Trust | null => {
    const saved = session.saved();
    if (saved === null) return null;
    if (read?.orgId !== saved.orgId || read.said !== saved.entitlementKeys) {
      read = readTrust(outbox, saved.orgId, saved.entitlementKeys);
      fault = null;
    }
    return read;
  };
  return {
    current: () => trust()?.held?.claims ?? null,
    fault: () => fault,
    take({ entitlement, entitlementKeyChain }, serverTime) {
      const on = trust();
      if (on === null) return;
      const wasRefused = statementFault;
      statementFault = learnKeys(outbox, on, entitlementKeyChain);
      if (statementFault !== null && statementFault !== wasRefused) {
        log('warn', 'a statement about a new key was left aside', { fault: statementFault });
      }
      const judged = judgeEntitlement(entitlement, { ...on, serverTime: new Date(serverTime) });
      if (!judged.ok && judged.fault !== fault) log('warn', sentences[judged.fault], { fault: judged.fault });
      fault = judged.ok ? null : judged.fault;
      if (!judged.ok) return;
      on.held = judged.entitlement;
      saveSetting(outbox, 'entitlement', entitlement);
    },
  };
}

const notSigned = 'an entitlement with no good signature was left aside';
const sentences: Readonly<Record<EntitlementFault, string>> = {
  malformed: notSigned,
  wrong_type: notSigned,
  unknown_key: notSigned,
  bad_signature: notSigned,
  another_org: "another pharmacy's entitlement was left aside",
  expired: 'an entitlement that has ended was left aside',
  from_the_future: 'an entitlement of a time to come was left aside',
  older: 'an entitlement older than the one in force was left aside',
  older_key: 'an entitlement signed with a replaced key was left aside',
};

function readTrust(outbox: Outbox, orgId: string, said: SaidKeys): Trust {
  const pinned = keysKnown(said);
  const { ring } = followStatements(pinned, readSetting(outbox, 'entitlementKeyChain') ?? []);
  const jws = readSetting(outbox, 'entitlement');
  const held = jws === null ? null : readEntitlement(jws, orgId, ring);
  return { orgId, said, pinned, ring, held: held?.ok === true ? held.entitlement : null };
}

/** Believes what can be believed of the chain, on the disk first; the last refusal, or null. */
function learnKeys(outbox: Outbox, on: Trust, chain: readonly string[]): StatementFault | null {
  const held = new Set(on.ring.statements);
  const fresh = chain.slice(-mostStatements).filter((statement) => !held.has(statement));
  if (fresh.length === 0) return null;
  const { ring, faults } = followStatements(on.pinned, [...on.ring.statements, ...fresh]);
  if (ring.statements.length > on.ring.statements.length) {
    saveSetting(outbox, 'entitlementKeyChain', [...ring.statements]);
    on.ring = ring;
  }
  return faults.at(-1) ?? null;
}

/** A new activation begins with the keys that it brings: what was believed under the old ones is read anew from the server. */
export function forgetClaims(outbox: Outbox): void {
  forgetSetting(outbox, 'entitlement');
  forgetSetting(outbox, 'entitlementKeyChain');
}
