// A mandate that fails, is paused or ends: renewal by hand again, with the whole grace, and back to autopay when it charges.
import { describe, expect, test } from 'vitest';
import {
  agreed,
  asked,
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

describe('a mandate that does not charge', () => {
  test.each([
    ['pause', 'paused'],
    ['cancel', 'cancelled'],
    ['halt', 'halted'],
  ] as const)('%s: renewal by hand again, at once, and the grace is whole', async (what, status) => {
    const counter = await at.owner();
    const due = await nextDue(counter);
    const made = await agreed(at.server, counter);
    if (what === 'halt') for (let tries = 0; tries < 4; tries += 1) await step(at.server, made, 'fail_charge');
    else await step(at.server, made, what);
    expect((await mandateRow(at.server, made)).status).toBe(status);
    expect(await modeOf(counter)).toBe('manual');
    expect((await counter.purchase(made.id)).state).toBe('cancelled');
    const audit = await audited(at.server, counter.orgId);
    expect(audit[`mandate.${status}`]).toBe(1);
    // What the customer ended is no alarm; what the bank gave up is.
    expect(audit['alarm.mandate_failed'] ?? 0).toBe(what === 'halt' ? 1 : 0);
    await goToDue(at.server, counter, 14);
    expect((await counter.status()).subscription).toMatchObject({ serviceRenewalStatus: 'past_due', daysLeft: 1 });
    const manual = await renew(counter, 'manual');
    expect(manual.status).toBe(201);
    await at.server.play(manual.body.providerOrderId ?? '', 'pay');
    await at.server.settle();
    expect(await nextDue(counter)).toBe(yearLater(due));
  });

  test('a charge that fails loses nothing: pending is noted, the bank’s reason shown, and the next try renews', async () => {
    const counter = await at.owner();
    const due = await nextDue(counter);
    const made = await agreed(at.server, counter);
    await at.server.fault({ charge_fails: true });
    await goToDue(at.server, counter);
    await at.server.fault({ reset: true });
    expect((await mandateRow(at.server, made)).status).toBe('pending');
    expect(await modeOf(counter)).toBe('autopay');
    expect(await counter.purchase(made.id)).toMatchObject({
      state: 'awaiting_payment',
      lastFailure: { description: expect.any(String) },
    });
    expect((await audited(at.server, counter.orgId))['mandate.pending']).toBe(1);
    await goToDue(at.server, counter, 1.1);
    expect(await renewalsOf(at.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
    expect((await mandateRow(at.server, made)).status).toBe('active');
  });

  test('halted by the bank after its tries, then paid after all: the year is renewed, autopay again', async () => {
    const counter = await at.owner();
    const due = await nextDue(counter);
    const made = await agreed(at.server, counter);
    for (let tries = 0; tries < 4; tries += 1) await step(at.server, made, 'fail_charge');
    expect(await modeOf(counter)).toBe('manual');
    await step(at.server, made, 'charge');
    expect(await renewalsOf(at.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
    expect(await modeOf(counter)).toBe('autopay');
  });

  test('resumed: autopay again, and its charge renews the year', async () => {
    const counter = await at.owner();
    const due = await nextDue(counter);
    const made = await agreed(at.server, counter);
    await step(at.server, made, 'pause');
    await step(at.server, made, 'resume');
    expect(await modeOf(counter)).toBe('autopay');
    await goToDue(at.server, counter);
    await at.server.settle();
    expect(await renewalsOf(at.server, counter)).toMatchObject([{ id: made.id, due, ...paid }]);
  });

  test('asked for anew after a halt or a pause: the old one is over at the provider before there is a new one', async () => {
    const counter = await at.owner();
    const old = await agreed(at.server, counter);
    await step(at.server, old, 'pause');
    await at.server.fault({ api_500: true });
    expect((await renew(counter, 'autopay')).status).toBe(503);
    await at.server.fault({ reset: true });
    at.server.clock.advance(60_000);
    const made = await asked(counter);
    expect((await mandateFor(at.server, old)).status).toBe('cancelled');
    expect((await mandateFor(at.server, made)).status).toBe('created');
    await step(at.server, made, 'agree');
    expect(await modeOf(counter)).toBe('autopay');
  });
});
