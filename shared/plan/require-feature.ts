// The one decision on whether an org may use a feature, or be sold a product: pure, of facts and an instant. The server
// guards its use cases with it and the counter what it does by itself, so that the two cannot come to different answers.
import type { Sku } from './catalogue.ts';
import { featuresOf, type RenewalFacts, renewalStatusAt } from './renewal.ts';
import { type Feature, features, type RenewalStatus } from './shapes.ts';

/** plan_required: no plan is owned. feature_unavailable: the lapse has turned this feature off. */
export type FeatureRefusal =
  | { readonly code: 'plan_required' }
  | { readonly code: 'feature_unavailable'; readonly feature: Feature };

const featureName = features.keyof();

/** Null when the org may. A feature that is none of the plan's own names something else, and needs the plan alone. */
export function requireFeature(facts: RenewalFacts, feature: string, instant: Date): FeatureRefusal | null {
  return requireFeatureIn(renewalStatusAt(facts, instant), feature);
}

/** The same where the renewal status at that instant is known already. */
export function requireFeatureIn(status: RenewalStatus, feature: string): FeatureRefusal | null {
  if (status === 'none') return { code: 'plan_required' };
  const known = featureName.safeParse(feature);
  return known.success && !featuresOf(status)[known.data] ? { code: 'feature_unavailable', feature: known.data } : null;
}

/** What an org must have to be sold a product: nothing for the plan, the plan for its renewal, a feature for credits. */
export function requireForSale(facts: RenewalFacts, sku: Sku, instant: Date): FeatureRefusal | null {
  switch (sku) {
    case 'plan.pharmapulse-one':
      return null;
    case 'renewal.year':
      return facts.serviceRenewalNextDue === null ? { code: 'plan_required' } : null;
    case 'topup.50k':
      return requireFeature(facts, 'credits.topup', instant);
  }
}
