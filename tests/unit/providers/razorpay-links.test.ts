// Payment links through the real SDK against scripted answers.

import { describe, expect, test } from 'vitest';
import type { LinkRequest, PaymentLinks } from '../../../sync-server/providers/port.ts';
import { list, scripted } from './scripted-api.ts';

const request: LinkRequest = {
  receipt: 'pur_01',
  amountPaise: 1_500_000,
  currency: 'INR',
  notes: { purchaseId: 'pur_01', orgId: 'org_1', sku: 'plan.pharmapulse-one' },
  description: 'PharmaPulse One',
  returnUrl: 'https://x/pay/pur_01/return?t=1',
  expiresAt: new Date('2026-11-25T06:30:00.900Z'),
};
const link = {
  id: 'plink_A1b2C3d4E5f6G7',
  short_url: 'https://rzp.io/i/abc',
  reference_id: 'pur_01',
  amount: 1_500_000,
  currency: 'INR',
  status: 'created',
  notes: null,
  payments: null,
  created_at: 100,
};
const shown = {
  linkId: link.id,
  url: link.short_url,
  receipt: 'pur_01',
  amountPaise: 1_500_000,
  currency: 'INR',
};
const payment = {
  id: 'pay_A1b2C3d4E5f6G7',
  amount: 1_500_000,
  currency: 'INR',
  status: 'captured',
  order_id: 'order_A1b2C3d4E5f6G7',
  captured: true,
  created_at: 1_790_000_000,
};
const listed = (...links: object[]) => ({ body: { payment_links: links } });
const seenBefore = {
  status: 400,
  body: {
    error: { code: 'BAD_REQUEST_ERROR', description: 'payment link with given reference_id (pur_01) already exists' },
  },
};

type Scripted = Awaited<ReturnType<typeof scripted>>;
function linksOf({ provider }: Scripted): PaymentLinks {
  if (provider.links === null) throw new Error('no payment links');
  return provider.links;
}
const urls = ({ seen }: Scripted) => seen.map(({ method, url }) => `${method} ${url}`);

describe('making a payment link', () => {
  test('asks for one whole sum until its time is over, tells nobody, and comes back to us', async () => {
    const api = await scripted({ body: link });
    expect(await linksOf(api).create(request)).toEqual({ ok: true, value: shown });
    expect(api.seen).toMatchObject([{ method: 'POST', url: '/v1/payment_links' }]);
    expect(api.seen[0]?.body).toEqual({
      amount: 1_500_000,
      currency: 'INR',
      accept_partial: false,
      reference_id: 'pur_01',
      description: 'PharmaPulse One',
      // Never later than asked: the second is cut, not rounded.
      expire_by: 1_795_588_200,
      callback_url: 'https://x/pay/pur_01/return?t=1',
      callback_method: 'get',
      notify: { sms: false, email: false },
      reminder_enable: false,
      notes: { purchaseId: 'pur_01', orgId: 'org_1', sku: 'plan.pharmapulse-one' },
    });
  });

  test('calls nobody with a receipt, a sum or an end that cannot be right', async () => {
    const api = await scripted({ body: link });
    const end = { expiresAt: new Date(Number.NaN) };
    for (const change of [
      { receipt: '' },
      { receipt: 'x'.repeat(41) },
      { amountPaise: 99 },
      { amountPaise: 1e17 },
      end,
    ]) {
      expect(await linksOf(api).create({ ...request, ...change })).toMatchObject({ kind: 'refused' });
    }
    expect(api.seen).toEqual([]);
  });

  test('answers the link that is there when the receipt was seen before', async () => {
    const api = await scripted(seenBefore, listed(link));
    expect(await linksOf(api).create(request)).toEqual({ ok: true, value: shown });
    expect(urls(api)[1]).toContain('GET /v1/payment_links?reference_id=pur_01&count=100');
  });

  test('is unknown when it was seen before and the list does not show it, or shows another sum', async () => {
    for (const second of [listed(), listed({ ...link, amount: 100 })]) {
      const api = await scripted(seenBefore, second);
      expect(await linksOf(api).create(request)).toMatchObject({ ok: false, kind: 'unknown' });
    }
  });

  test('is unknown when the link made has another sum, currency or receipt, or no page', async () => {
    for (const wrong of [{ amount: 1 }, { currency: 'USD' }, { reference_id: 'x' }, { short_url: 'javascript:1' }]) {
      const api = await scripted({ body: { ...link, ...wrong } });
      expect(await linksOf(api).create(request)).toMatchObject({ ok: false, kind: 'unknown' });
    }
  });
});

describe('finding a payment link by its receipt', () => {
  test('is null when there is none, also where the list is told as a plain collection', async () => {
    for (const none of [listed(), list(), listed({ ...link, reference_id: 'pur_011' })]) {
      expect(await linksOf(await scripted(none)).find('pur_01')).toEqual({ ok: true, value: null });
    }
  });

  test('takes the paid one, else one that can be paid, else the oldest', async () => {
    const of = (id: string, status: string, created_at: number) => ({ ...link, id: `plink_${id}`, status, created_at });
    const best = async (...links: object[]) => {
      const found = await linksOf(await scripted(listed(...links))).find('pur_01');
      return found.ok ? found.value?.linkId : found.kind;
    };
    const [gone, open, younger, paid] = [
      of('1', 'expired', 1),
      of('2', 'created', 2),
      of('3', 'created', 3),
      of('4', 'paid', 4),
    ];
    expect(await best(younger, paid, gone, open)).toBe('plink_4');
    expect(await best(younger, gone, open)).toBe('plink_2');
    expect(await best(gone)).toBe('plink_1');
  });

  test('is unknown, not null, when the list was not limited to the receipt and is full', async () => {
    const others = Array.from({ length: 100 }, (_, i) => ({ ...link, id: `plink_${i}`, reference_id: `x${i}` }));
    expect(await linksOf(await scripted(listed(...others))).find('pur_01')).toMatchObject({ kind: 'unknown' });
  });
});

