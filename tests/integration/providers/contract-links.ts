// The part of the provider port's contract that is about payment links.

import { describe, expect, test } from 'vitest';
import { must, requestFor } from './requests.ts';
import type { ContractStage } from './stages.ts';

/** Where the provider has payment links; the rules are void where it has none. */
export function linkRules(stage: () => ContractStage): void {
  const linkFor = (receipt: string) => ({ ...requestFor(receipt), expiresAt: new Date('2026-11-25T06:30:00Z') });

  describe('a payment link', () => {
    test('is made once for a receipt, also where its answer was lost, and found by it', async () => {
      const { links } = stage().provider;
      if (links === null) return;
      expect(must(await links.find('pur_1'))).toBeNull();
      await stage().loseNextWrite();
      expect(await links.create(linkFor('pur_1'))).toMatchObject({ ok: false, kind: 'unknown' });
      const found = must(await links.find('pur_1'));
      expect(found).toMatchObject({ receipt: 'pur_1', amountPaise: 1_500_000, currency: 'INR' });
      expect(must(await links.create(linkFor('pur_1')))).toEqual(found);
      expect(must(await links.find('pur_10'))).toBeNull();
    });

    test('leads a browser to its page, and takes no money once it was cancelled, however often', async () => {
      const { provider } = stage();
      if (provider.links === null) return;
      const { linkId, url } = must(await provider.links.create(linkFor('pur_1')));
      const ask = { amountPaise: 1_500_000, sellerName: 'P', description: 'One', returnUrl: 'https://x/back' };
      expect(must(await provider.checkout({ ...ask, orderId: linkId }))).toEqual({ kind: 'redirect', url });
      for (let times = 0; times < 2; times += 1) expect(must(await provider.links.cancel(linkId))).toBe('ended');
      expect(await provider.checkout({ ...ask, orderId: linkId })).toMatchObject({ ok: false, kind: 'refused' });
      expect(await stage().lonely.links?.cancel('order_1/../x')).toMatchObject({ kind: 'refused' });
    });
  });
}
