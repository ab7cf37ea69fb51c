// The auditor's replay of a ledger: every entry in its place, with what it must say, the sums, and the hashes made anew.
// Imports nothing of the programs that it audits.
import { createHash } from 'node:crypto';
import type { Entry, LifeBooks, RefundRow } from './auditor-books.ts';
import { monthAt } from './auditor-calendar.ts';
import type { LifeLog } from './auditor-log.ts';
import { type Months, momentMs } from './auditor-plan.ts';

/** A purchase whose money took effect, with what the replay needs of it. */
export interface Effect {
  readonly purchase: string;
  readonly sku: string;
  readonly credits: number;
  readonly amount: number;
  readonly capturedAt: number;
}

export interface OrgFacts {
  readonly org: string;
  readonly months: Months;
  /** By purchase. */
  readonly effects: ReadonlyMap<string, Effect>;
  readonly spends: LifeLog['spends'];
  /** Processed ones of money that had its effect, in the order of their credit notes, each with its note's time. */
  readonly refunds: readonly (RefundRow & { readonly noteAt: number })[];
  /** When everything due was done for certain, ascending. */
  readonly runs: readonly number[];
}

export const creditsEach = 50_000;

export function entryFaults(
  entries: readonly Entry[],
  cache: LifeBooks['caches'][number] | undefined,
  facts: OrgFacts,
): string[] {
  const faults: string[] = [];
  const say = (what: string) => void faults.push(`${facts.org}: ${what}`);
  chainFaults(entries, cache, facts.org).forEach(say);
  monthFaults(entries, facts).forEach(say);
  boughtFaults(entries, facts).forEach(say);
  spendFaults(entries, facts).forEach(say);
  reversalFaults(entries, facts).forEach(say);
  for (const { seq, kind } of entries.filter(({ kind }) => !kinds.includes(kind))) say(`entry ${seq} is a ${kind}`);
  return faults;
}

const kinds = ['monthly_grant', 'topup', 'spend', 'reversal'];

/** Numbers, sums and hashes, and the cache at their end. */
function chainFaults(entries: readonly Entry[], cache: LifeBooks['caches'][number] | undefined, org: string): string[] {
  const faults: string[] = [];
  let [seq, balance, hash] = [0, 0, '0'.repeat(64)];
  for (const entry of entries) {
    seq += 1;
    balance += entry.delta;
    hash = hashOf(hash, org, entry);
    if (entry.seq !== seq || entry.balance !== balance || balance < 0) {
      faults.push(`entry ${entry.seq} leaves ${entry.balance}; entry ${seq} would leave ${balance}`);
    }
    if (entry.hash !== hash) faults.push(`the hash of entry ${entry.seq} is not that of its fields and the one before`);
  }
  const agrees = cache?.seq === seq && cache.balance === balance && cache.held === 0 && cache.hash === hash;
  if (!agrees) faults.push(`the cache says ${JSON.stringify(cache)}, the entries ${balance} at ${seq}`);
  return faults;
}

function hashOf(before: string, org: string, entry: Entry): string {
  const { seq, delta, balance, kind, reference, key, actor, feature, occurredAt } = entry;
  const parts = [
    before,
    org,
    seq,
    delta,
    balance,
    kind,
    reference,
    key,
    actor,
    feature,
    new Date(occurredAt).toISOString(),
  ];
  return createHash('sha256')
    .update(parts.map((part) => String(part ?? '')).join('\n'))
    .digest('hex');
}

/** Every month once, of the right size; none that was not owed. */
function monthFaults(entries: readonly Entry[], { months }: OrgFacts): string[] {
  const faults: string[] = [];
  const grants = entries.filter(({ kind }) => kind === 'monthly_grant');
  const seen = new Map<string, number>();
  for (const { seq, reference, delta, occurredAt, createdAt } of grants) {
    const month = reference ?? '';
    seen.set(month, (seen.get(month) ?? 0) + 1);
    if (delta !== creditsEach) faults.push(`the grant of ${month} (entry ${seq}) is ${delta} credits`);
    if (!months.must.has(month) && !months.may.has(month))
      faults.push(`was granted ${month} (entry ${seq}) and had no right to it`);
    const right = months.times.get(month)?.has(occurredAt) ?? true;
    if (!right || createdAt < occurredAt) {
      faults.push(`the grant of ${month} (entry ${seq}) is dated ${new Date(occurredAt).toISOString()}`);
    }
  }
  for (const [month, times] of seen) if (times > 1) faults.push(`was granted ${month} ${times} times`);
  for (const [month, why] of months.must) if (!seen.has(month)) faults.push(`was not granted ${month}: ${why}`);
  return faults;
}

/** Every top-up whose money took effect has its credits once. */
function boughtFaults(entries: readonly Entry[], { effects }: OrgFacts): string[] {
  const faults: string[] = [];
  const topups = Map.groupBy(
    entries.filter(({ kind }) => kind === 'topup'),
    ({ reference }) => reference ?? '',
  );
  for (const [purchase, found] of topups) {
    if (effects.get(purchase)?.sku !== 'topup.50k') faults.push(`${purchase} has credits of a top-up and no money`);
    if (found.length > 1) faults.push(`${purchase} has its credits ${found.length} times`);
  }
  for (const { purchase, sku, credits, capturedAt } of effects.values()) {
    const [entry] = topups.get(purchase) ?? [];
    if (sku !== 'topup.50k') continue;
    if (entry === undefined) faults.push(`${purchase} was paid and has no credits`);
    else if (entry.delta !== credits) faults.push(`${purchase} has ${entry.delta} credits instead of ${credits}`);
    else if (entry.occurredAt !== capturedAt)
      faults.push(`${purchase}: its credits are not of the time of its payment`);
  }
  return faults;
}

