// Notices of the operating system: what is news, and that nothing is told twice, not even after a restart.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { lookAt, newsBetween } from '../../../main/hosts/electron/news.ts';
import type { OverviewView, PurchaseView } from '../../../shared/contract/views.ts';
import { featuresOf, type RenewalStatus } from '../../../shared/plan/renewal.ts';
import { becomeReady, PlayedCounter, runShell } from './run.ts';

type Facts = {
  status?: RenewalStatus;
  daysLeft?: number;
  available?: number | null;
  state?: 'none' | 'active' | 'revoked';
};

function overview({
  status = 'active',
  daysLeft = 200,
  available = 50_000,
  state = 'active',
}: Facts = {}): OverviewView {
  return {
    session: {
      state,
      serverUrl: 'http://127.0.0.1',
      appVersion: '1',
      orgId: null,
      orgName: null,
      deviceId: null,
      deviceName: null,
    },
    sync: {
      connection: 'online',
      busy: false,
      verifiedAt: null,
      ageSeconds: null,
      nextTryAt: null,
      clock: 'right',
      problem: null,
    },
    plan: {
      owned: status !== 'none',
      purchasedAt: null,
      status,
      nextDue: status === 'none' ? null : '2027-11-22',
      lapsesOn: null,
      daysLeft,
      branchesIncluded: 1,
      prioritySupport: true,
      monthlyCreditGrant: 50_000,
      renewalMode: 'manual',
      features: featuresOf(status),
    },
    credits: available === null ? null : { balance: available, held: 0, available, seq: 1 },
    prices: null,
    pricesIncludeGst: true,
    testMoney: false,
    waiting: 0,
  };
}

function purchase(parts: Partial<PurchaseView> = {}): PurchaseView {
  return {
    id: 'pur_1',
    sku: 'topup.50k',
    quantity: 1,
    state: 'awaiting_payment',
    amountPaise: 250_000,
    credits: 50_000,
    createdAt: '2026-11-22T09:30:00.000Z',
    expiresAt: null,
    paidAt: null,
    invoiceId: null,
    checkoutUrl: null,
    lastFailure: null,
    refundedPaise: 0,
    mine: true,
    deviceName: null,
    sentAt: null,
    newAmountPaise: null,
    reason: null,
    followsId: null,
    followsDevice: null,
    cancellable: true,
    ...parts,
  };
}

const failure = (at: string) => ({ code: 'declined', description: 'Declined', at });
const titles = (before: [OverviewView, PurchaseView[]] | null, after: [OverviewView, PurchaseView[]]) =>
  newsBetween(before === null ? null : lookAt(...before), ...after).map(({ title }) => title);

describe('news of the shop', () => {
  test.each<[string, Facts, Facts, string[]]>([
    ['credits run low', {}, { available: 4_999 }, ['AI credits are running low']],
    ['credits stay low', { available: 4_999 }, { available: 1 }, []],
    ['credits run out', { available: 4_999 }, { available: 0 }, ['No AI credits are left']],
    ['credits are added', { available: 0 }, { available: 50_000 }, []],
    ['credits are first known', { available: null }, { available: 50_000 }, []],
    ['no plan is owned', { status: 'none', available: 0 }, { status: 'none', available: 0 }, []],
    ['30 days are left', { daysLeft: 31 }, { status: 'due_soon', daysLeft: 30 }, ['Renewal is due in 30 days']],
    ['29 days are left', { status: 'due_soon', daysLeft: 30 }, { status: 'due_soon', daysLeft: 29 }, []],
    [
      '12 days are left',
      { status: 'due_soon', daysLeft: 29 },
      { status: 'due_soon', daysLeft: 12 },
      ['Renewal is due in 12 days'],
    ],
    [
      '7 days are left',
      { status: 'due_soon', daysLeft: 12 },
      { status: 'due_soon', daysLeft: 7 },
      ['Renewal is due in 7 days'],
    ],
    [
      '1 day is left',
      { status: 'due_soon', daysLeft: 2 },
      { status: 'due_soon', daysLeft: 1 },
      ['Renewal is due in 1 day'],
    ],
    ['it is due', { status: 'due_soon', daysLeft: 1 }, { status: 'past_due', daysLeft: 15 }, ['Renewal is past due']],
    ['the grace runs on', { status: 'past_due', daysLeft: 15 }, { status: 'past_due', daysLeft: 3 }, []],
    ['it lapses', { status: 'past_due', daysLeft: 1 }, { status: 'lapsed', daysLeft: 0 }, ['Renewal has lapsed']],
    ['it is renewed', { status: 'lapsed', daysLeft: 0 }, { status: 'active' }, []],
    ['the counter is removed', {}, { state: 'revoked' }, ['This counter was removed']],
    ['the counter stays removed', { state: 'revoked' }, { state: 'revoked' }, []],
  ])('%s', (_what, before, after, expected) => {
    expect(titles([overview(before), []], [overview(after), []])).toEqual(expected);
  });

  test.each<[string, PurchaseView[], PurchaseView[], string[]]>([
    ['a payment arrives', [purchase()], [purchase({ state: 'paid' })], ['Payment received']],
    ['a payment arrived while nobody looked', [], [purchase({ state: 'paid' })], ['Payment received']],
    ['a payment fails', [purchase()], [purchase({ lastFailure: failure('a') })], ['Payment failed']],
    ['the same failure', [purchase({ lastFailure: failure('a') })], [purchase({ lastFailure: failure('a') })], []],
    [
      'a second failure',
      [purchase({ lastFailure: failure('a') })],
      [purchase({ lastFailure: failure('b') })],
      ['Payment failed'],
    ],
    [
      'a failure, then money',
      [purchase({ lastFailure: failure('a') })],
      [purchase({ state: 'paid', lastFailure: failure('a') })],
      ['Payment received'],
    ],
    [
      'a price changes',
      [purchase({ state: 'queued' })],
      [purchase({ state: 'needs_confirmation' })],
      ['A purchase needs your decision'],
    ],
    ['a purchase is sent', [purchase({ state: 'queued' })], [purchase()], []],
    ['another counter pays', [purchase({ mine: false })], [purchase({ mine: false, state: 'paid' })], []],
  ])('%s', (_what, before, after, expected) => {
    expect(titles([overview(), before], [overview(), after])).toEqual(expected);
  });

  test('the very first look tells nothing', () => {
    expect(titles(null, [overview({ status: 'lapsed', available: 0 }), [purchase({ state: 'paid' })]])).toEqual([]);
  });

  test('a counter without data has nothing to tell', () => {
    const empty = { ...overview({ state: 'none' }), plan: null, credits: null };
    expect(titles([overview(), []], [empty, []])).toEqual([]);
  });
});

