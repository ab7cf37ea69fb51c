// The webhook's door and its inbox: only what was signed comes in, once, as it came; what it means is found out after.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { changesNothing } from './facts.ts';
import { type ScriptedProvider, scriptedProvider, settingsFor } from './scripted-provider.ts';
import { type Counter, orderOf, type Started, started, uniqueKey } from './started.ts';
import { eventBody, nextPaymentId, post, secretOf, signatureOf, type Told, tell } from './webhooks.ts';

let provider: ScriptedProvider;
let server: Started;
let counter: Counter;
beforeAll(async () => {
  provider = await scriptedProvider();
  server = await started(settingsFor(provider));
  counter = await server.signUp();
  const plan = await counter.buyPlan();
  await tell(server, toldOf(plan));
  await server.settle();
  expect((await counter.purchase(plan.id)).state).toBe('paid');
});
afterAll(async () => {
  await server.dispose();
  await provider.close();
});

const toldOf = (purchase: Purchase): Told => ({
  orderId: orderOf(purchase),
  event: 'payment.captured',
  paymentId: nextPaymentId(),
  amount: purchase.amountPaise,
});
const bodyFor = (purchase: Purchase) => eventBody(server.clock.now(), toldOf(purchase));
const inbox = (orderId: string) =>
  server.sql<{ event: string; eventId: string; state: string; reason: string | null; attempts: number; body: Buffer }>(
    `select event, event_id as "eventId", state, reason, attempts, body from webhook_inbox where order_id = $1 order by inbox_id`,
    [orderId],
  );

describe('a webhook that nobody signed is 400 invalid_signature, and nothing is stored', () => {
  const wrong: Record<string, (body: string) => Record<string, string>> = {
    'no signature': () => ({ 'x-razorpay-signature': '' }),
    'the signature of another body': (body) => ({ 'x-razorpay-signature': signatureOf(`${body} `, secretOf(server)) }),
    'the signature of another secret': (body) => ({ 'x-razorpay-signature': signatureOf(body, 'guessed') }),
    'the signature of an empty secret': (body) => ({
      'x-razorpay-signature': createHmac('sha256', '').update(body).digest('hex'),
    }),
    'its signature cut short': (body) => ({
      'x-razorpay-signature': signatureOf(body, secretOf(server)).slice(0, 63),
    }),
    'its signature twice': (body) => {
      const signature = signatureOf(body, secretOf(server));
      return { 'x-razorpay-signature': `${signature}, ${signature}` };
    },
    'its signature in another header': (body) => ({
      'x-razorpay-signature': '',
      'stripe-signature': signatureOf(body, secretOf(server)),
    }),
    'words for a signature': () => ({ 'x-razorpay-signature': 'trust me' }),
  };

  test.each(Object.keys(wrong))('%s', async (what) => {
    const body = bodyFor(await counter.topUp(1));
    const answer = await changesNothing(server, () => post(server, body, wrong[what]?.(body) ?? {}));
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_signature', retryable: false } } });
  });

  test('an empty body, and a body that was changed on the way', async () => {
    const body = bodyFor(await counter.topUp(1));
    const headers = { 'x-razorpay-signature': signatureOf(body, secretOf(server)) };
    await changesNothing(server, async () => {
      expect((await server.request('POST', '/api/billing/webhook')).status).toBe(400);
      for (const changed of ['', body.replace('250000', '250001'), JSON.stringify(JSON.parse(body), null, 1)]) {
        expect(await post(server, changed, headers)).toMatchObject({ status: 400 });
      }
    });
  });
});

