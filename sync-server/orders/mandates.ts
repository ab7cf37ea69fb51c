// Asks the provider about mandates and lets what it says take effect by the same function as an event, so that a lost
// webhook changes nothing in the end; and ends those that nobody wants any more.
import type { Parts } from '../parts.ts';
import type { MandateReport, Mandates, Outcome } from '../providers/port.ts';
import { isUnwanted } from '../purchase/mandate-machine.ts';
import { nextLookAt } from '../purchase/mandate-times.ts';
import { listDueMandates, lockMandate, type MandateKey, updateMandate } from '../store/mandate-rows.ts';
import { applyChargeOf, applyNews, closeUnmade } from '../store/mandates.ts';
import { lockPurchase } from '../store/purchases.ts';
import type { MandateRow } from '../store/schema-payments.ts';
import { lockSubscription } from '../store/subscriptions.ts';
import type { Tx } from '../store/tx.ts';
import { endHeld } from './end-mandates.ts';
import { endSecondMandates } from './end-second-mandates.ts';
import { alone } from './ensure-mandate.ts';

/** How many are looked at in one sweep; it comes every minute. */
const mostLooks = 200;
/** A look that came to nothing is tried again after this. */
const againAfterMs = 10 * 60_000;

/** Looks at every mandate that is due. Safe to run in several processes at once. */
export async function lookUpDueMandates(parts: Parts): Promise<void> {
  const { provider, clock, database, log } = parts;
  const due = await listDueMandates(database.acrossOrgs, provider.name, clock.now(), mostLooks);
  for (const key of due) {
    try {
      const outcome = await lookUpMandate(parts, key, 'due');
      // Nobody is there to be asked; the others stay due.
      if (!outcome.ok && outcome.kind === 'unavailable') break;
    } catch (error) {
      log.error({ err: error, receipt: key.receipt }, 'a mandate could not be looked up');
    }
  }
}

/** Asks about one mandate, now or only if that is `due`; and ends it if it is not wanted. */
export async function lookUpMandate(parts: Parts, key: MandateKey, when: 'now' | 'due'): Promise<Outcome<null>> {
  const { mandates } = parts.provider;
  if (mandates === null) return { ok: true, value: null };
  return alone(parts, key, async () => {
    const claimed = await claim(parts, key, when);
    if (claimed === null || claimed.row.provider !== parts.provider.name) return { ok: true, value: null };
    const alone = await endSecondMandates(parts, mandates, claimed.row);
    if (!alone.ok) return noted(parts, key, alone);
    const report = await fetchReport(mandates, claimed.row);
    if (!report.ok) return noted(parts, key, report);
    if (report.value === null) return nothingThere(parts, claimed);
    await applyReport(parts, claimed, report.value);
    const { row, unwanted } = await parts.database.inOrg(key.orgId, (tx) => standing(tx, key));
    if (!unwanted || row.mandateId === null) return { ok: true, value: null };
    const ended = await endHeld(parts, mandates, row, 'system');
    return ended.ok ? ended : noted(parts, key, ended);
  });
}

function noted<T>(parts: Parts, { receipt }: MandateKey, outcome: Outcome<T> & { ok: false }): Outcome<null> {
  parts.log.warn({ receipt, kind: outcome.kind, reason: outcome.reason }, 'a mandate was not looked up');
  return outcome;
}

interface Claimed {
  readonly row: MandateRow;
  /** Nobody wants it, in the state in which it is known now. */
  readonly unwanted: boolean;
  /** What stands as the next look while this one runs; something else there means that an event came meanwhile. */
  readonly until: Date;
}

/** Moves the next look on before this one, so that one that fails is tried again and no other process takes it too. */
async function claim(parts: Parts, key: MandateKey, when: 'now' | 'due'): Promise<Claimed | null> {
  return parts.database.inOrg(key.orgId, async (tx) => {
    const at = await standing(tx, key);
    const now = parts.clock.now();
    if (when === 'due' && (at.row.nextLookAt === null || at.row.nextLookAt > now)) return null;
    const until = new Date(now.getTime() + againAfterMs);
    await updateMandate(tx, key, { nextLookAt: until, looks: at.row.looks + 1 });
    return { ...at, until };
  });
}

async function standing(tx: Tx, key: MandateKey): Promise<Pick<Claimed, 'row' | 'unwanted'>> {
  const { planType } = await lockSubscription(tx, key.orgId);
  const row = await lockMandate(tx, key);
  const { state } = await lockPurchase(tx, key.orgId, row.purchaseId);
  return { row, unwanted: isUnwanted(row.status, state, planType !== null) };
}

/** null: the provider certainly has no such mandate. */
async function fetchReport(mandates: Mandates, row: MandateRow): Promise<Outcome<MandateReport | null>> {
  if (row.mandateId !== null) return mandates.fetch(row.mandateId);
  const found = await mandates.find(row.receipt);
  if (!found.ok) return found;
  return found.value === null ? { ok: true, value: null } : mandates.fetch(found.value.mandateId);
}

/** Each charge in a transaction of its own; then the state, and when to look again. */
async function applyReport(parts: Parts, { row, until }: Claimed, report: MandateReport): Promise<void> {
  const { inOrg } = parts.database;
  const { mandate, payments } = report;
  for (const payment of payments) {
    const settled = await inOrg(row.orgId, (tx) => applyChargeOf(tx, parts, row, payment));
    parts.metrics.settled(settled);
  }
  await inOrg(row.orgId, async (tx) => {
    const subscription = await lockSubscription(tx, row.orgId);
    const before = await lockMandate(tx, row);
    const overtaken = before.nextLookAt?.getTime() !== until.getTime();
    await applyNews(tx, parts, row, { mandate, payment: null }, overtaken ? 'event' : 'look_up');
    if (overtaken) return;
    const after = await lockMandate(tx, row);
    const facts = { ...after, nextDue: subscription.serviceRenewalNextDue };
    await updateMandate(tx, row, { nextLookAt: nextLookAt(facts, parts.clock.now()) });
  });
  parts.wakeInbox(0);
}

/** Nothing was made: one that nobody wants is over without anybody being asked, another waits for its counter to go on. */
async function nothingThere(parts: Parts, { row, unwanted }: Claimed): Promise<Outcome<null>> {
  if (unwanted) {
    await parts.database.inOrg(row.orgId, (tx) => closeUnmade(tx, parts, row));
    return { ok: true, value: null };
  }
  const next = nextLookAt({ ...row, nextDue: null }, parts.clock.now());
  await parts.database.inOrg(row.orgId, (tx) => updateMandate(tx, row, { nextLookAt: next }));
  return { ok: true, value: null };
}
