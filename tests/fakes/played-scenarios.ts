// Scenarios for the played counter: a pharmacy on an ordinary day, and what can be different about it.
import type { OverviewView } from '../../shared/contract/overview-view.ts';
import type { PurchaseView } from '../../shared/contract/purchase-view.ts';
import { catalogue } from '../../shared/plan/catalogue.ts';
import { forecastOf } from '../../shared/plan/forecast.ts';
import { daysLeftAt, featuresOf, lapseDate, renewalStatusAt } from '../../shared/plan/renewal.ts';
import { businessDate } from '../../shared/plan/service-year.ts';
import { emptyPurchase, type Scenario, usualSettings } from './played-counter.ts';
import { threeDevices } from './played-devices.ts';
import { PlayedDocuments, playedProfile } from './played-documents.ts';
import { ledgerOf, playedNow } from './played-ledger.ts';

type Plan = NonNullable<OverviewView['plan']>;
type Credits = NonNullable<OverviewView['credits']>;

/** The plan as it stands on the played day when the next renewal is due then; null: not bought. */
export function planDue(nextDue: string | null): Plan {
  const facts = { serviceRenewalNextDue: nextDue };
  const now = new Date(playedNow);
  const status = renewalStatusAt(facts, now);
  const owned = status !== 'none';
  return {
    owned,
    purchasedAt: owned ? '2026-03-12T06:00:00.000Z' : null,
    status,
    nextDue,
    lapsesOn: nextDue === null ? null : lapseDate(nextDue),
    daysLeft: daysLeftAt(facts, now),
    branchesIncluded: owned ? 1 : 0,
    prioritySupport: owned && status !== 'lapsed',
    monthlyCreditGrant: owned ? 50_000 : 0,
    renewalMode: owned ? 'manual' : null,
    features: featuresOf(status),
  };
}

/** What the entries leave, and how long it lasts if it goes on like that. */
export function creditsOf(entries: Scenario['entries'], held: number, plan: Plan): Credits {
  const today = businessDate(new Date(playedNow));
  const month = today.slice(0, 7);
  const spent = new Map<string, number>();
  for (const { kind, delta, occurredAt } of entries) {
    const day = businessDate(new Date(occurredAt));
    if (kind === 'spend') spent.set(day, (spent.get(day) ?? 0) - delta);
  }
  const [newest] = entries;
  const oldest = entries.at(-1);
  const balance = newest?.balanceAfter ?? 0;
  const available = balance - held;
  return {
    ...{ balance, held, available, seq: newest?.seq ?? 0, lowBelow: 5_000, month },
    usedThisMonth: [...spent].reduce((sum, [day, of]) => (day.startsWith(month) ? sum + of : sum), 0),
    forecast: forecastOf({
      ...{ available, today, spent },
      since: oldest === undefined ? null : businessDate(new Date(oldest.occurredAt)),
      monthlyGrant: plan.features['credits.monthly_grant'] ? plan.monthlyCreditGrant : 0,
      grantsEnd: plan.lapsesOn,
    }),
  };
}

export const session: OverviewView['session'] = {
  state: 'active',
  orgId: 'org_played',
  orgName: 'Shree Ganesh Medicals',
  deviceId: 'dev_front',
  deviceName: 'Front counter',
  serverUrl: 'http://127.0.0.1:4400',
  appVersion: '0.1.0',
};

const online: OverviewView['sync'] = {
  connection: 'online',
  busy: false,
  verifiedAt: '2026-11-22T10:35:00.000Z',
  ageSeconds: 130,
  nextTryAt: null,
  clock: 'right',
  problem: null,
};

export const prices: NonNullable<OverviewView['prices']> = {
  'plan.pharmapulse-one': { amountPaise: 1_500_000, listPricePaise: 1_500_000, taxPaise: 228_814, credits: 0 },
  'renewal.year': { amountPaise: 100_000, listPricePaise: 100_000, taxPaise: 15_254, credits: 0 },
  'topup.50k': { amountPaise: 250_000, listPricePaise: 250_000, taxPaise: 38_136, credits: 50_000 },
};

export const waiting: PurchaseView = {
  ...emptyPurchase,
  id: 'pur_01JD4T7Q2M9X',
  state: 'awaiting_payment',
  quantity: 2,
  amountPaise: 500_000,
  credits: 100_000,
  createdAt: '2026-11-22T10:20:00.000Z',
  expiresAt: '2026-11-25T10:20:00.000Z',
  checkoutUrl: 'http://127.0.0.1:4400/pay/pur_01JD4T7Q2M9X?t=Zr8kq0x1vUo',
  sentAt: '2026-11-22T10:20:01.000Z',
};

const bankDeclined = {
  code: 'BAD_REQUEST_ERROR',
  description: 'Your bank declined the payment',
  at: '2026-11-22T10:30:00.000Z',
};

