// One world: a pharmacy with 2 to 6 counters, what its people and the operator do, and what befalls the counters. All of it is
// decided by the seed; time is the batch's. Knows nothing of how the auditor judges.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { PurchaseView } from '../../../shared/contract/views.ts';
import type { Order } from '../storm/book.ts';
import { type Chance, chanceOf, oneOf } from '../storm/chance.ts';
import { rot } from './rot.ts';
import { type Diary, note, openDiary } from './diary.ts';
import { Pc } from './pc.ts';
import type { Provider } from './provider.ts';
import { type Ask, createWire, type Reply, type Weather } from './wire.ts';

export interface Ground {
  readonly folder: string;
  readonly now: () => number;
  readonly provider: () => Provider;
  readonly ask: (ask: Ask, from: string) => Promise<Reply>;
  readonly openStream: (signal: AbortSignal, headers: Record<string, string>) => Promise<Response>;
  readonly adminToken: string;
}

const prices = { 'plan.pharmapulse-one': 1_500_000, 'renewal.year': 100_000, 'topup.50k': 250_000 } as const;
type Sku = keyof typeof prices;

export interface World {
  readonly seed: number;
  readonly diary: Diary;
  readonly pcs: readonly Pc[];
  /** One step at the batch's time, `since` milliseconds after the one before. */
  step(number: number, since: number): Promise<void>;
  /** The network is whole again, everybody is switched on, and nobody presses anything. */
  heal(number: number, since: number): Promise<void>;
  end(): Promise<void>;
  /** What it waits for, where SIM_TRACE is set. */
  readonly under: ReadonlySet<string>;
}

export function createWorld(seed: number, ground: Ground): World {
  const diary = openDiary(seed);
  const chance = chanceOf(seed, 'world');
  const busy = createBusy();
  const folder = mkdtempSync(join(ground.folder, `w${seed}-`));
  const count = Number(oneOf(chance, { '2': 46, '3': 30, '4': 14, '5': 6, '6': 4 }));
  const address = (pc: number) => `10.${(seed >> 12) & 255}.${(seed >> 4) & 255}.${((seed & 15) << 4) + pc}`;
  const pcs = Array.from({ length: count }, (_, number) => {
    const own = chanceOf(seed, 'pc', number);
    const name = `counter${number}`;
    const noting = (what: string) => note(diary, what);
    const wire = createWire({
      chance: chanceOf(seed, 'wire', number),
      now: ground.now,
      ask: (ask) => busy.during(ground.ask(ask, address(number))),
      note: noting,
    });
    const pc: Pc = new Pc({
      ...{ number, name, folder, chance: own, wire, now: ground.now, during: busy.during, note: noting },
      openStream: ground.openStream,
      quarrel: (what) => diary.quarrels.push(what),
      sent: (what) => diary.sent.push({ pc: number, at: ground.now(), ...what }),
    });
    return pc;
  });
  const world: Doing = { seed, ground, diary, chance, pcs, busy, presses: 0, joining: new Set(), calm: chance.is(0.8) ? 4 : 1 };
  return {
    seed,
    diary,
    pcs,
    under: busy.under,
    async step(number, since) {
      await weather(world, number);
      await carryOn(pcs, since);
      await people(world, number);
      await busy.settled();
      if (chance.is(0.3)) look(world);
    },
    async heal(number, since) {
      await mend(world, number);
      await carryOn(pcs, since);
      await busy.settled();
      if (number !== 1) look(world);
    },
    async end() {
      for (const pc of pcs) await pc.end();
      await busy.settled();
    },
  };
}

interface Doing {
  readonly seed: number;
  readonly ground: Ground;
  readonly diary: Diary;
  readonly chance: Chance;
  readonly pcs: readonly Pc[];
  readonly busy: Busy;
  readonly joining: Set<Pc>;
  presses: number;
  /** So many steps are without faults, so that there is a pharmacy to have them. */
  readonly calm: number;
}

/** Work that played time must wait for. */
interface Busy {
  during<T>(work: Promise<T>): Promise<T>;
  readonly under: ReadonlySet<string>;
  settled(): Promise<void>;
}

