// Who may use what, by renewal status and feature.
import { describe, expect, test } from 'vitest';
import { requireFeatureIn, requireForSale } from '../../../shared/plan/require-feature.ts';
import { features } from '../../../shared/plan/shapes.ts';
import { refusedFeature } from '../../../sync-server/require-feature.ts';

const everyFeature = [...Object.keys(features.shape), 'a feature of our own'];

describe('a feature', () => {
  test('needs a plan, whatever it is', () => {
    for (const feature of everyFeature) expect(requireFeatureIn('none', feature)).toEqual({ code: 'plan_required' });
  });

  test('is on, all of them, while the plan runs and in its grace', () => {
    for (const status of ['active', 'due_soon', 'past_due'] as const) {
      for (const feature of everyFeature) expect(requireFeatureIn(status, feature), `${status} ${feature}`).toBeNull();
    }
  });

  test('after the lapse is refused by name if it is one of the four that the lapse turns off, and no other is', () => {
    const off = ['ai.batch', 'app.updates', 'support.priority', 'credits.monthly_grant'];
    for (const feature of [...everyFeature, 'constructor']) {
      const refusal = requireFeatureIn('lapsed', feature);
      expect(refusal, feature).toEqual(off.includes(feature) ? { code: 'feature_unavailable', feature } : null);
    }
  });

  test('leaves the server as the catalogue of errors says', () => {
    expect(refusedFeature({ code: 'plan_required' })).toEqual({ ok: false, code: 'plan_required' });
    expect(refusedFeature({ code: 'feature_unavailable', feature: 'ai.batch' })).toEqual({
      ok: false,
      code: 'feature_unavailable',
      details: { feature: 'ai.batch' },
    });
  });
});

describe('what is sold', () => {
  const at = new Date('2030-01-01T00:00:00.000Z');
  const facts = { none: { serviceRenewalNextDue: null }, lapsed: { serviceRenewalNextDue: '2027-11-22' } };

  test('to an org without the plan is the plan alone', () => {
    expect(requireForSale(facts.none, 'plan.pharmapulse-one', at)).toBeNull();
    for (const sku of ['renewal.year', 'topup.50k'] as const) {
      expect(requireForSale(facts.none, sku, at), sku).toEqual({ code: 'plan_required' });
    }
  });

  test('to an org whose renewal has lapsed is everything: it can come back, and top up meanwhile', () => {
    for (const sku of ['plan.pharmapulse-one', 'renewal.year', 'topup.50k'] as const) {
      expect(requireForSale(facts.lapsed, sku, at), sku).toBeNull();
    }
  });
});