/** Every spend that was answered stands as it was answered, and nothing was spent that nobody asked for. */
function spendFaults(entries: readonly Entry[], { spends }: OrgFacts): string[] {
  const faults: string[] = [];
  const kept = new Map(entries.filter(({ kind }) => kind === 'spend').map((entry) => [entry.seq, entry]));
  for (const { seq, amount, feature, key, balance } of spends) {
    const entry = kept.get(seq);
    kept.delete(seq);
    if (entry === undefined) faults.push(`a spend of ${amount} was answered as entry ${seq}, which is none`);
    else if (entry.delta !== -amount || entry.feature !== feature || entry.key !== key || entry.balance !== balance) {
      faults.push(`entry ${seq} is ${entry.delta} for ${entry.feature}, ${amount} for ${feature} were asked`);
    }
  }
  for (const seq of kept.keys()) faults.push(`entry ${seq} is a spend that nobody asked for`);
  return faults;
}

/** What went back with its money: in proportion, never more than there was, the rest noted as short. */
function reversalFaults(entries: readonly Entry[], facts: OrgFacts): string[] {
  const faults: string[] = [];
  const byKey = new Map(entries.filter(({ kind }) => kind === 'reversal').map((entry) => [entry.key ?? '', entry]));
  const taken: Taken = new Map();
  for (const refund of facts.refunds) {
    const say = (what: string) => void faults.push(`${refund.purchase}, refund ${refund.id}: ${what}`);
    const effect = facts.effects.get(refund.purchase);
    const entry = byKey.get(`reversal:${refund.key}`);
    byKey.delete(`reversal:${refund.key}`);
    const told = placesOf(entries, entry, refund.noteAt, facts.runs).map((before) => ({
      owed: effect === undefined ? 0 : owedBack(effect, refund, taken, before, facts),
      left: before.at(-1)?.balance ?? 0,
    }));
    const right = told.find(
      ({ owed, left }) => refund.reversed === Math.min(owed, left) && refund.shortfall === owed - refund.reversed,
    );
    if (right === undefined) {
      const [first] = told;
      say(
        `${first?.owed} credits of ${first?.left} were to go back; ${refund.reversed} did, ${refund.shortfall} were short`,
      );
    }
    if (effect !== undefined) noteTaken(taken, effect, refund, (right ?? told[0])?.owed ?? 0);
    if (-(entry?.delta ?? 0) !== refund.reversed)
      say(`${refund.reversed} went back, the entry says ${entry?.delta ?? 0}`);
    if (entry !== undefined && entry.reference !== refund.purchase) say(`entry ${entry.seq} names ${entry.reference}`);
  }
  for (const [key, { seq }] of byKey) faults.push(`entry ${seq} takes credits back for no refund (${key})`);
  return faults;
}

/**
 * The entries that may have stood before a refund took effect. Its own entry says it; where nothing could be taken back there is
 * none, and times tell it only between two runs: until then each of the two servers has a clock of its own, and a transaction
 * that waited for the other's bears the time at which it began.
 */
function placesOf(
  entries: readonly Entry[],
  own: Entry | undefined,
  at: number,
  runs: readonly number[],
): (readonly Entry[])[] {
  if (own !== undefined) return [entries.slice(0, own.seq - 1)];
  const from = runs.findLast((run) => run < at) ?? 0;
  const last = entries.findLastIndex(({ createdAt }) => createdAt <= at + momentMs) + 1;
  const sure = entries.findIndex(({ createdAt }) => createdAt >= from);
  const first = sure < 0 ? last : Math.min(sure, last);
  return Array.from({ length: last - first + 1 }, (_, back) => entries.slice(0, last - back));
}

type Taken = Map<string, { readonly paise: number; readonly credits: number }>;

function noteTaken(taken: Taken, { purchase }: Effect, { amount }: RefundRow, credits: number): void {
  const so = taken.get(purchase) ?? { paise: 0, credits: 0 };
  taken.set(purchase, { paise: so.paise + amount, credits: so.credits + credits });
}

function owedBack(effect: Effect, refund: RefundRow, taken: Taken, before: readonly Entry[], facts: OrgFacts): number {
  const so = taken.get(effect.purchase) ?? { paise: 0, credits: 0 };
  const last = so.paise + refund.amount === effect.amount;
  if (effect.sku === 'topup.50k') {
    return last ? effect.credits - so.credits : Math.floor((effect.credits * refund.amount) / effect.amount);
  }
  return effect.sku === 'plan.pharmapulse-one' && last ? grantsLeft(effect, before, facts) : 0;
}

/** Of a plan's grants what was not spent: spends come out of grants first, so that what was bought apart stays. */
function grantsLeft(plan: Effect, before: readonly Entry[], { effects }: OrgFacts): number {
  const month = monthAt(plan.capturedAt);
  const from = before.findIndex(({ kind, reference }) => kind === 'monthly_grant' && reference === month);
  let left = 0;
  for (const { kind, delta, reference } of from < 0 ? [] : before.slice(from)) {
    const bought = kind === 'reversal' && effects.get(reference ?? '')?.sku === 'topup.50k';
    if (kind !== 'topup' && !bought) left += delta;
  }
  return Math.max(0, left);
}
