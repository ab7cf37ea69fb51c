// Status, entitlement and profile as a counter reads them. The server may be newer than the counter: what this version does not know is
// left out of what is read, never taken for something else, and does not make the rest unreadable.
import { z } from 'zod';
import { type Sku, sku } from '../plan/catalogue.ts';
import { billingStatus, entitlementClaims, reminder, subscription } from './billing.ts';
import { activation, type EntitlementKeys, entitlementKey } from './devices.ts';
import { price } from './price.ts';
import { profile, profileWarning } from './profile.ts';

type Prices = Partial<Record<Sku, z.infer<typeof price>>>;

/** Those of a list that this version knows. */
function knownOf<T>(shape: z.ZodType<T>, all: readonly unknown[]): T[] {
  return all.flatMap((one) => {
    const read = shape.safeParse(one);
    return read.success ? [read.data] : [];
  });
}

/** What this version can sell, as far as the server sells it. */
const knownPrices = z.record(z.string(), z.unknown()).transform((said) => {
  const known: Prices = {};
  for (const one of sku.options) {
    const read = price.safeParse(said[one]);
    if (read.success) known[one] = read.data;
  }
  return known;
});

/** renewalMode: null also where it is one that this version does not know. Status and features come from the dates. */
export const toldStatus = billingStatus.omit({ features: true }).extend({
  plan: z.string().nullable(),
  subscription: subscription.omit({ planType: true, serviceRenewalStatus: true }).extend({
    renewalMode: subscription.shape.renewalMode.catch(null),
  }),
  reminders: z
    .array(z.unknown())
    .default([])
    .transform((all) => knownOf(reminder, all)),
  prices: knownPrices,
});
export type ToldStatus = z.infer<typeof toldStatus>;

/** said: as the server said it, to be kept; a newer version reads more in it. */
export interface SaidStatus {
  readonly read: ToldStatus;
  readonly said: unknown;
}

export const saidStatus = z.unknown().transform((said, context): SaidStatus => {
  const read = toldStatus.safeParse(said);
  if (read.success) return { read: read.data, said };
  context.addIssue({ code: 'custom', message: 'is no status' });
  return z.NEVER;
});

/** plan: any plan is a plan that is owned. Status and features are computed from the dates, by this version's own rules. */
export const toldClaims = entitlementClaims.extend({
  plan: z.string().nullable(),
  serviceRenewalStatus: z.string(),
  features: z.looseObject({}),
});
export type ToldClaims = z.infer<typeof toldClaims>;

/** A warning that this version has no words for is not shown. */
export const toldProfile = profile.extend({
  warnings: z.array(z.unknown()).transform((all) => knownOf(profileWarning, all)),
});

/** A set of keys as it came, to be kept whole. */
export const saidKeys = z.object({ keys: z.array(z.unknown()) });
export type SaidKeys = z.infer<typeof saidKeys>;

/** Those that this version can check signatures with; what other keys sign is not believed. */
export const keysKnown = ({ keys }: SaidKeys): EntitlementKeys => ({ keys: knownOf(entitlementKey, keys) });

/** Sign-up and join. */
export const toldActivation = activation.extend({ entitlementKeys: saidKeys });
export type ToldActivation = z.infer<typeof toldActivation>;
