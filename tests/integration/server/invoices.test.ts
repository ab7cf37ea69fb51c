// Invoices: one per settled payment, numbered without a gap under concurrency, exactly the amount that was paid.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Invoice } from '../../../shared/gst/document.ts';
import { goodGstin } from './refusal-bodies.ts';
import { type Counter, orderOf, type Started, started } from './started.ts';
import { nextPaymentId, tell } from './webhooks.ts';

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());

async function invoiceOf(from: Started, purchaseId: string): Promise<Invoice> {
  const [row] = await from.sql<{ document: Invoice }>('select document from billing_invoice where purchase_id = $1', [
    purchaseId,
  ]);
  if (row === undefined) throw new Error(`${purchaseId} has no invoice`);
  return row.document;
}

async function paidTopup(counter: Counter, packs: number): Promise<Invoice> {
  const topup = await counter.topUp(packs);
  await server.play(orderOf(topup), 'pay');
  await server.settle();
  return invoiceOf(server, topup.id);
}

describe('16 settlements at once', () => {
  test('get the numbers 1 to 16 without a gap, also when one of them fails and is done later', async () => {
    const counters: Counter[] = [];
    for (let count = 1; count <= 16; count += 1) counters.push(await server.signUp({ legalName: `Medicals ${count}` }));
    const plans = await Promise.all(counters.map((counter) => counter.buyPlan()));
    const late = plans[7];
    const failing = late?.providerOrderId ?? '';
    await server.sql(`alter table billing_payment add constraint test_fault check (provider_order_id <> '${failing}')`);
    await Promise.all(
      plans.map((plan) =>
        tell(server, {
          orderId: orderOf(plan),
          event: 'payment.captured',
          paymentId: nextPaymentId(),
          amount: plan.amountPaise,
        }),
      ),
    );
    await Promise.all(Array.from({ length: 8 }, () => server.settle()));
    await server.sql('alter table billing_payment drop constraint test_fault');
    server.clock.advance(10_000);
    await server.settle();
    const numbers = await server.sql<{ number: string; serial: number; purchase: string }>(
      'select number, serial::int, purchase_id as purchase from billing_invoice order by serial',
    );
    expect(numbers.map(({ number }) => number)).toEqual(
      Array.from({ length: 16 }, (_, at) => `PP/26-27/${String(at + 1).padStart(6, '0')}`),
    );
    expect(numbers[15]?.purchase).toBe(late?.id);
    expect(new Set(numbers.map(({ purchase }) => purchase)).size).toBe(16);
  });
});

describe('an invoice', () => {
  test('is in total what was paid, with CGST and SGST for a buyer of the same state', async () => {
    const counter = await server.signUp({ gstin: goodGstin, legalName: 'Tulsi Medicals' });
    await counter.ownPlan();
    const invoice = await paidTopup(counter, 3);
    expect(invoice).toMatchObject({
      kind: 'invoice',
      financialYear: '26-27',
      issuedOn: '2026-11-22',
      seller: { name: 'PharmaPulse (sample seller)', gstin: '27ABCPE1234F1ZB', stateCode: '27' },
      buyer: { legalName: 'Tulsi Medicals', gstin: goodGstin, stateCode: '27', pin: '411001' },
      placeOfSupply: '27',
      totalPaise: 750_000,
      taxablePaise: 635_594,
      cgstPaise: 57_203,
      sgstPaise: 57_203,
      igstPaise: 0,
      totalInWords: 'Seven Thousand Five Hundred Rupees Only',
    });
    expect(invoice.lines).toMatchObject([{ sac: '997331', quantity: 3, unitPaise: 250_000, rateBp: 1_800 }]);
    expect(invoice.taxablePaise + invoice.cgstPaise + invoice.sgstPaise).toBe(invoice.totalPaise);
  });

  test('has IGST alone for a buyer of another state', async () => {
    const counter = await server.signUp({ stateCode: '29', pin: '560001', address: '1 MG Road, Bengaluru' });
    await counter.ownPlan();
    const invoice = await paidTopup(counter, 1);
    expect(invoice).toMatchObject({
      placeOfSupply: '29',
      totalPaise: 250_000,
      taxablePaise: 211_864,
      igstPaise: 38_136,
      cgstPaise: 0,
      sgstPaise: 0,
    });
  });

  test('stands on the purchase as its invoiceId', async () => {
    const counter = await server.signUp();
    const plan = await counter.ownPlan();
    expect(plan.invoiceId).toBe((await invoiceOf(server, plan.id)).id);
  });
});

describe('a financial year', () => {
  test('ends at midnight of 31 March in India, and the next one begins at number 1', async () => {
    const own = await started();
    const counter = await own.signUp();
    await counter.ownPlan();
    const numbers: string[] = [];
    for (const instant of ['2027-03-31T18:29:59.999Z', '2027-03-31T18:30:00.000Z']) {
      own.clock.set(instant);
      const topup = await counter.topUp(1);
      await own.play(orderOf(topup), 'pay');
      await own.settle();
      const { number, issuedOn } = await invoiceOf(own, topup.id);
      numbers.push(`${number} ${issuedOn}`);
    }
    expect(numbers).toEqual(['PP/26-27/000002 2027-03-31', 'PP/27-28/000001 2027-04-01']);
    await own.dispose();
  });
});

describe('with prices without GST', () => {
  test('the tax comes on top: of the price, of the purchase and of the invoice alike', async () => {
    const own = await started({ PRICES_INCLUDE_GST: 'false' });
    const counter = await own.signUp({ stateCode: '07', pin: '110001' });
    const { prices, pricesIncludeGst } = await counter.status();
    expect(pricesIncludeGst).toBe(false);
    expect(prices['plan.pharmapulse-one']).toEqual({
      amountPaise: 1_770_000,
      listPricePaise: 1_500_000,
      taxPaise: 270_000,
      credits: 0,
    });
    const plan = await counter.ownPlan();
    expect(plan.amountPaise).toBe(1_770_000);
    expect(await invoiceOf(own, plan.id)).toMatchObject({
      taxablePaise: 1_500_000,
      igstPaise: 270_000,
      totalPaise: 1_770_000,
    });
    await own.dispose();
  });
});
