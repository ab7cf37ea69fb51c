// What the played server knows of an org: a small model of the real one's rules, enough for a counter to be tried on.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { BillingStatus, Purchase, Reminder } from '../../shared/contract/billing.ts';
import { chainStart, chainText } from '../../shared/ledger/chain.ts';
import type { FeedEntry } from '../../shared/ledger/entry.ts';
import { catalogue, type Sku } from '../../shared/plan/catalogue.ts';
import { daysLeftAt, featuresOf, renewalStatusAt } from '../../shared/plan/renewal.ts';
import { businessDate, oneYearAfter } from '../../shared/plan/service-year.ts';

export const orgId = 'org_played';
const kid = 'played-1';
const pair = generateKeyPairSync('ed25519');
const jwk = pair.publicKey.export({ format: 'jwk' });
export const entitlementKeys = {
  keys: [{ kty: 'OKP', crv: 'Ed25519', x: String(jwk.x), kid, use: 'sig', alg: 'EdDSA' }],
} as const;

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

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
  reminders: Reminder[] = [];
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  head() {
    const last = this.entries.at(-1);
    return { seq: last?.seq ?? 0, balance: last?.balanceAfter ?? 0, hash: last?.hash ?? chainStart };
  }

  append(delta: number, kind = 'adjustment', reference: string | null = null): FeedEntry {
    const { seq, balance, hash } = this.head();
    const at = this.#now().toISOString();
    const fields = {
      seq: seq + 1,
      delta,
      balanceAfter: balance + delta,
      kind,
      reference,
      idempotencyKey: null,
      actor: 'system',
      feature: null,
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
      entitlementKeyChain: [],
    };
  }

  #price(sku: Sku) {
    const amountPaise = this.prices[sku];
    return { amountPaise, listPricePaise: amountPaise, taxPaise: 0, credits: catalogue[sku].credits };
  }

  /** A compact JWS as the real server signs it, for 30 days. */
  entitlement(): string {
    const now = this.#now();
    const facts = { serviceRenewalNextDue: this.plan?.nextDue ?? null };
    const status = renewalStatusAt(facts, now);
    const iat = Math.floor(now.getTime() / 1000);
    const claims = {
      sub: orgId,
      iat,
      exp: iat + 30 * 86_400,
      plan: this.plan === null ? null : 'pharmapulse-one',
      serviceRenewalStatus: status,
      ...facts,
      features: featuresOf(status),
    };
    const text = `${part({ alg: 'EdDSA', kid, typ: 'entitlement+jwt' })}.${part(claims)}`;
    return `${text}.${sign(null, Buffer.from(text), pair.privateKey).toString('base64url')}`;
  }
}
