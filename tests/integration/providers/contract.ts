// The contract of the provider port: what everything above it relies on, whichever provider is behind it.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OrderRequest, PaymentProvider, ProviderOrder } from '../../../sync-server/providers/port.ts';
import { linkRules } from './contract-links.ts';
import type { Trouble } from './played-api.ts';
import { must, requestFor } from './requests.ts';
import { type ContractStage, secrets } from './stages.ts';

/** What a caller does: it looks before it makes an order again. */
async function ensure(provider: PaymentProvider, request: OrderRequest): Promise<ProviderOrder> {
  return must(await provider.findOrder(request.receipt)) ?? must(await provider.createOrder(request));
}

const answerLost: readonly Trouble[] = ['reset_after', 'hang_after', 'fail_after'];

export function describeContract(name: string, open: () => Promise<ContractStage>): void {
  describe(`the contract of the provider port: ${name}`, () => {
    let stage: ContractStage;
    beforeEach(async () => {
      stage = await open();
    });
    afterEach(() => stage.close());
    const stageNow = () => stage;
    orderRules(stageNow);
    lostAnswerRules(stageNow);
    refusalRules(stageNow);
    linkRules(stageNow);
    moneyRules(stageNow);
    failureRules(stageNow);
    refundRules(stageNow);
    signatureRules(stageNow);
  });
}

function orderRules(stage: () => ContractStage): void {
  describe('an order', () => {
    test.each([100, 101, 250_000, 1_500_000, 99_999_999])(
      'of %i paise is made with exactly that, in rupees',
      async (paise) => {
        const made = must(await stage().provider.createOrder(requestFor('pur_1', paise)));
        expect(made).toMatchObject({ receipt: 'pur_1', amountPaise: paise, currency: 'INR', status: 'created' });
        expect(must(await stage().provider.findOrder('pur_1'))).toEqual(made);
        expect(must(await stage().provider.fetchOrder(made.orderId))).toEqual({ order: made, payments: [] });
      },
    );

    test('that was never made is certainly not there, also where others are', async () => {
      for (const receipt of ['pur_1', 'pur_10', 'pur_100', 'pur_11'])
        await stage().provider.createOrder(requestFor(receipt));
      expect(await stage().provider.findOrder('pur_1000')).toEqual({ ok: true, value: null });
      expect(must(await stage().provider.findOrder('pur_1'))).toMatchObject({ receipt: 'pur_1' });
    });

    test('can be paid by a browser', async () => {
      const { orderId } = must(await stage().provider.createOrder(requestFor('pur_1')));
      const ask = { orderId, amountPaise: 1_500_000, sellerName: 'P', description: 'One', returnUrl: 'https://x/back' };
      expect(must(await stage().provider.checkout(ask)).kind).toMatch(/^(script|redirect)$/);
    });
  });
}

function lostAnswerRules(stage: () => ContractStage): void {
  describe('an order whose answer was lost', () => {
    test.each(answerLost)('is unknown, then found, and never made twice (%s)', async (trouble) => {
      const request = requestFor('pur_1');
      await stage().trouble(trouble);
      const first = await (trouble === 'hang_after' ? stage().hasty : stage().provider).createOrder(request);
      expect(first).toMatchObject({ ok: false, kind: 'unknown' });
      const order = await ensure(stage().provider, request);
      expect(await ensure(stage().provider, request)).toEqual(order);
      expect(await stage().madeFor('pur_1')).toBe(1);
    });

    test.each(['fail', 'html'] as const)(
      'is unknown also where nothing was made, and made then (%s)',
      async (trouble) => {
        await stage().trouble(trouble);
        const first = await stage().provider.createOrder(requestFor('pur_1'));
        expect(first).toMatchObject({ ok: false, kind: 'unknown' });
        await ensure(stage().provider, requestFor('pur_1'));
        expect(await stage().madeFor('pur_1')).toBe(1);
      },
    );

    test('is not taken for a missing one when the look-up itself fails', async () => {
      await stage().provider.createOrder(requestFor('pur_1'));
      await stage().trouble('html');
      expect(await stage().provider.findOrder('pur_1')).toMatchObject({ ok: false, kind: 'unknown' });
    });
  });
}

