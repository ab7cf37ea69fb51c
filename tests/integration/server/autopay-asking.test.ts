// Asking for renewal by autopay: one mandate for one wish, whatever the provider's answer, and its end by the user's wish.
import { describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import {
  agreed,
  asked,
  cancelAutopay,
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
import { mandatesFor } from './orders.ts';
import { uniqueKey } from './started.ts';

const at = stage();

describe('asking for autopay', () => {
  test('makes one mandate, whose first charge is when next due begins in India; nothing is paid and nobody pays by hand', async () => {
    const counter = await at.owner();
    const key = uniqueKey();
    const made = await renew(counter, 'autopay', key);
    expect(made).toMatchObject({
      status: 201,
      body: { sku: 'renewal.year', state: 'awaiting_payment', providerOrderId: null },
    });
    expect(await renew(counter, 'autopay', key)).toMatchObject({ status: 200, body: made.body });
    const { status, start_at } = await mandateFor(at.server, made.body);
    expect(status).toBe('created');
    expect(start_at).toBe(Date.parse(`${await nextDue(counter)}T00:00:00+05:30`) / 1000);
    expect(await modeOf(counter)).toBe('manual');
  });

  test('its page leads to where the customer agrees, until they have', async () => {
    const counter = await at.owner();
    const made = await asked(counter);
    const page = () =>
      at.server.request<string>('GET', new URL(made.checkoutUrl ?? '').href.slice(at.server.publicUrl.length));
    expect((await page()).body).toContain(`/sandbox/mandate/${(await mandateFor(at.server, made)).id}`);
    await step(at.server, made, 'agree');
    expect((await page()).body).toContain('Autopay is set up');
    expect((await page()).body).not.toContain('/sandbox/mandate/');
    expect((await counter.purchase(made.id)).checkoutUrl).toBeNull();
  });

  test('within two days of next due: charged as soon as the customer agrees', async () => {
    const counter = await at.owner();
    await goToDue(at.server, counter, -2);
    const due = await nextDue(counter);
    const made = await asked(counter);
    expect((await mandateFor(at.server, made)).start_at).toBeNull();
    await step(at.server, made, 'agree');
    expect(await renewalsOf(at.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
    expect(await nextDue(counter)).toBe(yearLater(due));
    expect(await modeOf(counter)).toBe('autopay');
  });

  test('needs the plan', async () => {
    const counter = await at.server.signUp();
    expect(await renew(counter, 'autopay')).toMatchObject({ status: 403, body: { error: { code: 'plan_required' } } });
  });

  test('from two counters at once ends with one mandate, and the other is answered with its purchase', async () => {
    const counter = await at.owner();
    const answers = await Promise.all([renew(counter, 'autopay'), renew(counter, 'autopay')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const [won, lost] = answers[0]?.status === 201 ? answers : answers.toReversed();
    if (won === undefined || lost === undefined) throw new Error('two answers');
    expect(detailsOf(lost)).toMatchObject({ code: 'purchase_in_progress', details: { purchase: { id: won.body.id } } });
    expect(await mandatesFor(at.server, won.body.id)).toHaveLength(1);
    expect(await at.server.sql('select from mandate where org_id = $1', [counter.orgId])).toHaveLength(1);
  });

  test('while a mandate charges already is answered with that mandate’s purchase', async () => {
    const counter = await at.owner();
    const made = await agreed(at.server, counter);
    await goToDue(at.server, counter);
    const again = await renew(counter, 'autopay');
    expect(again.status).toBe(409);
    expect(detailsOf(again)).toMatchObject({
      code: 'purchase_in_progress',
      details: { purchase: { id: made.id, state: 'paid' } },
    });
  });
});

describe('the provider’s answer', () => {
  test.each(['api_500', 'api_502_html', 'api_429'])('%s: 503, the same key goes on, one mandate', async (fault) => {
    const counter = await at.owner();
    const key = uniqueKey();
    await at.server.fault({ [fault]: true });
    expect(await renew(counter, 'autopay', key)).toMatchObject({
      status: 503,
      body: { error: { code: 'unavailable' } },
    });
    await at.server.fault({ reset: true });
    at.server.clock.advance(60_000);
    const made = await renew(counter, 'autopay', key);
    expect(made.status).toBe(201);
    expect(await mandatesFor(at.server, made.body.id)).toHaveLength(1);
  });

  // The provider's plan for the sum is made with the first mandate; after that a mandate is one write.
  test.each(['api_500_after_commit', 'api_reset_after_commit'])(
    '%s: the mandate is found by its receipt',
    async (fault) => {
      await asked(await at.owner());
      const counter = await at.owner();
      await at.server.fault({ [fault]: 1 });
      const made = await renew(counter, 'autopay');
      expect(made.status).toBe(201);
      expect(await mandatesFor(at.server, made.body.id)).toHaveLength(1);
      expect((await mandateRow(at.server, made.body)).mandate_id).toBe((await mandateFor(at.server, made.body)).id);
    },
  );

  test('lost, and a list that lags: 503, and later the same key finds the one that was made', async () => {
    await asked(await at.owner());
    const counter = await at.owner();
    const key = uniqueKey();
    await at.server.fault({ api_500_after_commit: 1, order_list_lag_seconds: 60 });
    expect((await renew(counter, 'autopay', key)).status).toBe(503);
    at.server.clock.advance(61_000);
    const made = await renew(counter, 'autopay', key);
    expect(made.status).toBe(201);
    // What this test itself lists must not be hidden from it.
    await at.server.fault({ reset: true });
    expect(await mandatesFor(at.server, made.body.id)).toHaveLength(1);
  });

  test('lost in a crash between making it and knowing of it: the same key finds the one mandate', async () => {
    await asked(await at.owner());
    const counter = await at.owner();
    const key = uniqueKey();
    const made = await renew(counter, 'autopay', key);
    // As the crash leaves it.
    await at.server.sql(
      "update mandate set status = 'requested', mandate_id = null, authorisation_url = null where purchase_id = $1",
      [made.body.id],
    );
    await at.server.sql('update idempotency_key set status = null, answer = null where org_id = $1 and key = $2', [
      counter.orgId,
      key,
    ]);
    await at.server.restart();
    expect(await renew(counter, 'autopay', key)).toMatchObject({ status: 201, body: { id: made.body.id } });
    expect((await mandateRow(at.server, made.body)).status).toBe('created');
    expect(await mandatesFor(at.server, made.body.id)).toHaveLength(1);
  });
});

describe('ending autopay', () => {
  test('ends the mandate at the provider, leaves the way to a manual renewal free, and may be asked twice', async () => {
    const counter = await at.owner();
    const made = await agreed(at.server, counter);
    const first = await cancelAutopay(counter);
    expect(first).toMatchObject({ status: 200, body: { renewalMode: 'manual' } });
    expect(await cancelAutopay(counter)).toMatchObject({ status: 200, body: first.body });
    expect((await mandateFor(at.server, made)).status).toBe('cancelled');
    expect((await counter.purchase(made.id)).state).toBe('cancelled');
    expect(await audited(at.server, counter.orgId)).toMatchObject({ 'mandate.ended_by_us': 1, 'mandate.cancelled': 1 });
    await goToDue(at.server, counter);
    expect(await renewalsOf(at.server, counter)).toMatchObject([{ state: 'cancelled', effects: null }]);
  });

  test('is not said while the provider is away: 503, and everything is as it was', async () => {
    const counter = await at.owner();
    await agreed(at.server, counter);
    await at.server.fault({ api_500: true });
    expect(await cancelAutopay(counter)).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
    expect(await modeOf(counter)).toBe('autopay');
  });

  test('by cancelling the purchase that waits for its charge', async () => {
    const counter = await at.owner();
    const made = await agreed(at.server, counter);
    const cancelled = await counter.request<Purchase>('POST', `/api/billing/purchases/${made.id}/cancel`);
    expect(cancelled).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect((await mandateFor(at.server, made)).status).toBe('cancelled');
    expect(await modeOf(counter)).toBe('manual');
  });

  test('of an org that has none is fine', async () => {
    expect((await cancelAutopay(await at.owner())).status).toBe(200);
  });
});
