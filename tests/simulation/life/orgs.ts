// How pharmacies live: when they sign up, buy, renew, top up, spend, and what their customers' money does at the provider. The
// seed decides; each event plans what follows it.
import { type Chance, chanceOf, oneOf } from '../storm/chance.ts';
import { dateAt, monthAfter, monthAt, plusDays, startOf, startOfMonth } from './auditor-calendar.ts';
import { ask, buy, type Counter, readStatus, signUp, spend } from './counter.ts';
import { noteThat } from './notes.ts';
import { sendBack } from './operator.ts';
import { day, hour, minute, second, type World } from './world.ts';

interface Life {
  readonly world: World;
  readonly chance: Chance;
  readonly counter: Counter;
  bought: number;
}

/** Days that calendars get wrong, and how far into the day somebody signs up. */
function signUpTime(world: World, chance: Chance): number {
  // In a short run all of them come early, so that their years end in it.
  const all = world.end - world.begin;
  const span = Math.min(0.6 * all, Math.max(0.1 * all, all - 460 * day));
  const at = world.begin + chance.next() * span;
  if (chance.is(0.6) || span < 200 * day) return at;
  const year = Number(dateAt(at).slice(0, 4));
  const dates = [
    `${year}-03-31`,
    `${year}-12-31`,
    `${year}-02-28`,
    plusDays(`${year}-02-28`, 1),
    `${year}-04-30`,
    `${year}-08-31`,
    '2028-02-29',
  ];
  const date = dates[chance.below(dates.length)] ?? dateAt(at);
  const begin = startOf(date);
  return begin > world.begin && begin < world.end - 40 * day
    ? begin - chance.below(3) * hour + chance.below(20) * hour
    : at;
}

export function planOrg(world: World, number: number): void {
  const chance = chanceOf(world.seed, 'life', number);
  const at = signUpTime(world, chance);
  const act = async () => {
    const life: Life = { world, chance, counter: await signUp(world, world.seed, number), bought: 0 };
    world.counters.set(number, life.counter);
    if (chance.is(0.04)) return noteThat(world.notes, 'never bought a plan');
    if (chance.is(0.85)) await buyPlan(life);
    else later(life, chance.below(20) * day, () => buyPlan(life));
  };
  world.doings.plan(at, { org: number, act });
}

function later({ world, counter }: Life, after: number, act: () => Promise<void>): void {
  const at = world.now() + after;
  if (at < world.end) world.doings.plan(at, { org: counter.number, act });
}

const idOf = (life: Life): string => {
  life.bought += 1;
  return `pur_l${life.world.seed}-${life.counter.number}-${life.bought}`;
};

async function buyPlan(life: Life): Promise<void> {
  const { world, chance } = life;
  const bought = await buy(world, life.counter, { sku: 'plan.pharmapulse-one', packs: 1, id: idOf(life) });
  const paid = bought === null ? false : pays(life, bought.order, []);
  if (bought !== null && paid) mayGoBack(life, bought.id, 0.06);
  if (!paid) return later(life, 4 * day + chance.below(20) * day, () => buyPlan(life));
  if (life.bought > 1 && chance.is(0.5)) return;
  later(life, 6 * day, () => considerRenewal(life));
  later(life, chance.below(30) * day, () => topUp(life));
  later(life, chance.below(20) * day, () => spendSome(life));
}

/** The instants near which a mistake would show, from now until the last hour in which the purchase is looked at. */
function edges(now: number, more: readonly number[]): number[] {
  const until = now + 4.8 * day;
  const month = startOfMonth(monthAfter(monthAt(now)));
  const nights = [1, 2, 3].map((days) => startOf(plusDays(dateAt(now), days)));
  const near = [month, month, ...more, ...more, ...more].filter((at) => at > now + minute && at < until - hour);
  return near.length > 0 ? near : nights;
}

const nearby = [-1, 0, 1, -59, 60, -3600] as const;