describe('looking a payment link up as an order', () => {
  const paid = { ...link, status: 'paid', order_id: payment.order_id };

  test('names the link as the order of every payment, the failed ones too', async () => {
    const failed = { ...payment, id: 'pay_failed', status: 'failed', captured: false };
    const api = await scripted({ body: paid }, list(failed, payment));
    expect(await api.provider.fetchOrder(link.id)).toMatchObject({
      ok: true,
      value: {
        order: { orderId: link.id, receipt: 'pur_01', amountPaise: 1_500_000, status: 'paid' },
        payments: [
          { paymentId: 'pay_failed', orderId: link.id, status: 'failed' },
          { paymentId: payment.id, orderId: link.id, status: 'captured' },
        ],
      },
    });
    expect(urls(api)).toEqual([`GET /v1/payment_links/${link.id}`, `GET /v1/orders/${payment.order_id}/payments`]);
  });

  test('reads the payments that the link names where it names no order', async () => {
    const body = { ...link, status: 'paid', payments: [{ payment_id: payment.id, amount: 1 }, { payment_id: '../x' }] };
    const api = await scripted({ body }, { body: payment });
    expect(await api.provider.fetchOrder(link.id)).toMatchObject({
      value: { payments: [{ paymentId: payment.id, amountPaise: 1_500_000, orderId: link.id }] },
    });
    expect(urls(api)[1]).toBe(`GET /v1/payments/${payment.id}`);
  });

  test('is created while nobody tried, and looks again when it was paid between its two looks', async () => {
    const fresh = await scripted({ body: link });
    expect(await fresh.provider.fetchOrder(link.id)).toMatchObject({
      value: { order: { status: 'created' }, payments: [] },
    });
    const begun = { ...link, order_id: payment.order_id };
    const raced = await scripted({ body: begun }, list(payment), { body: paid });
    expect(await raced.provider.fetchOrder(link.id)).toMatchObject({ value: { order: { status: 'paid' } } });
  });

  test('is unknown when it says paid and no payment is to be found, or is about another link', async () => {
    const none = await scripted({ body: paid }, list());
    expect(await none.provider.fetchOrder(link.id)).toMatchObject({ ok: false, kind: 'unknown' });
    const other = await scripted({ body: { ...paid, id: 'plink_other' } }, list(payment));
    expect(await other.provider.fetchOrder(link.id)).toMatchObject({ ok: false, kind: 'unknown' });
  });

  test('asks nobody with an id that would change the URL', async () => {
    const api = await scripted({ body: link });
    for (const id of ['plink_1/../x', 'plink_1?x=1', 'plink_']) {
      expect(await api.provider.fetchOrder(id), id).toMatchObject({ ok: false, kind: 'refused' });
    }
    expect(api.seen).toEqual([]);
  });
});

describe('ending a payment link', () => {
  const over = { status: 400, body: { error: { code: 'BAD_REQUEST_ERROR', description: 'It is over already' } } };

  test('is ended on the provider’s word', async () => {
    const api = await scripted({ body: { ...link, status: 'cancelled' } });
    expect(await linksOf(api).cancel(link.id)).toEqual({ ok: true, value: 'ended' });
    expect(urls(api)).toEqual([`POST /v1/payment_links/${link.id}/cancel`]);
  });

  test.each([
    ['cancelled', 'ended'],
    ['expired', 'ended'],
    ['paid', 'paid'],
    ['partially_paid', 'paid'],
  ])('that is %s already is told as %s', async (status, value) => {
    const api = await scripted(over, { body: { ...link, status } });
    expect(await linksOf(api).cancel(link.id)).toEqual({ ok: true, value });
  });

  test('is not ended where the provider refused and the link is open, nor where no clear answer came', async () => {
    expect(await linksOf(await scripted(over, { body: link })).cancel(link.id)).toMatchObject({ kind: 'refused' });
    expect(await linksOf(await scripted({ body: link })).cancel(link.id)).toMatchObject({ kind: 'unknown' });
    expect(await linksOf(await scripted('reset')).cancel(link.id)).toMatchObject({ kind: 'unknown' });
    const other = { ...link, id: 'plink_other', status: 'cancelled' };
    expect(await linksOf(await scripted({ body: other })).cancel(link.id)).toMatchObject({ kind: 'unknown' });
  });

  test('calls nobody for what is no link', async () => {
    const api = await scripted({ body: link });
    for (const id of ['order_1', 'plink_', '../x', 'plink_1/../x']) {
      expect(await linksOf(api).cancel(id)).toMatchObject({ kind: 'refused' });
    }
    expect(api.seen).toEqual([]);
  });
});

describe('the page of a payment link', () => {
  const ask = { orderId: link.id, amountPaise: 1_500_000, sellerName: 'P', description: 'One', returnUrl: 'https://x' };

  test('is the link’s own while it takes the whole sum, and no page after that', async () => {
    const { provider } = await scripted({ body: link });
    const page = { kind: 'redirect', url: 'https://rzp.io/i/abc' };
    expect(await provider.checkout(ask)).toEqual({ ok: true, value: page });
    for (const change of [{ status: 'paid' }, { status: 'cancelled' }, { status: 'expired' }, { amount: 1_499_900 }]) {
      const over = await scripted({ body: { ...link, ...change } });
      expect(await over.provider.checkout(ask), JSON.stringify(change)).toMatchObject({ kind: 'refused' });
    }
  });
});