describe('a signed webhook', () => {
  test('is accepted under every active secret, whatever content type it says it has, and kept byte for byte', async () => {
    const topup = await counter.topUp(1);
    const [first, second] = [bodyFor(topup), `\n${bodyFor(topup)} `];
    expect(await post(server, first, { 'content-type': 'text/plain' })).toMatchObject({
      status: 200,
      body: { received: true },
    });
    const old = { 'x-razorpay-signature': signatureOf(second, 'previous-webhook-secret') };
    expect(
      (await server.request('POST', '/api/billing/webhook', { raw: Buffer.from(second), headers: old })).status,
    ).toBe(200);
    await server.settle();
    const rows = await inbox(orderOf(topup));
    expect(rows.map(({ body }) => body.toString('utf8'))).toEqual([first, second]);
    expect((await counter.purchase(topup.id)).state).toBe('paid');
  });

  test('with an event id that came before is stored once, also when ten come at once', async () => {
    const topup = await counter.topUp(1);
    const body = bodyFor(topup);
    const headers = { 'x-razorpay-event-id': 'evtTenAtOnce01' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(server, body, headers)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    await server.settle();
    expect(await inbox(orderOf(topup))).toMatchObject([{ state: 'applied', reason: 'settled' }]);
  });

  test('without an event id is deduplicated by its content', async () => {
    const topup = await counter.topUp(1);
    const body = bodyFor(topup);
    for (let time = 0; time < 3; time += 1) {
      expect((await post(server, body, { 'x-razorpay-event-id': '' })).status).toBe(200);
    }
    await post(server, bodyFor(topup), { 'x-razorpay-event-id': '' });
    await server.settle();
    expect((await inbox(orderOf(topup))).map(({ eventId }) => eventId.slice(0, 7))).toEqual(['sha256:', 'sha256:']);
  });

  test('of a kind that nobody knows is kept as ignored, with the reason', async () => {
    const topup = await counter.topUp(1);
    await tell(server, { ...toldOf(topup), event: 'payment.teleported' });
    await server.settle();
    expect(await inbox(orderOf(topup))).toMatchObject([
      { event: 'payment.teleported', state: 'ignored', reason: expect.stringContaining('payment.teleported') },
    ]);
    expect((await counter.purchase(topup.id)).state).toBe('awaiting_payment');
  });

  test("of another product's order is harmless: kept as ignored, nothing is granted", async () => {
    const before = (await counter.status()).credits;
    await tell(server, { ...toldOf(await counter.topUp(1)), orderId: 'order_SomebodyElses' });
    await server.settle();
    expect(await inbox('order_SomebodyElses')).toMatchObject([{ state: 'ignored', reason: 'not an order of ours' }]);
    expect((await counter.status()).credits).toEqual(before);
  });

  test('that is no event is answered 200 and stored nowhere', async () => {
    for (const body of ['not json', '[]', '{"event":7}']) {
      const answer = await changesNothing(server, () => post(server, body));
      expect(answer.status, body).toBe(200);
    }
  });

  test('that comes before the order is known to be ours is applied as soon as it is', async () => {
    const key = uniqueKey();
    const buy = () => counter.request<Purchase>('POST', '/api/billing/credits/topup', { body: { packs: 4 }, key });
    Object.assign(provider, { create: 'lose', find: 'fail' });
    expect((await buy()).status).toBe(503);
    const orderId = provider.orders.at(-1)?.id ?? '';
    await tell(server, { orderId, event: 'payment.captured', paymentId: nextPaymentId(), amount: 1_000_000 });
    await server.settle();
    expect(await inbox(orderId)).toMatchObject([{ state: 'pending', reason: 'order not known yet' }]);
    // Looked at again and again while nobody knows the order: it waits, and is not taken for another product's.
    for (let look = 0; look < 15; look += 1) {
      await server.settle();
      server.clock.advance(3_600_000);
    }
    Object.assign(provider, { create: 'answer', find: 'answer' });
    const made = await buy();
    expect(made).toMatchObject({ status: 201, body: { providerOrderId: orderId } });
    await server.settle();
    expect(await counter.purchase(made.body.id)).toMatchObject({ state: 'paid', credits: 200_000 });
    expect(await inbox(orderId)).toMatchObject([{ state: 'applied', reason: 'settled' }]);
  });
});

describe('an event that cannot be applied', () => {
  test('is tried again later and does not hold up those behind it; in the end it is parked', async () => {
    const [bad, good] = [await counter.topUp(1), await counter.topUp(1)];
    // A fault of our own, as good as any: this payment cannot be written down.
    await server.sql(
      `alter table billing_payment add constraint test_fault check (provider_order_id <> '${orderOf(bad)}')`,
    );
    await tell(server, toldOf(bad));
    await tell(server, toldOf(good));
    await server.settle();
    expect((await counter.purchase(good.id)).state).toBe('paid');
    expect(await inbox(orderOf(bad))).toMatchObject([{ state: 'pending', attempts: 1 }]);
    for (let look = 0; look < 12; look += 1) {
      server.clock.advance(3_600_000);
      await server.settle();
    }
    expect(await inbox(orderOf(bad))).toMatchObject([{ state: 'parked', attempts: 12 }]);
    expect((await counter.purchase(bad.id)).state).toBe('awaiting_payment');
    await server.sql('alter table billing_payment drop constraint test_fault');
  });
});

test('a Content-Type that is none is 415, and nothing is stored', async () => {
  const body = bodyFor(await counter.topUp(1));
  const answer = await changesNothing(server, () => post(server, body, { 'content-type': 'json' }));
  expect(answer).toMatchObject({ status: 415, body: { error: { code: 'unsupported_media_type' } } });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
