// The overview, computed now from what this PC holds. Balance is the one that the last checked page ended with; status, dates and features
// from the plan's own rules at trusted time, so that they are right without a network, whatever the PC's clock says.

import type { OverviewView, SessionView, SyncView } from '../../shared/contract/overview-view.ts';
import type { ToldClaims, ToldStatus } from '../../shared/contract/told-status.ts';
import { lapseDate } from '../../shared/plan/renewal.ts';
import { readFetching } from '../mirror/past.ts';
import { type Position, readPosition } from '../mirror/position.ts';
import { readSetting } from '../outbox/settings.ts';
import { type Entitled, entitledIn } from '../session/entitled.ts';
import type { TrustedTime } from '../session/trusted-time.ts';
import type { Loop } from '../sync/loop.ts';
import { isWaiting, type PurchaseSources, viewPurchases } from './purchase-view.ts';
import { recentUse } from './usage.ts';

/** Told as running low below this, until the user says otherwise. */
const usualLowCredits = 5_000;

export interface OverviewParts extends PurchaseSources {
  readonly time: TrustedTime;
  readonly loop: Pick<Loop, 'view'>;
  /** The last entitlement that was believed; null before the first. */
  readonly claims: () => ToldClaims | null;
  /** What the server presents as an entitlement is not believed. */
  readonly entitlementRefused: () => boolean;
  /** What is wrong on this PC itself, as a code; null when nothing is. */
  readonly localProblem: () => string | null;
  readonly serverUrl: string;
  readonly appVersion: string;
}

export function viewOverview(parts: OverviewParts): OverviewView {
  const position = readPosition(parts.mirror);
  const status = position?.status ?? null;
  const plan = viewPlan(parts, position);
  return {
    session: viewSession(parts, position),
    sync: viewSync(parts, position),
    plan,
    credits: viewCredits(parts, position, plan),
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
  const { least, most } = parts.time.window();
  // How long ago that was is not claimed while the time is not known.
  const isTimeKnown = most?.getTime() === least.getTime();
  const age = verifiedAt === null || !isTimeKnown ? null : least.getTime() - Date.parse(verifiedAt);
  const view = parts.loop.view();
  return {
    ...view,
    connection: parts.session.state() === 'revoked' ? 'refused' : view.connection,
    verifiedAt,
    ageSeconds: age === null ? null : Math.max(0, Math.floor(age / 1000)),
    // A clock that a person moves is no measure of this PC's.
    clock: position?.status?.testTime === true ? 'unknown' : parts.time.verdict(),
    older: readFetching(parts.mirror),
    problem: parts.localProblem() ?? view.problem ?? (parts.entitlementRefused() ? 'entitlement_refused' : null),
  };
}

function viewPlan(parts: OverviewParts, position: Position | null): OverviewView['plan'] {
  const status = position?.status ?? null;
  if (status === null) return null;
  const { subscription } = status;
  const entitled = entitledNow(parts, status);
  const due = entitled.facts.serviceRenewalNextDue;
  return {
    owned: entitled.facts.plan !== null,
    purchasedAt: subscription.oneTimePurchasedAt,
    status: entitled.status,
    nextDue: due,
    lapsesOn: due === null ? null : lapseDate(due),
    daysLeft: entitled.daysLeft,
    branchesIncluded: subscription.branchesIncluded,
    prioritySupport: subscription.prioritySupport,
    monthlyCreditGrant: subscription.monthlyCreditGrant,
    renewalMode: subscription.renewalMode,
    features: entitled.features,
    featuresStale: entitled.stale,
    asOf: entitled.doubtful ? entitled.asOf.toISOString() : null,
  };
}

/** Without a signed statement what the server said is as of then, and stale from then on. */
function entitledNow(parts: OverviewParts, status: ToldStatus): Entitled {
  const said = Math.floor(Date.parse(status.serverTime) / 1000);
  const { serviceRenewalNextDue } = status.subscription;
  const facts = parts.claims() ?? { plan: status.plan, serviceRenewalNextDue, iat: said, exp: said };
  return entitledIn(facts, parts.time.window());
}

function viewCredits(
  parts: OverviewParts,
  position: Position | null,
  plan: OverviewView['plan'],
): OverviewView['credits'] {
  if (position?.status == null) return null;
  const { seq, balance } = position.head;
  const { held } = position.status.credits;
  const lowBelow = readSetting(parts.outbox, 'lowCreditsBelow') ?? usualLowCredits;
  const available = balance - held;
  const verifiedAt = position.verifiedAt ?? position.status.serverTime;
  const recent = recentUse(parts.mirror, { available, verifiedAt, now: parts.time.now(), plan });
  return { balance, held, available, seq, lowBelow, ...recent };
}
