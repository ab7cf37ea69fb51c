// How time passes in a life: a step sets both servers' clock, lets the provider's customers pay, brings webhooks and lets orgs act;
// sometimes servers are killed while they do what a month's beginning asks of them, and sometimes both are away. Decides no wishes.
import type { Client } from 'pg';
import type { Chance } from '../storm/chance.ts';
import { monthAt } from './auditor-calendar.ts';
import type { Outage } from './clockwork.ts';
import { readStatus } from './counter.ts';
import { noteThat } from './notes.ts';
import { operator } from './operator.ts';
import type { Post } from './post.ts';
import { day, hour, minute, second, type World } from './world.ts';

export interface Stage {
  /** Of 1 month's beginnings, so many with a kill. */
  readonly kills: number;
  readonly world: World;
  readonly post: Post;
  readonly database: Client;
  readonly chance: Chance;
  readonly clock: { offset: number; provider: number | null };
}

/** Time goes on to `to`: what the provider's customers do until then, the servers' due work, webhooks, and what orgs do. */
export async function step(stage: Stage, to: number): Promise<void> {
  const { world, clock, chance, kills } = stage;
  const before = monthAt(world.now());
  happen(stage, to);
  clock.offset = to - Date.now();
  const monthBegins = monthAt(world.now()) !== before;
  if (monthBegins) noteThat(world.notes, 'a month began');
  if (monthBegins && chance.is(kills)) await setClocksAndKill(stage);
  else await setClocks(stage);
  await act(stage);
}

/** The provider's customers, each at the second that was theirs. */
function happen({ world, clock }: Stage, until: number): void {
  for (const { at, what } of world.money.due(until)) {
    clock.provider = at;
    what();
  }
  clock.provider = null;
}

async function act(stage: Stage): Promise<void> {
  const { world, post, chance } = stage;
  const brought = await post.deliver(world.servers, world.now());
  const doings = world.doings.due(world.now());
  const lanes = [...Map.groupBy(doings, ({ what }) => what.org).values()].values();
  const lane = async () => {
    for (const own of lanes) for (const { what } of own) await what.act();
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  if (chance.is(0.01)) await reconcile(world);
  // What they caused is done as well before anybody asks how things stand.
  if (brought + doings.length > 0) await setClocks(stage);
}

/** A second more for each try: a server that was killed after it had set its clock takes no earlier time. */
async function setClock({ world, clock }: Stage, which: number): Promise<void> {
  const asking = {
    ...{ method: 'POST', path: '/test/clock', headers: operator, stay: true },
    get body() {
      clock.offset += second;
      return JSON.stringify({ now: new Date(world.now()).toISOString() });
    },
  };
  const { status, body } = await world.servers.ask(which, asking);
  if (status !== 200) throw new Error(`the clock of server ${which}: ${status} ${JSON.stringify(body)}`);
}

/** Both servers do what is due. */
export async function setClocks(stage: Stage): Promise<void> {
  const at = stage.world.now();
  await Promise.all([0, 1].map((which) => setClock(stage, which)));
  stage.world.notes.runs.push(at);
}

/** Of this month's grants so many are there. */
async function granted({ database }: Stage, month: string): Promise<number> {
  const text = `select count(*)::int from credits_ledger where kind = 'monthly_grant' and reference = $1`;
  return (await database.query<{ count: number }>(text, [month])).rows[0]?.count ?? 0;
}

/** A month has begun, and one server or both die while they do what is due: as soon as a grant shows, or a moment after the word. */
async function setClocksAndKill(stage: Stage): Promise<void> {
  const { world, chance } = stage;
  const month = monthAt(world.now());
  const before = await granted(stage, month);
  let done = false;
  const setting = setClocks(stage).then(() => {
    done = true;
  });
  const looks = chance.is(0.7) ? 400 : chance.below(8);
  let count = before;
  for (let look = 0; look < looks && !done && count === before; look += 1) count = await granted(stage, month);
  const within = !done;
  await Promise.all((chance.is(0.5) ? [0, 1] : [chance.below(2)]).map((which) => world.servers.killNow(which)));
  noteThat(world.notes, within ? 'killed while due work was done' : 'killed after due work');
  if (within && count > before) noteThat(world.notes, 'killed when grants had begun');
  await setting;
}

/** Both servers are away, while customers go on to pay; they come back on their own, or to a clock that went on without them. */
export async function beAway(stage: Stage, { from, to }: Outage): Promise<void> {
  const { world, clock, chance, database } = stage;
  if (from > world.now() + minute) await step(stage, from);
  const months = monthAt(world.now());
  await world.servers.down(chance.is(0.5) ? 'SIGKILL' : 'SIGTERM');
  happen(stage, to);
  clock.offset = Math.max(to, world.now() + minute) - Date.now();
  if (chance.is(0.6)) await database.query('update test_clock set offset_ms = $1', [clock.offset]);
  await world.servers.up();
  noteThat(world.notes, to - from > 300 * day ? 'away for more than 300 days' : 'away');
  if (months !== monthAt(world.now())) noteThat(world.notes, 'away over the end of a month');
  await setClocks(stage);
  await act(stage);
}

async function reconcile({ servers, notes }: World): Promise<void> {
  const asking = { method: 'POST', path: '/api/admin/reconcile', headers: operator, body: '{}' };
  const { status, body } = await servers.ask(0, asking);
  if (status !== 200) throw new Error(`reconcile: ${status} ${JSON.stringify(body)}`);
  noteThat(notes, 'reconciled');
}

/** Some orgs are asked for their status, when nothing is under way. */
export async function sample({ world, chance }: Stage, share: number): Promise<void> {
  for (const counter of world.counters.values())
    if (chance.is(share)) world.notes.samples.push(await readStatus(world, counter));
}

/** No more wishes: everything is told, looked at and applied. */
export async function calm(stage: Stage): Promise<void> {
  const { world, post } = stage;
  for (const days of [1, 4, 4, 1, 1]) {
    happen(stage, world.now() + days * day);
    stage.clock.offset += days * day;
    await setClocks(stage);
    await post.deliver(world.servers, Number.POSITIVE_INFINITY);
    if (days === 4) await reconcile(world);
    stage.clock.offset += 2 * hour;
    await setClocks(stage);
  }
  await sample(stage, 1);
}
