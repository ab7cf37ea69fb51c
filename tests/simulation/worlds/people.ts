// What people do at the counters: sign up, join, press buttons, cancel, agree. Which and when is the dice's; what the counter answers
// goes into the diary.
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import { chanceOf, oneOf } from '../storm/chance.ts';
import { note } from './diary.ts';
import type { Doing } from './ground.ts';
import { payLate, payOne, payShort, refund, refuse, revoke, spend } from './outside.ts';
import type { Pc } from './pc.ts';

const prices = { 'plan.pharmapulse-one': 1_500_000, 'renewal.year': 100_000, 'topup.50k': 250_000 } as const;
type Sku = keyof typeof prices;

export async function people(world: Doing, number: number): Promise<void> {
  const { chance, pcs, diary } = world;
  const [first] = pcs;
  if (first === undefined) return;
  if (diary.orgId === null) {
    signUp(world, first);
    return;
  }
  for (const pc of pcs) if (pc.on && !pc.asleep && !pc.joined() && (!pc.refused || chance.is(0.5))) joinOrg(world, pc);
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
export function joinOrg({ pcs, joining }: Doing, pc: Pc): void {
  const host = pcs.find((one) => one !== pc && one.on && !one.asleep && one.joined());
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
