// The data folder of a counter with a long past: signed up, the plan bought, and a ledger of so many entries whose chain is right.
// Written with the counter's own code, so that the program starts on it as on any other.
import { createHash } from 'node:crypto';
import { openData } from '../../main/disk/data.ts';
import { keyFileSecrets } from '../../main/hosts/browser/key-file.ts';
import { keyBytes } from '../../main/hosts/machine.ts';
import { storePage } from '../../main/mirror/position.ts';
import { createSession } from '../../main/session/session.ts';
import type { BillingStatus } from '../../shared/contract/billing.ts';
import { type ChainHead, chainText, emptyChain } from '../../shared/ledger/chain.ts';
import { catalogue } from '../../shared/plan/catalogue.ts';
import { daysLeftAt, featuresOf, renewalStatusAt } from '../../shared/plan/renewal.ts';
import { addDays, businessDate } from '../../shared/plan/service-year.ts';

const orgId = 'org_bench';
const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const minutesBetween = 5;
const features = ['ai.assist', 'ai.assist', 'ai.batch', 'ocr.prescription'];

export async function fillCounter(dataDir: string, entries: number): Promise<void> {
  const silent = () => undefined;
  const data = openData(dataDir, silent);
  const session = createSession(data.outbox, keyFileSecrets(dataDir, keyBytes), silent);
  const device = { deviceId: 'dev_bench', deviceName: 'Front counter', branchId: 'br_bench' };
  await session.activate({ orgId, orgName: 'Bench Medicals', ...device, entitlementKeys: { keys: [] } }, 'no-token');
  const now = new Date();
  let head = emptyChain;
  const atOnce = 5_000;
  for (let from = 0; from < entries; from += atOnce) {
    const page = entriesFrom(head, Math.min(atOnce, entries - from), entries, now);
    const begun = head;
    head = page.head;
    const last = from + atOnce >= entries;
    const status = statusOf(head.balance, now);
    storePage(data.mirror, { orgId, from: begun, ...page, status, verifiedAt: last ? now.toISOString() : null });
  }
  data.close({ checkedTo: head.seq, whole: true });
}

function entriesFrom(from: ChainHead, count: number, all: number, now: Date) {
  let head = from;
  const entries = Array.from({ length: count }, () => {
    const seq = head.seq + 1;
    const at = new Date(now.getTime() - (all - seq) * minutesBetween * 60_000).toISOString();
    const isTopUp = seq % 500 === 1;
    const fields = {
      seq,
      delta: isTopUp ? 50_000 : -(1 + (seq % 99)),
      balanceAfter: 0,
      kind: isTopUp ? 'topup' : 'spend',
      reference: isTopUp ? `pur_${seq}` : `bill ${seq}`,
      idempotencyKey: null,
      actor: seq % 3 === 0 ? 'dev_back' : 'dev_bench',
      feature: isTopUp ? null : (features[seq % features.length] ?? null),
      occurredAt: at,
    };
    fields.balanceAfter = head.balance + fields.delta;
    const hash = sha256(chainText(head.hash, orgId, fields));
    head = { seq, balance: fields.balanceAfter, hash };
    return { ...fields, createdAt: at, hash, more: null };
  });
  return { entries, head };
}

function statusOf(balance: number, now: Date): BillingStatus {
  const bought = addDays(businessDate(now), -200);
  const facts = { serviceRenewalNextDue: addDays(bought, 365) };
  const status = renewalStatusAt(facts, now);
  const priced = (sku: keyof typeof catalogue) => {
    const { listPricePaise: amountPaise, credits } = catalogue[sku];
    return { amountPaise, listPricePaise: amountPaise, taxPaise: 0, credits };
  };
  return {
    plan: 'pharmapulse-one',
    org: { id: orgId, legalName: 'Bench Medicals' },
    subscription: {
      planType: 'one_time',
      oneTimePurchasedAt: new Date(`${bought}T06:00:00.000Z`).toISOString(),
      oneTimeAmountPaise: catalogue['plan.pharmapulse-one'].listPricePaise,
      serviceRenewalStatus: status,
      ...facts,
      daysLeft: daysLeftAt(facts, now),
      branchesIncluded: 1,
      prioritySupport: true,
      monthlyCreditGrant: 50_000,
      renewalMode: 'manual',
    },
    reminders: [],
    features: featuresOf(status),
    credits: { balance, held: 0, available: balance },
    prices: {
      'plan.pharmapulse-one': priced('plan.pharmapulse-one'),
      'renewal.year': priced('renewal.year'),
      'topup.50k': priced('topup.50k'),
    },
    pricesIncludeGst: true,
    catalogueVersion: 'bench',
    testMoney: true,
    testTime: false,
    serverTime: now.toISOString(),
    entitlement: '',
    entitlementKeyChain: [],
  };
}