function createBusy(): Busy {
  let running = 0;
  const under = new Set<string>();
  let idle: (() => void) | null = null;
  const leave = () => {
    running -= 1;
    if (running === 0) idle?.();
  };
  return {
    during(work) {
      running += 1;
      const name = process.env.SIM_TRACE === undefined ? '' : (new Error('under way').stack ?? '');
      under.add(name);
      const gone = () => {
        under.delete(name);
        leave();
      };
      work.then(gone, gone);
      return work;
    },
    under,
    async settled() {
      do {
        if (running > 0)
          await new Promise<void>((resolve) => {
            idle = resolve;
          });
        // What follows from an answer may need some turns before it asks again.
        for (let turns = 0; turns < 4 && running === 0; turns += 1) await turn();
      } while (running > 0);
    },
  };
}

/** What the server said is heard first, then timers: a stream on which there was a word is not taken for dead. */
async function carryOn(pcs: readonly Pc[], since: number): Promise<void> {
  for (const pc of pcs) {
    if (pc.parts.wire.weather !== 'offline') pc.parts.wire.release();
    pc.hear(since >= 15_000);
  }
  await turn();
  for (const pc of pcs) pc.fire();
}

// What befalls the counters.

async function weather(world: Doing, number: number): Promise<void> {
  const { chance, pcs } = world;
  for (const pc of pcs) {
    if (number < world.calm) await calmStart(pc);
    else await befall(world, pc);
  }
}

async function calmStart(pc: Pc): Promise<void> {
  if (!pc.on) await begin(pc, null, true);
}

async function begin(pc: Pc, cutIn: number | null, booted: boolean): Promise<void> {
  await pc.end();
  const { chance } = pc.parts;
  pc.streamMode = oneOf(chance, { muted: 6, refused: 1, open: 2 });
  pc.asleep = false;
  await pc.start(cutIn, booted);
}

const clockFaults = [0, 7_200_000, -7_200_000, 86_400_000, -3_000_000_000_000, 3_000_000_000_000, 150_000];

async function befall(world: Doing, pc: Pc): Promise<void> {
  const { chance, diary } = world;
  const { wire } = pc.parts;
  const before = wire.weather;
  wire.weather = oneOf<Weather>(chance, { calm: 5, rough: 4, offline: 2 });
  if (wire.weather === 'offline' && before !== 'offline') pc.breakStreams();
  wire.pageSize = chance.is(0.15) ? 1 + chance.below(3) : null;
  if (chance.is(0.06)) {
    pc.skewMs = clockFaults[chance.below(clockFaults.length)] ?? 0;
    note(diary, 'clock jumped');
  }
  if (!pc.on) {
    if (chance.is(0.5)) await switchOn(world, pc);
    return;
  }
  if (pc.asleep) {
    if (chance.is(0.55)) return;
    pc.asleep = false;
    note(diary, 'woke up');
    if (chance.is(0.5)) pc.wake();
  } else if (chance.is(0.4)) {
    pc.asleep = true;
    note(diary, 'fell asleep');
    return;
  }
  if (chance.is(0.06)) {
    await pc.end();
    note(diary, 'switched off');
  } else if (chance.is(0.03)) pc.cutNow();
  else if (chance.is(0.14)) pc.cutAfterWrites(1 + chance.below(25));
  else if (chance.is(0.08)) pc.wireCut = { in: 1 + chance.below(4), when: chance.is(0.6) ? 'after' : 'before' };
}

async function switchOn(world: Doing, pc: Pc): Promise<void> {
  const { chance, diary } = world;
  await pc.end();
  if (chance.is(0.12)) note(diary, rot(pc.folder, chance));
  await begin(pc, chance.is(0.08) ? 1 + chance.below(12) : null, chance.is(0.5));
}

// What people do.

async function people(world: Doing, number: number): Promise<void> {
  const { chance, pcs, diary } = world;
  const [first] = pcs;
  if (first === undefined) return;
  if (diary.orgId === null) {
    signUp(world, first);
    return;
  }
  for (const pc of pcs) if (pc.on && !pc.asleep && (pc.deviceId === null || (pc.refused && chance.is(0.5)))) joinOrg(world, pc);
  if (number === 1 || (number < 5 && chance.is(0.2))) press(world, first, 'plan.pharmapulse-one', 1);
  if (number === 2) payOne(world);
  if (number < 3) return;
  const doings = number === 3 ? 1 : 3 + chance.below(3);
  for (let one = 0; one < doings; one += 1) await doSomething(world);
}

const wishes = {
  topup: 24,
  plan: 2,
  renewal: 5,
  'same renewal': 5,
  cancel: 12,
  pay: 26,
  'pay late': 5,
  refuse: 5,
  short: 1,
  sync: 8,
  spend: 8,
  refund: 4,
  revoke: 2,
  'old price': 2,
  close: 3,
} as const;