function refusalRules(stage: () => ContractStage): void {
  describe('a call that did nothing', () => {
    test('is unavailable when there were too many, with the time to wait', async () => {
      await stage().trouble('busy');
      expect(await stage().provider.createOrder(requestFor('pur_1'))).toMatchObject({
        ok: false,
        kind: 'unavailable',
        retryAfterSeconds: stage().busySeconds,
      });
      expect(await stage().madeFor('pur_1')).toBe(0);
    });

    test('is unavailable when nobody listens, and refused to a wrong key', async () => {
      const request = requestFor('pur_1');
      expect(await stage().lonely.createOrder(request)).toMatchObject({ ok: false, kind: 'unavailable' });
      expect(await stage().stranger.createOrder(request)).toMatchObject({ ok: false, kind: 'refused' });
      expect(await stage().madeFor('pur_1')).toBe(0);
    });

    // Where nobody listens every call that is made is unavailable: refused says that none was.
    test('is refused before anybody is asked for ids that are not ours or would change the URL', async () => {
      const { order, payment } = stage().idsOfOthers;
      const { lonely } = stage();
      const refused = { ok: false, kind: 'refused' };
      const key = 'refund_key_0001';
      for (const id of [
        order,
        payment,
        '',
        '../x',
        '?x=1',
        `${order}/../x`,
        'order_',
        'cs_',
        'a b',
        '\u0000',
        'order_1#',
      ]) {
        expect(await lonely.fetchOrder(id), id).toMatchObject(refused);
        expect(await lonely.fetchPayment(id), id).toMatchObject(refused);
        expect(await lonely.listRefunds(id), id).toMatchObject(refused);
        const refund = { paymentId: id, amountPaise: 100, idempotencyKey: key };
        expect(await lonely.refundPayment(refund), id).toMatchObject(refused);
        expect(await lonely.mandates?.fetch(id), id).toMatchObject(refused);
        expect(await lonely.mandates?.cancel(id), id).toMatchObject(refused);
      }
      for (const change of [
        { amountPaise: 0.5 },
        { amountPaise: -100 },
        { receipt: '' },
        { receipt: 'x'.repeat(41) },
      ]) {
        expect(await lonely.createOrder({ ...requestFor('pur_1'), ...change })).toMatchObject(refused);
      }
      expect(await lonely.findOrder('')).toMatchObject(refused);
    });

    test('is refused for an order and a payment that do not exist', async () => {
      const { orderId } = must(await stage().provider.createOrder(requestFor('pur_1')));
      const paymentId = await stage().pay(orderId);
      const other = (id: string) => `${id.slice(0, -3)}ZZZ`;
      expect(await stage().provider.fetchOrder(other(orderId))).toMatchObject({ ok: false, kind: 'refused' });
      expect(await stage().provider.fetchPayment(other(paymentId))).toMatchObject({ ok: false, kind: 'refused' });
    });
  });
}

function moneyRules(stage: () => ContractStage): void {
  test('a payment is told with its order, by the order and by itself, with exact sums', async () => {
    const { provider } = stage();
    const { orderId } = must(await provider.createOrder(requestFor('pur_1')));
    const paymentId = await stage().pay(orderId);
    const report = must(await provider.fetchOrder(orderId));
    expect(report.order).toMatchObject({ orderId, status: 'paid', amountPaise: 1_500_000, currency: 'INR' });
    const payment = {
      paymentId,
      orderId,
      status: 'captured',
      amountPaise: 1_500_000,
      amountRefundedPaise: 0,
      currency: 'INR',
      failure: null,
    };
    expect(report.payments).toMatchObject([payment]);
    expect(report.payments[0]?.capturedAt).toBeInstanceOf(Date);
    expect(must(await provider.fetchPayment(paymentId))).toEqual(report.payments[0]);
    expect(must(await provider.findOrder('pur_1'))).toMatchObject({ orderId, status: 'paid' });
  });
}

function failureRules(stage: () => ContractStage): void {
  test('a refused attempt is told at once, by the order or by our receipt, with the bank’s reason and no money', async () => {
    const { provider } = stage();
    const { orderId } = must(await provider.createOrder(requestFor('pur_1')));
    const body = await stage().refuse(orderId);
    const report = provider.handlePaymentSuccess(body);
    if (report.kind !== 'payment') throw new Error(`it is told as ${report.kind}`);
    expect(report.payment).toMatchObject({ status: 'failed', amountPaise: 1_500_000, capturedAt: null });
    expect(report.payment.failure?.description).toMatch(/\w/);
    expect([orderId, 'pur_1']).toContain(report.payment.orderId ?? report.receipt);
    // The same reason as a look tells, so that it is no news a second time; and the order can still be paid.
    const looked = must(await provider.fetchOrder(orderId));
    expect(looked.payments).toMatchObject([{ status: 'failed', failure: report.payment.failure }]);
    expect(looked.order.status).not.toBe('paid');
    await stage().pay(orderId);
    expect(must(await provider.fetchOrder(orderId)).order.status).toBe('paid');
  });
}

