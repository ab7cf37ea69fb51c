// The counters and customers of the storm: each org signs up, buys the plan and then credits, with ids and keys of its own, and
// asks again until it is answered; what its customers do is decided by the seed alone.
import { setTimeout as pause } from 'node:timers/promises';
import type { Asked } from './auditor.ts';
import type { Book } from './book.ts';
import { type Chance, chanceOf, oneOf } from './chance.ts';
import type { Answer, Servers } from './servers.ts';

/** What becomes of a purchase, and how often of 100. */
const fates = {
  pays: 74,
  failsThenPays: 8,
  abandons: 5,
  failsOnly: 2,
  cancelsAndPays: 2,
  paysAfterExpiry: 2,
  paysTooLittle: 1,
  refundedInPart: 2,
  refundedInFull: 1,
  sentBackByOperator: 3,
} as const;
export type Fate = keyof typeof fates;

/** So often a counter asks for credits before it gives up on its plan, which was paid long ago. */
const mostWaits = 60;

export interface Intent extends Asked {
  readonly fate: Fate;
}

export interface Notes {
  readonly intents: Intent[];
  /** What was answered otherwise than the contract says. */
  readonly quarrels: string[];
  twins: number;
  repeats: number;
  returns: number;
  waitedForPlan: number;
}

export interface World {
  readonly seed: number;
  readonly servers: Servers;
  readonly book: Book;
  readonly notes: Notes;
  /** Told after each purchase that was answered. */
  readonly onBought: () => void;
}

interface Counter {
  readonly number: number;
  readonly org: string;
  readonly token: string;
  readonly address: string;
}

/** An org's life: `purchases` of which the first is its plan. */
export async function liveAsOrg(world: World, number: number, purchases: number): Promise<void> {
  const chance = chanceOf(world.seed, 'org', number);
  const counter = await signUp(world, chance, number);
  const plan = await buy(world, counter, chance, 'plan', 0, chance.is(0.1) ? 'failsThenPays' : 'pays');
  if (plan === null) return;
  let next = 1;
  if (chance.is(0.08)) {
    // Changed their mind, bought it again, and then both bills were paid.
    await cancel(world, counter, chance, plan.id);
    const second = await buy(world, counter, chance, 'plan', next, 'pays');
    next += 1;
    if (second !== null) await customer(world, counter, chance, second);
  }
  await customer(world, counter, chance, plan);
  const lane = async (own: Chance) => {
    while (next < purchases) {
      const at = next;
      next += 1;
      const bought = await buy(world, counter, own, 1 + own.below(20), at, oneOf(own, fates), plan);
      if (bought === null) return;
      await customer(world, counter, own, bought);
    }
  };
  await Promise.all([1, 2].map((of) => lane(chanceOf(world.seed, 'org', number, of))));
}

const json = { 'content-type': 'application/json' };

async function signUp({ servers, seed }: World, chance: Chance, number: number): Promise<Counter> {
  // Sign-ups are limited by address: each org has its own.
  const address = `127.${10 + (number >> 14)}.${(number >> 7) & 127}.${1 + (number & 127)}`;
  const body = {
    legalName: `Storm Medicals ${seed}-${number}`,
    address: '12 MG Road',
    stateCode: ['27', '29', '07'][chance.below(3)],
    pin: '411001',
    deviceName: 'Front counter',
  };
  const asking = { method: 'POST', path: '/api/orgs', headers: json, body: JSON.stringify(body), from: address };
  const answer = await servers.ask(chance.below(2), asking);
  if (answer.status !== 201) throw new Error(`sign-up: ${answer.status} ${JSON.stringify(answer.body)}`);
  const { orgId, deviceToken } = answer.body as { orgId: string; deviceToken: string };
  return { number, org: orgId, token: deviceToken, address };
}

interface Shown {
  readonly id: string;
  readonly providerOrderId: string | null;
  readonly amountPaise: number;
  readonly checkoutUrl: string | null;
}

export interface Bought extends Intent {
  readonly shown: Shown;
}

