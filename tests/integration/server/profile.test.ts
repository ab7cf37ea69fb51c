// The buyer's profile: changed by any counter of the org, on paper from the next invoice on, and never on an issued one.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Activation } from '../../../shared/contract/devices.ts';
import type { InvoiceList } from '../../../shared/contract/invoices.ts';
import type { Profile } from '../../../shared/contract/profile.ts';
import { watch } from './event-stream.ts';
import { changesNothing } from './facts.ts';
import { goodBodies, goodGstin } from './refusal-bodies.ts';
import { type Counter, counterOf, orderOf, type Started, started } from './started.ts';

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());

const good = goodBodies['/api/billing/profile'];
const change = (by: Counter, changes: Record<string, unknown>) =>
  by.request<Profile>('PUT', '/api/billing/profile', { body: { ...good, ...changes } });
const read = async (by: Counter) => (await by.request<Profile>('GET', '/api/billing/profile')).body;
const documents = async (by: Counter) => (await by.request<InvoiceList>('GET', '/api/billing/invoices')).body.items;

async function topUp(counter: Counter): Promise<void> {
  const topup = await counter.topUp(1);
  await server.play(orderOf(topup), 'pay');
  await server.settle();
}

describe('a profile', () => {
  test('is what sign-up said, until it is changed', async () => {
    const counter = await server.signUp({ gstin: goodGstin, phone: '+91 98220 12345', email: 'a@example.in' });
    const before = await read(counter);
    expect(before).toEqual({
      ...good,
      gstin: goodGstin,
      phone: '+91 98220 12345',
      email: 'a@example.in',
      warnings: [],
    });
    const after = { ...good, legalName: 'Asha & Sons', address: '1 FC Road, Pune', pin: '411004', phone: null };
    const answer = await change(counter, { ...after, gstin: ' 27-aapfu0939f1zv ' });
    expect(answer).toMatchObject({ status: 200, body: { ...after, gstin: goodGstin, warnings: [] } });
    expect(await read(counter)).toEqual(answer.body);
  });

  test('of another PIN than the state has is taken, with a warning; one whose PINs are not known has none', async () => {
    const counter = await server.signUp({ pin: '560001' });
    expect((await read(counter)).warnings).toEqual(['pin_of_another_state']);
    expect((await change(counter, { pin: '411001' })).body.warnings).toEqual([]);
    expect((await change(counter, { stateCode: '36', pin: '411001' })).body.warnings).toEqual([]);
    expect((await change(counter, { legalName: 'அருண் மருந்தகம்' })).body.warnings).toEqual(['letters_not_printable']);
  });

  test('is changed by any counter of the org, with an audit row of who changed what, and all counters are told', async () => {
    const counter = await server.signUp();
    const stream = await watch(server, counter.deviceToken);
    await expect.poll(() => stream.events.length).toBe(1);
    const { body: code } = await counter.request<{ code: string }>('POST', '/api/devices/join-codes');
    const joined = await server.request<Activation>('POST', '/api/devices/join', {
      body: { code: code.code, deviceName: 'Second' },
    });
    const second = counterOf(server, joined.body);
    await expect.poll(() => stream.events.length).toBe(2);
    await change(second, { legalName: 'Asha Chemists', stateCode: '29', pin: '560001' });
    await expect.poll(() => stream.events.length).toBe(3);
    stream.close();
    const rows = await server.sql(
      "select actor, subject, details from billing_audit_log where org_id = $1 and action = 'org.profile_changed'",
      [counter.orgId],
    );
    expect(rows).toEqual([
      {
        actor: second.deviceId,
        subject: counter.orgId,
        details: {
          legalName: { from: 'Asha Medicals', to: 'Asha Chemists' },
          stateCode: { from: '27', to: '29' },
          pin: { from: '411001', to: '560001' },
        },
      },
    ]);
  });

  test('that is said again as it is changes nothing', async () => {
    const counter = await server.signUp();
    await changesNothing(server, async () => expect((await change(counter, {})).status).toBe(200));
  });
});

describe('an invoice', () => {
  test('has the profile of the moment that it is issued in; the ones before it stay as they are', async () => {
    const counter = await server.signUp({ gstin: goodGstin });
    await counter.ownPlan();
    const [first] = await documents(counter);
    await change(counter, {
      legalName: 'Tulsi Pharma',
      address: '9 Residency Road, Bengaluru',
      stateCode: '29',
      pin: '560025',
    });
    await topUp(counter);
    const [second, still] = await documents(counter);
    expect(still).toEqual(first);
    expect(first).toMatchObject({ buyer: { legalName: 'Asha Medicals', gstin: goodGstin }, placeOfSupply: '27' });
    expect(second).toMatchObject({
      buyer: { legalName: 'Tulsi Pharma', gstin: null, stateCode: '29', pin: '560025' },
      placeOfSupply: '29',
      igstPaise: 38_136,
      cgstPaise: 0,
      totalPaise: 250_000,
    });
  });

  test('of a purchase from before a change of state is still of exactly what was paid', async () => {
    const own = await started({ PRICES_INCLUDE_GST: 'false' });
    const counter = await own.signUp();
    await counter.ownPlan();
    const topup = await counter.topUp(7);
    await change(counter, { stateCode: '29', pin: '560001' });
    await own.play(orderOf(topup), 'pay');
    await own.settle();
    const [invoice] = await documents(counter);
    expect(invoice).toMatchObject({ purchaseId: topup.id, totalPaise: topup.amountPaise, placeOfSupply: '29' });
    await own.dispose();
  });
});