async function running(options: Parameters<typeof runShell>[0] = {}) {
  const counter = new PlayedCounter();
  counter.overview = overview();
  const { fake } = await runShell({ counter, ...options });
  await becomeReady(fake);
  const told = () => fake.desktop.notices.map(({ title }) => title);
  const file = join(fake.app.getPath('userData'), 'told.json');
  const look = async (facts: Facts) => {
    counter.overview = overview(facts);
    counter.tell();
    await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe(JSON.stringify(lookAt(overview(facts), []))));
  };
  return { fake, counter, told, file, look };
}

describe('the desktop', () => {
  test('shows what is news, once, and a click brings the window forward', async () => {
    const { fake, told, look } = await running();
    await look({});
    await look({ available: 10 });
    await look({ available: 10, status: 'lapsed', daysLeft: 0 });
    expect(told()).toEqual(['AI credits are running low', 'Renewal has lapsed']);
    expect(fake.desktop.notices.every(({ shown, body }) => shown && body !== '')).toBe(true);
    fake.firstWindow().hide();
    fake.desktop.notices[0]?.events.fire('click');
    fake.desktop.notices[0]?.events.fire('close');
    expect(fake.firstWindow().visible).toBe(true);
  });

  test('tells nothing again after a restart', async () => {
    const first = await running();
    await first.look({});
    await first.look({ available: 10 });
    const again = await running({ userData: first.fake.app.getPath('userData') });
    await again.look({ available: 9, status: 'lapsed', daysLeft: 0 });
    expect(again.told()).toEqual(['Renewal has lapsed']);
  });

  test('forgets rather than fails when its file is damaged', async () => {
    const { file, look, told } = await running();
    await look({});
    writeFileSync(file, '{"credits":');
    const again = await running({ userData: join(file, '..') });
    await again.look({ available: 10 });
    expect([...told(), ...again.told()]).toEqual([]);
  });

  test('goes on after a look that failed, was refused, or came while the counter stops', async () => {
    const { counter, told, file, look } = await running();
    await look({});
    const looks = () => counter.happened.filter((what) => what === 'call purchases.list').length;
    for (const answer of ['nonsense', 'refusal', 'close'] as const) {
      counter.listed = answer;
      const before = looks();
      counter.tell();
      await vi.waitFor(() => expect(looks()).toBe(before + 1));
    }
    await vi.waitFor(() => expect(readFileSync(join(file, '../logs/counter.log'), 'utf8')).toContain('notices failed'));
    counter.listed = 'purchases';
    await look({ available: 10 });
    expect(told()).toEqual(['AI credits are running low']);
  });

  test('is not asked again while nothing has changed', async () => {
    const { counter, file, look } = await running();
    await look({});
    rmSync(file);
    counter.tell();
    counter.tell();
    await vi.waitFor(() => expect(counter.happened.filter((what) => what === 'call purchases.list')).toHaveLength(3));
    expect(existsSync(file)).toBe(false);
  });

  test('is left alone where it shows no notices', async () => {
    const { counter, told, file } = await running({ notifications: false });
    counter.tell();
    expect(told()).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });
});