/** Plans what becomes of an order; whether it is paid at all. */
function pays(life: Life, order: string, boundaries: readonly number[]): boolean {
  const { world, chance } = life;
  const now = world.now();
  const fate = oneOf(chance, { soon: 45, edge: 35, days: 8, expired: 5, failsFirst: 4, never: 5 });
  noteThat(world.notes, `money: ${fate}`);
  const around = edges(now, boundaries);
  const edge = (around[chance.below(around.length)] ?? now) + (nearby[chance.below(nearby.length)] ?? 0) * second;
  const soon = now + 5 * second + chance.below(2 * hour);
  const times = {
    soon,
    edge,
    days: now + chance.below(2.9 * day),
    expired: now + 3 * day + minute + chance.below(1.7 * day),
    failsFirst: soon,
    never: 0,
  };
  if (fate === 'never') return false;
  const { book } = world.provider;
  if (fate === 'failsFirst') world.money.plan(now + second, () => book.fail(order));
  world.money.plan(
    Math.max(times[fate], now + 2 * second),
    () => void (book.orders.get(order)?.status === 'paid' || book.pay(order)),
  );
  return true;
}

function mayGoBack(life: Life, purchase: string, share: number): void {
  const { chance } = life;
  if (chance.is(share)) later(life, 5 * day + chance.below(150) * day, () => goBack(life, purchase));
}

async function goBack(life: Life, purchase: string): Promise<void> {
  await sendBack(life.world, life.chance, life.counter.org, purchase);
  later(life, daysToComeBack(life) * day + hour, async () => {
    const { plan } = await readStatus(life.world, life.counter);
    if (plan === null && life.chance.is(0.7)) await buyPlan(life);
  });
}

/** Half of them come back within two days. */
const daysToComeBack = ({ chance }: Life): number => chance.below(chance.is(0.5) ? 2 : 25);

async function topUp(life: Life): Promise<void> {
  const { world, chance } = life;
  const bought = await buy(world, life.counter, { sku: 'topup.50k', packs: 1 + chance.below(3), id: idOf(life) });
  if (bought !== null && pays(life, bought.order, [])) mayGoBack(life, bought.id, 0.12);
  later(life, (20 + chance.below(200)) * day, () => topUp(life));
}

async function spendSome(life: Life): Promise<void> {
  const { world, counter, chance } = life;
  const { body } = await ask(world, counter, { method: 'GET', path: '/api/credits/balance' });
  const { available } = body as { available: number };
  const amount = chance.is(0.15) && available > 0 ? available : 1 + chance.below(30_000);
  life.bought += 1;
  await spend(world, counter, amount, `spend-${counter.number}-${life.bought}`);
  later(life, chance.below(40) * day, () => spendSome(life));
}

/** Decides how this service year will be renewed, if at all. */
async function considerRenewal(life: Life): Promise<void> {
  const { world, chance } = life;
  const { nextDue } = await readStatus(world, life.counter);
  // The plan's money was not heard of yet, went back, or years are paid ahead.
  if (nextDue === null || startOf(nextDue) > world.now() + 800 * day)
    return later(life, 60 * day, () => considerRenewal(life));
  const due = startOf(nextDue);
  const manner = oneOf(chance, {
    atOnce: 6,
    early: 12,
    soon: 20,
    dueEdge: 14,
    grace: 14,
    lapseEdge: 14,
    late: 16,
    never: 4,
  });
  noteThat(world.notes, `renewal: ${manner}`);
  const at = {
    ...{
      atOnce: world.now() + hour,
      early: due - (31 + chance.below(200)) * day,
      soon: due - (2 + chance.below(28)) * day,
    },
    ...{
      dueEdge: due - chance.below(3 * day),
      grace: due + chance.below(11 * day),
      lapseEdge: due + 15 * day - chance.below(3 * day),
    },
    ...{ late: due + (15 + chance.below(160)) * day, never: 0 },
  }[manner];
  if (manner === 'never') return;
  const boundaries = [due, due + 15 * day];
  later(life, Math.max(hour, at - world.now()), () => renew(life, boundaries));
}

async function renew(life: Life, boundaries: readonly number[]): Promise<void> {
  const { world, counter, chance } = life;
  const bought = await buy(world, counter, { sku: 'renewal.year', packs: 1, id: idOf(life) });
  const again = () => later(life, 6 * day + chance.below(5 * day), () => considerRenewal(life));
  if (bought === null) return again();
  if (chance.is(0.08)) {
    // Changed their mind, asked again, and then both bills were paid.
    await ask(world, counter, { method: 'POST', path: `/api/billing/purchases/${bought.id}/cancel` });
    const second = await buy(world, counter, { sku: 'renewal.year', packs: 1, id: idOf(life) });
    noteThat(world.notes, 'renewed twice');
    if (second !== null) pays(life, second.order, boundaries);
  }
  if (pays(life, bought.order, boundaries)) mayGoBack(life, bought.id, 0.12);
  again();
}
