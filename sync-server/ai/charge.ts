// One charge in the database: credits are reserved by a hold, then taken with the result of the key in one transaction, or
// given back. A crash between leaves a hold that expires and a key that may be used again.
import { z } from 'zod';
import { makeId } from '../clock.ts';
import { decideCapture, decideExpiry, decideRelease, isOpen, placeHold } from '../ledger/hold.ts';
import type { Parts } from '../parts.ts';
import { requireFeature } from '../require-feature.ts';
import { writeAudit } from '../store/audit.ts';
import { captureHold, findHold, giveBack, insertHold } from '../store/holds.ts';
import { answerKey, beginKeyAgain, type KeyUse, lookUpKey, saveKey } from '../store/idempotency.ts';
import { lockLedger } from '../store/ledger.ts';
import type { Caller } from '../store/orgs.ts';
import type { Tx } from '../store/tx.ts';
import { type Refused, refuse } from '../verdict.ts';

/** What a repeat of the key is answered with. */
export const keptAnswer = z.object({ status: z.int(), type: z.string(), body: z.string() });
export type KeptAnswer = z.infer<typeof keptAnswer>;

export interface Reservation {
  readonly holdId: string;
  readonly amount: number;
}

export type Reserved =
  | { readonly kind: 'reserved'; readonly reservation: Reservation }
  /** The key was used before; this is its result. */
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  /** The same request is being worked on, here or in another process. */
  | { readonly kind: 'running' }
  | { readonly kind: 'refused'; readonly refused: Refused };

export interface Wish {
  readonly amount: number;
  readonly feature: string;
  readonly seconds: number;
}

const refused = (refusal: Refused): Reserved => ({ kind: 'refused', refused: refusal });

export async function reserve(parts: Parts, caller: Caller, use: KeyUse, wish: Wish): Promise<Reserved> {
  const { orgId } = caller;
  const barred = await requireFeature(parts, orgId, wish.feature);
  const reserved = await parts.database.inOrg(orgId, async (tx): Promise<Reserved> => {
    let head = await lockLedger(tx, orgId);
    const now = parts.clock.now();
    const key = await lookUpKey(tx, use);
    if (key.state === 'reused') return refused(refuse('idempotency_key_reused'));
    if (key.state === 'answered') return { kind: 'answered', answer: keptAnswer.parse(key.answer) };
    if (key.state === 'begun') {
      const before = key.subject === null ? null : await findHold(tx, orgId, key.subject);
      if (before !== null && isOpen(before, now)) return { kind: 'running' };
      // A run that crashed, found before the job found it.
      const after = before === null ? null : decideExpiry(head, before, now);
      if (before !== null && after !== null) {
        await giveBack(tx, after, before, 'expired', now);
        head = after;
      }
    }
    if (barred !== null) return refused(barred);
    const after = placeHold(head, wish.amount);
    if (after === null) {
      const available = head.balance - head.held;
      return refused(refuse('insufficient_credits', { available, required: wish.amount }));
    }
    const holdId = makeId('hold', parts.clock, parts.random);
    const expiresAt = new Date(now.getTime() + wish.seconds * 1000);
    const { amount, feature } = wish;
    await insertHold(tx, after, { orgId, holdId, amount, feature, actor: caller.deviceId, expiresAt }, now);
    if (key.state === 'begun') await beginKeyAgain(tx, use, holdId);
    else await saveKey(tx, use, holdId, undefined, now);
    return { kind: 'reserved', reservation: { holdId, amount } };
  });
  if (reserved.kind === 'reserved') parts.changes.announceEntries([orgId]);
  return reserved;
}

/** What the work took, and what the audit log says about it. */
export interface Usage {
  /** Credits; 0 takes nothing. More than was reserved takes all of that, and the rest is recorded as an alarm. */
  readonly credits: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Taken {
  readonly credits: number;
}

/** Takes what was used, gives the rest back and keeps the key's result; null, and nothing changed, if the hold is closed. */
export async function take(
  parts: Parts,
  caller: Caller,
  use: KeyUse,
  { holdId }: Reservation,
  usage: Usage,
  answer: KeptAnswer,
): Promise<Taken | null> {
  const { orgId, deviceId: actor } = caller;
  const taken = await parts.database.inOrg(orgId, async (tx): Promise<Taken | null> => {
    const head = await lockLedger(tx, orgId);
    const hold = await findHold(tx, orgId, holdId);
    if (hold === null) throw new Error(`hold ${holdId} vanished`);
    const now = parts.clock.now();
    const credits = Math.min(usage.credits, hold.amount);
    if (credits === 0) {
      const after = decideRelease(head, hold, now);
      if (after === null) return null;
      await giveBack(tx, after, hold, 'released', now);
    } else {
      const decided = decideCapture(head, hold, credits, now);
      if (decided.kind !== 'capture') return null;
      await captureHold(tx, decided.head, hold, { amount: credits, use, actor }, now);
    }
    await record(tx, { orgId, actor, holdId, held: hold.amount, credits, usage }, now);
    if (!(await answerKey(tx, use, answer))) throw new Error(`key of hold ${holdId} was answered already`);
    return { credits };
  });
  parts.changes.announceEntries([orgId]);
  return taken;
}

interface ChargeRecord {
  readonly orgId: string;
  readonly actor: string;
  readonly holdId: string;
  readonly held: number;
  readonly credits: number;
  readonly usage: Usage;
}

async function record(tx: Tx, { orgId, actor, holdId, held, credits, usage }: ChargeRecord, now: Date): Promise<void> {
  const details = { ...usage.details, held, credits };
  await writeAudit(tx, { orgId, actor, action: 'ai.charged', subject: holdId, details }, now);
  const beyond = usage.credits - credits;
  if (beyond === 0) return;
  const alarm = { used: usage.credits, held, beyond };
  await writeAudit(tx, { orgId, actor, action: 'alarm.ai_beyond_hold', subject: holdId, details: alarm }, now);
}

/** Gives everything back; false if the hold was closed already. */
export async function returnAll(parts: Parts, orgId: string, { holdId }: Reservation): Promise<boolean> {
  const returned = await parts.database.inOrg(orgId, async (tx) => {
    const head = await lockLedger(tx, orgId);
    const hold = await findHold(tx, orgId, holdId);
    const now = parts.clock.now();
    const after = hold === null ? null : decideRelease(head, hold, now);
    if (hold === null || after === null) return false;
    await giveBack(tx, after, hold, 'released', now);
    return true;
  });
  if (returned) parts.changes.announceEntries([orgId]);
  return returned;
}
