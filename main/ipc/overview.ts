// The overview, computed now from what this PC holds. Balance comes from the rows we hold; status, dates and features
// from the plan's own rules at trusted time, so that they are right without a network, whatever the PC's clock says.
import type { EntitlementClaims } from '../../shared/contract/billing.ts';
import type { OverviewView, SessionView, SyncView } from '../../shared/contract/views.ts';
import { daysLeftAt, featuresOf, lapseDate, renewalStatusAt } from '../../shared/plan/renewal.ts';
import { heldHead } from '../mirror/entries.ts';
import { type Position, readPosition } from '../mirror/position.ts';
import { readSetting } from '../outbox/settings.ts';
import { featuresAt } from '../session/entitlement.ts';
import type { TrustedTime } from '../session/trusted-time.ts';
import type { Loop } from '../sync/loop.ts';
import { isWaiting, type PurchaseSources, viewPurchases } from './purchase-view.ts';

/** Told as running low below this, until the user says otherwise. */
const usualLowCredits = 5_000;

export interface OverviewParts extends PurchaseSources {
  readonly time: TrustedTime;
  readonly loop: Pick<Loop, 'view'>;
  /** The last entitlement whose signature was good; null before the first. */
  readonly claims: () => EntitlementClaims | null;
  /** What is wrong on this PC itself, as a code; null when nothing is. */
  readonly localProblem: () => string | null;
  readonly serverUrl: string;
  readonly appVersion: string;
}

export function viewOverview(parts: OverviewParts): OverviewView {
  const position = readPosition(parts.mirror);
  const status = position?.status ?? null;
  return {
    session: viewSession(parts, position),
    sync: viewSync(parts, position),
    plan: viewPlan(parts, position),
    credits: viewCredits(parts, position),
    prices: status?.prices ?? null,
    pricesIncludeGst: status?.pricesIncludeGst ?? null,
    testMoney: status?.testMoney ?? false,
    testTime: status?.testTime === true ? parts.time.now().toISOString() : null,
    waiting: viewPurchases(parts).filter(isWaiting).length,
  };
}

export function viewSession(parts: OverviewParts, position = readPosition(parts.mirror)): SessionView {
  const saved = parts.session.saved();
  return {
    state: parts.session.state(),
    orgId: saved?.orgId ?? null,
    orgName: position?.status?.org.legalName ?? saved?.orgName ?? null,
    deviceId: saved?.deviceId ?? null,
    deviceName: saved?.deviceName ?? null,
    serverUrl: parts.serverUrl,
    appVersion: parts.appVersion,
  };
}

function viewSync(parts: OverviewParts, position: Position | null): SyncView {
  const verifiedAt = position?.verifiedAt ?? null;
  const age = verifiedAt === null ? null : parts.time.now().getTime() - Date.parse(verifiedAt);
  const view = parts.loop.view();
  return {
    ...view,
    connection: parts.session.state() === 'revoked' ? 'refused' : view.connection,
    verifiedAt,
    ageSeconds: age === null ? null : Math.max(0, Math.floor(age / 1000)),
    // A clock that a person moves is no measure of this PC's.
    clock: position?.status?.testTime === true ? 'unknown' : parts.time.verdict(),
    problem: parts.localProblem() ?? view.problem,
  };
}

function viewPlan(parts: OverviewParts, position: Position | null): OverviewView['plan'] {
  const status = position?.status ?? null;
  if (status === null) return null;
  const { subscription } = status;
  const now = parts.time.now();
  const renewal = renewalStatusAt(subscription, now);
  const claims = parts.claims();
  const entitled = claims === null ? { features: featuresOf(renewal), stale: true } : featuresAt(claims, now);
  const due = subscription.serviceRenewalNextDue;
  return {
    owned: status.plan !== null,
    purchasedAt: subscription.oneTimePurchasedAt,
    status: renewal,
    nextDue: due,
    lapsesOn: due === null ? null : lapseDate(due),
    daysLeft: daysLeftAt(subscription, now),
    branchesIncluded: subscription.branchesIncluded,
    prioritySupport: subscription.prioritySupport,
    monthlyCreditGrant: subscription.monthlyCreditGrant,
    renewalMode: subscription.renewalMode,
    features: entitled.features,
    featuresStale: entitled.stale,
  };
}

function viewCredits(parts: OverviewParts, position: Position | null): OverviewView['credits'] {
  if (position?.status == null) return null;
  const { seq, balance } = heldHead(parts.mirror);
  const { held } = position.status.credits;
  const lowBelow = readSetting(parts.outbox, 'lowCreditsBelow') ?? usualLowCredits;
  return { balance, held, available: balance - held, seq, lowBelow };
}