function refundRules(stage: () => ContractStage): void {
  describe('a refund', () => {
    const paid = async (): Promise<string> => {
      const { orderId } = must(await stage().provider.createOrder(requestFor('pur_1')));
      return stage().pay(orderId);
    };
    const ask = (paymentId: string, amountPaise: number, idempotencyKey: string) => ({
      paymentId,
      amountPaise,
      idempotencyKey,
    });

    test('of one key is made once, however often it is asked for', async () => {
      const paymentId = await paid();
      const first = must(await stage().provider.refundPayment(ask(paymentId, 500_000, 'refund_key_0001')));
      expect(first).toMatchObject({ paymentId, amountPaise: 500_000, status: 'processed' });
      expect(must(await stage().provider.refundPayment(ask(paymentId, 500_000, 'refund_key_0001')))).toEqual(first);
      expect(await stage().refundsOf(paymentId)).toBe(1);
      expect(must(await stage().provider.fetchPayment(paymentId))).toMatchObject({ amountRefundedPaise: 500_000 });
    });

    test('is listed with the others, the oldest first, and all together make the payment refunded', async () => {
      const paymentId = await paid();
      for (const [paise, key] of [
        [400_000, 'refund_key_0001'],
        [1_000_000, 'refund_key_0002'],
        [100_000, 'refund_key_0003'],
      ] as const) {
        must(await stage().provider.refundPayment(ask(paymentId, paise, key)));
      }
      const listed = must(await stage().provider.listRefunds(paymentId));
      expect(listed.map(({ amountPaise }) => amountPaise)).toEqual([400_000, 1_000_000, 100_000]);
      expect(must(await stage().provider.fetchPayment(paymentId))).toMatchObject({
        status: 'refunded',
        amountRefundedPaise: 1_500_000,
      });
      const tooMuch = await stage().provider.refundPayment(ask(paymentId, 1, 'refund_key_0004'));
      expect(tooMuch).toMatchObject({ ok: false, kind: 'refused' });
    });

    test('whose answer was lost is unknown, and not made again', async () => {
      const paymentId = await paid();
      const before = must(await stage().provider.listRefunds(paymentId));
      expect(before).toEqual([]);
      const asked = ask(paymentId, 500_000, 'refund_key_0001');
      // Past the look for an earlier one, which comes first and is no write.
      await stage().loseNextWrite();
      expect(await stage().provider.refundPayment(asked)).toMatchObject({ ok: false, kind: 'unknown' });
      const again = must(await stage().provider.refundPayment(asked));
      expect(must(await stage().provider.listRefunds(paymentId))).toEqual([again]);
    });

    test('is refused with a key that is no key, or of a sum that is none', async () => {
      const paymentId = await paid();
      const { refundPayment } = stage().lonely;
      for (const wrong of [
        ask(paymentId, 100, 'short'),
        ask(paymentId, 0, 'refund_key_0001'),
        ask(paymentId, 1.5, 'refund_key_0001'),
      ]) {
        expect(await refundPayment(wrong)).toMatchObject({ ok: false, kind: 'refused' });
      }
    });
  });
}

function signatureRules(stage: () => ContractStage): void {
  test('a webhook is taken with the current and with an older secret, and with no other, and only as it was signed', () => {
    const { provider, sign } = stage();
    const body = Buffer.from('{"id":"evt_1","type":"x","event":"x"}');
    for (const secret of [secrets.current, secrets.old]) {
      expect(provider.verifyWebhookSignature(body, sign(body, secret)), secret).toBe(true);
    }
    expect(provider.verifyWebhookSignature(body, sign(body, 'whsec_other'))).toBe(false);
    expect(provider.verifyWebhookSignature(Buffer.concat([body, Buffer.from(' ')]), sign(body, secrets.current))).toBe(
      false,
    );
    expect(provider.verifyWebhookSignature(body, {})).toBe(false);
  });
}
