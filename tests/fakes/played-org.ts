// What the played server knows of an org: a small model of the real one's rules, enough for a counter to be tried on.
import { createHash } from 'node:crypto';
import type { BillingStatus, Purchase, Reminder } from '../../shared/contract/billing.ts';
import { chainStart, chainText } from '../../shared/ledger/chain.ts';
import type { FeedEntry } from '../../shared/ledger/entry.ts';
import { catalogue, type Sku } from '../../shared/plan/catalogue.ts';
import { daysLeftAt, featuresOf, renewalStatusAt } from '../../shared/plan/renewal.ts';
import { businessDate, oneYearAfter } from '../../shared/plan/service-year.ts';
import { entitlementOf, type PlayedKey, playedKey, statementOf } from './played-keys.ts';

export const orgId = 'org_played';
const firstKey = playedKey('played-1');
export const entitlementKeys = { keys: [firstKey.jwk] };

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

export class PlayedOrg {
  readonly entries: FeedEntry[] = [];
  readonly purchases = new Map<string, Purchase>();
  readonly prices: Record<Sku, number> = {
    'plan.pharmapulse-one': 1_500_000,
    'renewal.year': 100_000,
    'topup.50k': 250_000,
  };
  plan: { purchasedAt: string; nextDue: string } | null = null;
  held = 0;
  /** The newest signs; all but the first are announced in `keyChain`. */
  readonly keys: PlayedKey[] = [firstKey];
  readonly keyChain: string[] = [];
  reminders: Reminder[] = [];
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  head() {
    const last = this.entries.at(-1);
    return { seq: last?.seq ?? 0, balance: last?.balanceAfter ?? 0, hash: last?.hash ?? chainStart };
  }

  append(
    delta: number,
    kind = 'adjustment',
    reference: string | null = null,
    by: { readonly actor?: string; readonly feature?: string } = {},
  ): FeedEntry {
    const { seq, balance, hash } = this.head();
    const at = this.#now().toISOString();
    const fields = {
      seq: seq + 1,
      delta,
      balanceAfter: balance + delta,
      kind,
      reference,
      idempotencyKey: null,
      actor: by.actor ?? 'system',
      feature: by.feature ?? null,
      occurredAt: at,
    };
    const entry = { ...fields, createdAt: at, hash: sha256(chainText(hash, orgId, fields)) };
    this.entries.push(entry);
    return entry;
  }

  buyPlan(): void {
    const now = this.#now();
    this.plan = { purchasedAt: now.toISOString(), nextDue: oneYearAfter(businessDate(now)) };
    this.append(50_000, 'monthly_grant', businessDate(now).slice(0, 7));
  }

  create(id: string, sku: Sku, quantity: number, deviceId: string, deviceName: string): Purchase {
    const now = this.#now();
    const purchase: Purchase = {
      id,
      sku,
      quantity,
      state: 'awaiting_payment',
      amountPaise: this.prices[sku] * quantity,
      currency: 'INR',
      credits: catalogue[sku].credits * quantity,
      checkoutUrl: `https://pay.example/pay/${id}`,
      provider: 'sandbox',
      providerOrderId: `order_${id}`,
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + 3 * 86_400_000).toISOString(),
      paidAt: null,
      invoiceId: null,
      lastFailure: null,
      refundedPaise: 0,
      renewedUntil: null,
      deviceId,
      deviceName,
    };
    this.purchases.set(id, purchase);
    return purchase;
  }

  change(id: string, change: Partial<Purchase>): Purchase {
    const held = this.purchases.get(id);
    if (held === undefined) throw new Error(`no purchase ${id}`);
    const next = { ...held, ...change };
    this.purchases.set(id, next);
    return next;
  }

  pay(id: string): void {
    const paid = this.change(id, { state: 'paid', paidAt: this.#now().toISOString() });
    if (paid.sku === 'plan.pharmapulse-one') this.buyPlan();
    else if (paid.credits > 0) this.append(paid.credits, 'topup', id);
  }

  status(): BillingStatus {
    const now = this.#now();
    const facts = { serviceRenewalNextDue: this.plan?.nextDue ?? null };
    const status = renewalStatusAt(facts, now);
    const { balance } = this.head();
    const owned = this.plan !== null;
    return {
      plan: owned ? 'pharmapulse-one' : null,
      org: { id: orgId, legalName: 'Asha Medicals' },
      subscription: {
        planType: owned ? 'one_time' : null,
        oneTimePurchasedAt: this.plan?.purchasedAt ?? null,
        oneTimeAmountPaise: owned ? 1_500_000 : null,
        serviceRenewalStatus: status,
        ...facts,
        daysLeft: daysLeftAt(facts, now),
        branchesIncluded: owned ? 1 : 0,
        prioritySupport: owned,
        monthlyCreditGrant: owned ? 50_000 : 0,
        renewalMode: owned ? 'manual' : null,
      },
      reminders: this.reminders,
      features: featuresOf(status),
      credits: { balance, held: this.held, available: balance - this.held },
      prices: {
        'plan.pharmapulse-one': this.#price('plan.pharmapulse-one'),
        'renewal.year': this.#price('renewal.year'),
        'topup.50k': this.#price('topup.50k'),
      },
      pricesIncludeGst: true,
      catalogueVersion: '2026-11-01',
      testMoney: true,
      testTime: false,
      serverTime: now.toISOString(),
      entitlement: this.entitlement(),
      entitlementKeyChain: [...this.keyChain],
    };
  }

  #price(sku: Sku) {
    const amountPaise = this.prices[sku];
    return { amountPaise, listPricePaise: amountPaise, taxPaise: 0, credits: catalogue[sku].credits };
  }

  /** A new key, announced by the one before and signing from now on. */
  rotateKey(): void {
    const [before, next] = [this.#newest(), playedKey(`played-${this.keys.length + 1}`)];
    this.keyChain.push(statementOf(before, next, Math.floor(this.#now().getTime() / 1000)));
    this.keys.push(next);
  }

  #newest(): PlayedKey {
    return this.keys.at(-1) ?? firstKey;
  }

  /** A compact JWS as the real server signs it, for 30 days. */
  entitlement(by = this.#newest()): string {
    const iat = Math.floor(this.#now().getTime() / 1000);
    return entitlementOf(by, { sub: orgId, iat, serviceRenewalNextDue: this.plan?.nextDue ?? null });
  }
}