async function buy(
  world: World,
  counter: Counter,
  chance: Chance,
  packs: number | 'plan',
  at: number,
  fate: Fate,
  plan?: Bought,
): Promise<Bought | null> {
  const { servers, notes, seed } = world;
  const id = `pur_s${seed}-${counter.number}-${at}`;
  const path = packs === 'plan' ? '/api/billing/plan/purchase' : '/api/billing/credits/topup';
  const headers = {
    ...json,
    authorization: `Bearer ${counter.token}`,
    'idempotency-key': `key-${counter.number}-${at}`,
  };
  const body = JSON.stringify(packs === 'plan' ? { id } : { id, packs });
  const ask = (first: number) => servers.ask(first, { method: 'POST', path, headers, body });
  const first = chance.below(2);
  const twin = chance.is(0.05);
  let answer: Answer;
  for (let tries = 1; ; tries += 1) {
    const both = await Promise.all(twin ? [ask(first), ask(first + 1)] : [ask(first)]);
    [answer] = both as [Answer, ...Answer[]];
    // Before the plan's money is heard of: the counter makes the server look for it, and asks again.
    if (both.every(({ status }) => status !== 403) || plan === undefined || tries > mostWaits) {
      if (twin) noteTwins(notes, both);
      break;
    }
    notes.waitedForPlan += 1;
    if (tries % 8 === 0) await comeBack(world, counter, chance, plan);
    await pause(Math.min(1000, 50 * tries));
  }
  const shown = answer.body as Shown;
  if (answer.status > 201 || shown.id !== id) {
    notes.quarrels.push(`${id}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return null;
  }
  const sentBack = fate === 'sentBackByOperator' ? Math.floor(shown.amountPaise / (1 + chance.below(3))) : 0;
  const intent = { org: counter.org, id, packs, fate, order: shown.providerOrderId, sentBack };
  notes.intents.push(intent);
  world.onBought();
  if (chance.is(0.05)) {
    notes.repeats += 1;
    const again = await ask(first + 1);
    const same = (again.body as Shown).providerOrderId === shown.providerOrderId;
    if (again.status !== 200 || !same)
      notes.quarrels.push(`${id} again: ${again.status} ${JSON.stringify(again.body)}`);
  }
  return { ...intent, shown };
}

/** The same request twice at once: one result, and at most one of both is the first. */
function noteTwins(notes: Notes, both: readonly Answer[]): void {
  notes.twins += 1;
  const shown = both.map(({ body }) => (body as Shown).providerOrderId);
  const made = both.filter(({ status }) => status === 201).length;
  if (new Set(shown).size > 1 || made > 1) notes.quarrels.push(`twins: ${JSON.stringify(both)}`);
}

async function cancel({ servers, notes }: World, counter: Counter, chance: Chance, id: string): Promise<void> {
  const headers = { authorization: `Bearer ${counter.token}` };
  const asking = { method: 'POST', path: `/api/billing/purchases/${id}/cancel`, headers };
  const answer = await servers.ask(chance.below(2), asking);
  if (answer.status !== 200) notes.quarrels.push(`cancel ${id}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** The browser's way back from the provider: it proves nothing, and makes the server look. */
async function comeBack({ servers, notes }: World, counter: Counter, chance: Chance, bought: Bought): Promise<void> {
  const { pathname, search } = new URL(bought.shown.checkoutUrl ?? '');
  notes.returns += 1;
  const asking = { method: 'GET', path: `${pathname}/return${search}`, from: counter.address };
  const { status } = await servers.ask(chance.below(2), asking);
  if (status !== 303 && status !== 429) notes.quarrels.push(`return of ${bought.id}: ${status}`);
}

async function customer(world: World, counter: Counter, chance: Chance, bought: Bought): Promise<void> {
  const { book, notes } = world;
  const { order, fate, shown, id } = bought;
  if (order === null) {
    notes.quarrels.push(`${id} was answered without an order`);
    return;
  }
  if (fate === 'failsThenPays' || fate === 'failsOnly') book.fail(order);
  if (fate === 'cancelsAndPays') await cancel(world, counter, chance, id);
  if (!['abandons', 'failsOnly', 'paysAfterExpiry'].includes(fate)) {
    const payment = book.pay(order, fate === 'paysTooLittle' ? shown.amountPaise - 100 : undefined);
    const part = Math.floor(payment.amount / (3 + chance.below(5))) + chance.below(1000);
    const refund = (amount: number) => book.refund(payment.id, amount, null, null);
    if (fate === 'refundedInPart') refund(part);
    if (fate === 'refundedInPart' && chance.is(0.5)) refund(part);
    if (fate === 'refundedInFull' && chance.is(0.5)) refund(part);
    if (fate === 'refundedInFull') refund(payment.amount - payment.amountRefunded);
  }
  if (chance.is(0.1)) await comeBack(world, counter, chance, bought);
}
