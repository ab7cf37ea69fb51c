// The guard of everything that a feature of the plan stands for: use cases name the feature, and get a refusal or nothing.
// What an idempotency key has done once is answered again whatever holds now, so the refusal is given by the use case, after
// it has looked the key up, and not by a hook before it.

import { renewalStatusAt } from '../shared/plan/renewal.ts';
import { type FeatureRefusal, requireFeatureIn } from '../shared/plan/require-feature.ts';
import type { Parts } from './parts.ts';
import { readSubscription } from './store/subscriptions.ts';
import { type Refused, refuse } from './verdict.ts';

/** Null when the org may use the feature now. A refusal is never given from memory: one who has just paid is let in at once. */
export async function requireFeature(
  parts: Pick<Parts, 'remembered' | 'database' | 'clock'>,
  orgId: string,
  feature: string,
): Promise<Refused | null> {
  if (requireFeatureIn(await parts.remembered.status(orgId), feature) === null) return null;
  const row = await parts.database.inOrg(orgId, (tx) => readSubscription(tx, orgId));
  const refusal = requireFeatureIn(renewalStatusAt(row, parts.clock.now()), feature);
  if (refusal === null) parts.remembered.forget(orgId);
  return refusal === null ? null : refusedFeature(refusal);
}

/** As the error catalogue says it. */
export function refusedFeature(refusal: FeatureRefusal): Refused {
  return refusal.code === 'plan_required' ? refuse(refusal.code) : refuse(refusal.code, { feature: refusal.feature });
}
