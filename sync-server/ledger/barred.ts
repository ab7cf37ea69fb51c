// Whether an org may use credits for a feature at all, by its renewal status. Pure; how many it has is another question.
import { features, featuresOf, type RenewalStatus } from '../../shared/plan/renewal.ts';
import { type Refused, refuse } from '../verdict.ts';

const featureName = features.keyof();

/** A plan is needed to spend at all; a feature that the renewal status turned off is refused by name. */
export function whyBarred(status: RenewalStatus, feature: string): Refused | null {
  if (status === 'none') return refuse('plan_required');
  const known = featureName.safeParse(feature);
  return known.success && !featuresOf(status)[known.data] ? refuse('feature_unavailable', { feature }) : null;
}