async function doSomething(world: Doing): Promise<void> {
  const { chance, pcs } = world;
  const pc = pcs[chance.below(pcs.length)];
  if (pc === undefined) return;
  const wish = oneOf(chance, wishes);
  switch (wish) {
    case 'topup':
      return press(world, pc, 'topup.50k', 1 + chance.below(3));
    case 'plan':
      return press(world, pc, 'plan.pharmapulse-one', 1);
    case 'renewal':
      return press(world, pc, 'renewal.year', 1);
    case 'same renewal': {
      note(world.diary, 'renewal pressed on two counters');
      press(world, pc, 'renewal.year', 1);
      return press(world, pcs[(pc.parts.number + 1) % pcs.length] ?? pc, 'renewal.year', 1);
    }
    case 'old price':
      return press(world, pc, 'topup.50k', 1, 1000);
    case 'cancel':
      return cancel(world, pc);
    case 'pay':
      return payOne(world);
    case 'pay late':
      return payLate(world);
    case 'short':
      return payShort(world);
    case 'refuse':
      return refuse(world);
    case 'close':
      return note(world.diary, 'checkout closed');
    case 'sync':
      void pc.call('sync.now', {});
      return;
    case 'spend':
      return spend(world, pc);
    case 'refund':
      return refund(world);
    case 'revoke':
      return revoke(world, pc);
  }
}

function signUp({ seed, diary, ground }: Doing, pc: Pc): void {
  const input = {
    ...{ legalName: `Pharmacy ${seed}`, address: '12 MG Road, Pune', stateCode: '27', pin: '411001' },
    deviceName: pc.parts.name,
  } as const;
  void pc.call('session.signUp', input).then((answer) => {
    if (!answer.ok || answer.value.orgId === null) return;
    diary.orgId = answer.value.orgId;
    ground.provider().diceOf(diary.orgId, chanceOf(seed, 'provider'));
  });
}

/** With a code from any counter that has one to give. */
function joinOrg({ pcs, joining }: Doing, pc: Pc): void {
  const host = pcs.find((one) => one !== pc && one.on && !one.asleep && one.deviceId !== null && !one.refused);
  if (host === undefined || joining.has(pc)) return;
  joining.add(pc);
  void host.call('devices.joinCode', {}).then(async (code) => {
    joining.delete(pc);
    if (code.ok) await pc.call('session.join', { code: code.value.code, deviceName: pc.parts.name });
  });
}

function press(world: Doing, pc: Pc, sku: Sku, quantity: number, cheaper = 0): void {
  const { diary, chance, seed } = world;
  if (!pc.on) return;
  world.presses += 1;
  const intent = `press-${seed}-${world.presses}-${pc.parts.name}`;
  const paise = prices[sku] * quantity - cheaper;
  const made = { pc: pc.parts.number, intent, sku, quantity, paise, at: world.ground.now(), id: null as string | null };
  diary.presses.push(made);
  const wish = { intent, sku, quantity, expectedAmountPaise: paise };
  const times = chance.is(0.1) ? 2 : 1;
  if (times === 2) note(diary, 'pressed twice');
  for (let time = 0; time < times; time += 1)
    void pc.call('purchases.queue', wish).then((answer) => {
      if (!answer.ok) return note(diary, `press refused: ${answer.error.code}`);
      note(diary, `queued ${sku}`);
      if (made.id !== null && made.id !== answer.value.id) diary.quarrels.push(`${intent} became two items`);
      made.id = answer.value.id;
    });
}

async function cancel({ chance, diary }: Doing, pc: Pc): Promise<void> {
  if (!pc.on || pc.asleep) return;
  void pc.call('purchases.list', { limit: 500, offset: 0 }).then((list) => {
    if (!list.ok) return;
    const mine = list.value.items.filter((one: PurchaseView) => one.cancellable);
    const one = mine[chance.below(Math.max(1, mine.length))];
    if (one === undefined) return;
    if (one.state === 'needs_confirmation' && chance.is(0.5)) {
      note(diary, 'new price agreed to');
      return void pc.call('purchases.confirmPrice', { id: one.id, amountPaise: one.newAmountPaise ?? 0 });
    }
    void pc.call('purchases.cancel', { id: one.id }).then((answer) => {
      if (!answer.ok) return note(diary, `cancel refused: ${answer.error.code}`);
      note(diary, `cancelled ${one.state}${one.sentAt === null ? ' unsent' : ''}`);
      diary.cancelled.add(one.id);
    });
  });
}