/** One purchase in each state, as a list shows them. */
export function everyState(): PurchaseView[] {
  const sent = { sentAt: '2026-11-20T10:20:01.000Z', createdAt: '2026-11-20T10:20:00.000Z', cancellable: false };
  return [
    { ...emptyPurchase, id: 'pur_queued' },
    waiting,
    {
      ...waiting,
      id: 'pur_failed',
      quantity: 1,
      amountPaise: 250_000,
      credits: 50_000,
      lastFailure: bankDeclined,
    },
    {
      ...emptyPurchase,
      ...sent,
      id: 'pur_price',
      state: 'needs_confirmation',
      newAmountPaise: 275_000,
      cancellable: true,
    },
    {
      ...emptyPurchase,
      ...sent,
      id: 'pur_second',
      sku: 'renewal.year',
      amountPaise: 100_000,
      credits: 0,
      state: 'rejected',
      reason: 'purchase_in_progress',
      followsId: 'pur_01JD4T7Q2M9X',
      followsDevice: 'Back office',
      followsState: 'awaiting_payment',
    },
    { ...emptyPurchase, ...sent, id: 'pur_rejected', state: 'rejected', reason: 'plan_required' },
    { ...emptyPurchase, ...sent, id: 'pur_paid', state: 'paid', paidAt: '2026-11-20T10:25:00.000Z' },
    { ...emptyPurchase, ...sent, id: 'pur_cancelled', state: 'cancelled', mine: false, deviceName: 'Back office' },
    { ...emptyPurchase, ...sent, id: 'pur_expired', state: 'expired' },
    { ...emptyPurchase, ...sent, id: 'pur_refunded', state: 'refunded', refundedPaise: 250_000 },
    { ...emptyPurchase, ...sent, id: 'pur_review', state: 'under_review' },
    {
      ...emptyPurchase,
      ...sent,
      ...{ id: 'pur_unknown', sku: null, state: 'unknown', amountPaise: null, credits: 0 },
      ...{ mine: false, deviceName: 'Back office' },
    },
    {
      ...emptyPurchase,
      ...sent,
      id: 'pur_plan',
      sku: 'plan.pharmapulse-one',
      amountPaise: 1_500_000,
      credits: 0,
      state: 'paid',
      createdAt: '2026-03-12T06:00:00.000Z',
      paidAt: '2026-03-12T06:00:00.000Z',
    },
  ];
}

/** Two financial years, a top-up that was taken back in parts; newest first. */
function documentsOf() {
  const documents = new PlayedDocuments();
  const pack = catalogue['topup.50k'].description;
  documents.issue('2026-03-12', catalogue['plan.pharmapulse-one'].description, 1_500_000);
  documents.issue('2026-03-28');
  documents.issue('2026-06-02', pack, 250_000, 2);
  const topUp = documents.issue('2026-09-17', pack, 250_000, 3);
  documents.credit(topUp, '2026-09-19', 100_000);
  documents.issue('2026-11-20');
  return documents.issued.reverse();
}

function toldOf(): Scenario['told'] {
  const paid = { ...emptyPurchase, state: 'paid', paidAt: '2026-11-20T10:25:00.000Z' } as const;
  return [
    { num: 3, notice: { kind: 'credits_low', key: 'low', available: 4_200 }, toldAt: playedNow, read: false },
    { num: 2, notice: { kind: 'paid', key: 'paid', purchase: paid }, toldAt: '2026-11-20T10:25:10.000Z', read: false },
    {
      num: 1,
      notice: { kind: 'failed', key: 'failed', purchase: { ...waiting, lastFailure: bankDeclined } },
      toldAt: '2026-11-20T10:21:00.000Z',
      read: true,
    },
  ];
}

export function typical(): Scenario {
  const plan = planDue('2027-03-12');
  const entries = ledgerOf(128);
  return {
    overview: {
      session,
      sync: online,
      plan,
      credits: creditsOf(entries, 2_000, plan),
      prices,
      pricesIncludeGst: true,
      testMoney: true,
      testTime: null,
      waiting: 1,
    },
    purchases: [waiting, ...everyState().filter((purchase) => purchase.state === 'paid')],
    entries,
    devices: threeDevices(playedNow),
    devicesAsOf: null,
    documents: documentsOf(),
    newerDocuments: [],
    told: toldOf(),
    pdfsHeld: true,
    listedAt: playedNow,
    settings: { ...usualSettings },
    profile: playedProfile,
    refusals: {},
    silent: [],
    joinCode: { code: 'K7M2XQ9P', expiresAt: '2026-11-22T10:46:50.000Z' },
    opened: true,
  };
}

/** The scenario with parts of its overview changed. */
export function withOverview(scenario: Scenario, change: Partial<OverviewView>): Scenario {
  return { ...scenario, overview: { ...scenario.overview, ...change } };
}

export function notBought(): Scenario {
  const plan = planDue(null);
  return {
    ...withOverview(typical(), { plan, credits: creditsOf([], 0, plan), waiting: 0 }),
    purchases: [],
    entries: [],
    documents: [],
    told: [],
  };
}

export function offline(): Scenario {
  const sync = { ...online, connection: 'offline' as const, ageSeconds: 7_800, nextTryAt: null };
  const refusal = { code: 'offline', retryable: true };
  return {
    ...withOverview(typical(), { sync }),
    purchases: [emptyPurchase, ...typical().purchases],
    devicesAsOf: '2026-11-21T13:05:00.000Z',
    refusals: {
      'devices.joinCode': refusal,
      'devices.rename': refusal,
      'devices.revoke': refusal,
      'profile.get': refusal,
      'profile.save': refusal,
      'documents.save': { code: 'not_held', retryable: true },
    },
    pdfsHeld: false,
  };
}

export function notActivated(): Scenario {
  const none = { ...session, state: 'none' as const, orgId: null, orgName: null, deviceId: null, deviceName: null };
  const sync = { ...online, verifiedAt: null, ageSeconds: null };
  return withOverview(notBought(), { session: none, sync, plan: null, credits: null, prices: null, testMoney: false });
}
