// Renewal by autopay once the customer has agreed, against the sandbox's mandates: one charge renews one year once, however
// it is told of.
import { describe, expect, test } from 'vitest';
import {
  agreed,
  asked,
  days,
  detailsOf,
  goToDue,
  mandateFor,
  mandateRow,
  modeOf,
  nextDue,
  paid,
  renew,
  renewalsOf,
  stage,
  step,
  yearLater,
} from './autopay.ts';
import { audited } from './facts.ts';

const at = stage();

describe('once the customer has agreed', () => {
  test('renewalMode is autopay, and the purchase waits until 18 days after next due', async () => {
    const counter = await at.owner();
    const made = await agreed(at.server, counter);
    expect(await modeOf(counter)).toBe('autopay');
    const due = Date.parse(`${await nextDue(counter)}T00:00:00+05:30`);
    expect(await counter.purchase(made.id)).toMatchObject({
      state: 'awaiting_payment',
      expiresAt: new Date(due + 18 * days).toISOString(),
    });
    at.server.clock.advance(30 * days);
    await at.server.settle();
    expect((await counter.purchase(made.id)).state).toBe('awaiting_payment');
    expect(await audited(at.server, counter.orgId)).toMatchObject({ 'mandate.created': 1, 'mandate.authenticated': 1 });
  });

  test('who has not within three days has nothing to agree to any more: purchase and mandate are over', async () => {
    const counter = await at.owner();
    const made = await asked(counter);
    at.server.clock.advance(3 * days);
    await at.server.settle();
    await at.server.settle();
    expect((await counter.purchase(made.id)).state).toBe('expired');
    expect((await mandateFor(at.server, made)).status).toBe('cancelled');
    expect((await renew(counter, 'autopay')).status).toBe(201);
  });

  test('the charge at next due renews the year once, with one invoice, and the next year’s makes its own purchase', async () => {
    const counter = await at.owner();
    const due = await nextDue(counter);
    const made = await agreed(at.server, counter);
    await goToDue(at.server, counter);
    expect(await renewalsOf(at.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
    expect((await counter.purchase(made.id)).providerOrderId).toMatch(/^order_/);
    expect(await nextDue(counter)).toBe(yearLater(due));
    await goToDue(at.server, counter);
    const [, second, ...more] = await renewalsOf(at.server, counter);
    expect(more).toEqual([]);
    expect(second).toMatchObject({ due: yearLater(due), ...paid });
    expect(await counter.purchase(second?.id ?? '')).toMatchObject({
      deviceId: counter.deviceId,
      amountPaise: 100_000,
    });
    expect(await nextDue(counter)).toBe(yearLater(yearLater(due)));
  });

  test.each(['webhook_duplicate', 'webhook_concurrent', 'webhook_reorder'])(
    '%s: a charge told by every event there is, renews once',
    async (fault) => {
      const counter = await at.owner();
      const due = await nextDue(counter);
      await at.server.fault({ [fault]: true });
      const made = await agreed(at.server, counter);
      await goToDue(at.server, counter);
      at.server.clock.advance(60_000);
      await Promise.all([at.server.settle(), at.server.settle()]);
      expect(await renewalsOf(at.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
      const { order } = { order: (await counter.purchase(made.id)).providerOrderId };
      const events = await at.server.sql<{ event: string }>(
        'select distinct event from webhook_inbox where order_id = $1',
        [order],
      );
      expect(events.length).toBeGreaterThanOrEqual(4);
      expect(
        await at.server.sql("select from webhook_inbox where order_id = $1 and state in ('pending', 'parked')", [
          order,
        ]),
      ).toEqual([]);
      expect(await nextDue(counter)).toBe(yearLater(due));
      expect(await modeOf(counter)).toBe('autopay');
    },
  );

  test('lost webhooks change nothing in the end: looks find the agreement, the charge and the end', async () => {
    const counter = await at.owner();
    const due = await nextDue(counter);
    await at.server.fault({ webhook_drop: true });
    const made = await asked(counter);
    await step(at.server, made, 'agree');
    expect(await modeOf(counter)).toBe('manual');
    at.server.clock.advance(3_600_000);
    await at.server.settle();
    expect(await modeOf(counter)).toBe('autopay');
    await goToDue(at.server, counter);
    expect(await renewalsOf(at.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
    await step(at.server, made, 'cancel');
    at.server.clock.advance(days);
    await at.server.settle();
    expect(await modeOf(counter)).toBe('manual');
  });

  test('the way back from the provider causes a look', async () => {
    const counter = await at.owner();
    await at.server.fault({ webhook_drop: true });
    const made = await asked(counter);
    await step(at.server, made, 'agree');
    const { pathname, search } = new URL(made.checkoutUrl ?? '');
    expect((await at.server.request('GET', `${pathname}/return${search}`)).status).toBe(303);
    expect(await modeOf(counter)).toBe('autopay');
  });
});

describe('by hand and by itself', () => {
  test('a manual renewal takes the place of autopay that nobody agreed to, and its mandate ends, also if the provider is away at first', async () => {
    const counter = await at.owner();
    const made = await asked(counter);
    const manual = await renew(counter, 'manual');
    expect(manual).toMatchObject({ status: 201, body: { state: 'awaiting_payment' } });
    expect((await counter.purchase(made.id)).state).toBe('cancelled');
    await at.server.fault({ api_500: true });
    await at.server.settle();
    expect((await mandateRow(at.server, made)).status).toBe('created');
    await at.server.fault({ reset: true });
    at.server.clock.advance(3_600_000);
    await at.server.settle();
    expect((await mandateFor(at.server, made)).status).toBe('cancelled');
    expect((await mandateRow(at.server, made)).status).toBe('cancelled');
  });

  test('a manual renewal while an agreed mandate waits is answered with that purchase', async () => {
    const counter = await at.owner();
    const made = await agreed(at.server, counter);
    const manual = await renew(counter, 'manual');
    expect(manual.status).toBe(409);
    expect(detailsOf(manual)).toMatchObject({ code: 'purchase_in_progress', details: { purchase: { id: made.id } } });
  });

  test('agreed to after it was replaced: it is ended, and the year is paid by hand alone', async () => {
    const counter = await at.owner();
    const made = await asked(counter);
    await renew(counter, 'manual');
    await step(at.server, made, 'agree');
    await at.server.settle();
    expect(await modeOf(counter)).toBe('manual');
    expect((await mandateFor(at.server, made)).status).toBe('cancelled');
  });

  test('a charge for a year that was renewed by hand goes back; the mandate charges the next one', async () => {
    const counter = await at.owner();
    const due = await nextDue(counter);
    const made = await agreed(at.server, counter);
    await step(at.server, made, 'pause');
    at.server.clock.advance(1_000);
    const manual = await renew(counter, 'manual');
    await at.server.play(manual.body.providerOrderId ?? '', 'pay');
    await at.server.settle();
    await step(at.server, made, 'resume');
    at.server.clock.set(`${due}T01:00:00+05:30`);
    for (let run = 0; run < 3; run += 1) await at.server.settle();
    const after = await renewalsOf(at.server, counter);
    expect(after).toMatchObject([
      { id: made.id, state: 'refunded', effects: ['refunded'], invoices: 0 },
      { id: manual.body.id, state: 'paid', effects: ['settled'], invoices: 1 },
    ]);
    expect(await nextDue(counter)).toBe(yearLater(due));
    await goToDue(at.server, counter);
    expect((await renewalsOf(at.server, counter))[2]).toMatchObject({ due: yearLater(due), ...paid });
  });

  test('a later year renewed by hand ahead of its charge: the charge goes back', async () => {
    const counter = await at.owner();
    await agreed(at.server, counter);
    await goToDue(at.server, counter);
    const due = await nextDue(counter);
    const manual = await renew(counter, 'manual');
    await at.server.play(manual.body.providerOrderId ?? '', 'pay');
    await at.server.settle();
    at.server.clock.set(`${due}T01:00:00+05:30`);
    for (let run = 0; run < 3; run += 1) await at.server.settle();
    expect((await renewalsOf(at.server, counter)).map(({ state }) => state).sort()).toEqual([
      'paid',
      'paid',
      'refunded',
    ]);
    expect(await nextDue(counter)).toBe(yearLater(due));
  });
});
