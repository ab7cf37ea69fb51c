// Who may spend at all, by renewal status and feature.
import { describe, expect, test } from 'vitest';
import { whyBarred } from '../../../sync-server/ledger/barred.ts';

describe('a spend', () => {
  test('needs a plan, whatever it is for', () => {
    for (const feature of ['ai.assist', 'ai.batch', 'a feature of our own']) {
      expect(whyBarred('none', feature)).toEqual({ ok: false, code: 'plan_required' });
    }
  });

  test('is free for every feature while the plan runs and in its grace', () => {
    for (const status of ['active', 'due_soon', 'past_due'] as const) {
      for (const feature of ['ai.assist', 'ai.batch', 'a feature of our own']) {
        expect(whyBarred(status, feature), `${status} ${feature}`).toBeNull();
      }
    }
  });

  test('after the lapse is refused by name for what the lapse turned off, and for nothing else', () => {
    expect(whyBarred('lapsed', 'ai.batch')).toEqual({
      ok: false,
      code: 'feature_unavailable',
      details: { feature: 'ai.batch' },
    });
    for (const feature of ['ai.assist', 'a feature of our own', 'constructor']) {
      expect(whyBarred('lapsed', feature), feature).toBeNull();
    }
  });
});