const ordersOf = ({ ground, diary }: Doing): Order[] =>
  [...ground.provider().book.orders.values()].filter(
    ({ notes }) => (notes as { orgId?: string }).orgId === diary.orgId,
  );

function unpaid(world: Doing): Order | undefined {
  const open = ordersOf(world).filter(({ status }) => status !== 'paid');
  return open[world.chance.below(Math.max(1, open.length))];
}

function payOne(world: Doing): void {
  const order = unpaid(world);
  if (order === undefined) return;
  note(world.diary, 'paid');
  world.ground.provider().book.pay(order.id);
}

/** The oldest link that somebody still has open, whatever became of its purchase. */
function payLate(world: Doing): void {
  const order = ordersOf(world).find(({ status, createdAt }) => status !== 'paid' && createdAt * 1000 < world.ground.now() - 3 * 86_400_000);
  if (order === undefined) return;
  note(world.diary, 'paid after its end');
  world.ground.provider().book.pay(order.id);
}

function payShort(world: Doing): void {
  const order = unpaid(world);
  if (order === undefined) return;
  note(world.diary, 'paid too little');
  world.ground.provider().book.pay(order.id, order.amount - 100);
}

function refuse(world: Doing): void {
  const order = unpaid(world);
  if (order === undefined) return;
  note(world.diary, 'bank refused');
  world.ground.provider().book.fail(order.id);
}

/** The shop uses credits, which makes entries. */
function spend({ ground, chance, diary, busy }: Doing, { token, refused }: Pc): void {
  if (token === null || refused) return;
  const body = JSON.stringify({ amount: 1 + chance.below(900), feature: 'ai.assist' });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': `spend-${chance.below(1e9)}` };
  const asked = ground.ask({ method: 'POST', path: '/api/credits/spend', headers, body }, '127.0.0.1');
  void busy.during(asked).then(({ status }) => note(diary, status === 200 ? 'credits spent' : `spend refused ${status}`));
}

/** An operator sends a payment back. */
function refund(world: Doing): void {
  const { ground, chance, diary, busy } = world;
  const paid = ordersOf(world).filter(({ status, payments }) => status === 'paid' && payments.every((one) => one.refunds.length === 0));
  const order = paid[chance.below(Math.max(1, paid.length))];
  if (order === undefined) return;
  const { purchaseId } = order.notes as { purchaseId: string };
  const headers = { authorization: `Bearer ${ground.adminToken}`, 'content-type': 'application/json' };
  const ask = { method: 'POST', path: `/api/admin/purchases/${purchaseId}/refund`, headers, body: '{"reason":"asked for"}' };
  void busy.during(ground.ask(ask, '127.0.0.1')).then(({ status }) => note(diary, status === 202 ? 'refunded' : `refund refused ${status}`));
}

function revoke({ ground, pcs, diary, busy }: Doing, pc: Pc): void {
  const by = pcs.find((one) => one !== pc && one.token !== null && !one.refused);
  if (by === undefined || pc.deviceId === null || pc.refused) return;
  const ask = { method: 'DELETE', path: `/api/devices/${pc.deviceId}`, headers: { authorization: `Bearer ${by.token}` }, body: undefined };
  void busy.during(ground.ask(ask, '127.0.0.1')).then(({ status }) => {
    if (status === 204) note(diary, 'revoked');
  });
}

// The end.

async function mend(world: Doing, number: number): Promise<void> {
  for (const pc of world.pcs) {
    pc.parts.wire.weather = 'calm';
    pc.parts.wire.pageSize = null;
    pc.wireCut = null;
    if (!pc.on) await begin(pc, null, true);
    else pc.cutAfterWrites(Number.MAX_SAFE_INTEGER);
    if (pc.asleep) {
      pc.asleep = false;
      pc.wake();
    }
    // Most of those that were shut out join again; some never do.
    if ((pc.deviceId === null || pc.refused) && number < 1 && !(world.seed % 3 === 0)) joinOrg(world, pc);
  }
  await world.busy.settled();
}

/** What each screen says, beside the server's time. */
function look({ pcs, diary, ground }: Doing): void {
  for (const pc of pcs) {
    if (pc.asleep) continue;
    const view = pc.status();
    if (view === null || view.credits === null) continue;
    const { connection, verifiedAt, ageSeconds } = view.sync;
    const { seq, balance } = view.credits;
    diary.looks.push({ pc: pc.parts.number, at: ground.now(), connection, verifiedAt, ageSeconds, seq, balance });
  }
}
