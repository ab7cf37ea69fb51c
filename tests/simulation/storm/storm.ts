// One storm from a seed: servers, provider, customers, faults and kills; then calm, the reconciler's time, and the auditor. What
// happens is decided by the seed; in which order things meet is the machine's, and is not repeated by it.
import { join } from 'node:path';
import { Client } from 'pg';
import { type Audit, audit, type Truth } from './auditor.ts';
import { chanceOf } from './chance.ts';
import { type Intent, liveAsOrg, type Notes } from './counters.ts';
import { type Postman, startPostman } from './postman.ts';
import { credentials, type Provider, startProvider } from './provider.ts';
import { type Servers, startServers } from './servers.ts';

export interface StormOptions {
  /** A database of its own, empty. */
  readonly databaseUrl: string;
  readonly folder: string;
  readonly seed: number;
  readonly purchases: number;
  readonly orgs: number;
  readonly kills: number;
  /** Of each kind of fault, so many of 1 calls. */
  readonly faults: number;
  readonly say: (line: string) => void;
}

export interface Storm {
  readonly findings: readonly string[];
  readonly figures: Readonly<Record<string, unknown>>;
}

const adminToken = 'storm-operator';
const operator = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
const orgsAtOnce = 32;
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

interface Weather {
  readonly options: StormOptions;
  readonly servers: Servers;
  readonly provider: Provider;
  readonly postman: Postman;
  readonly notes: Notes;
  readonly now: () => number;
  /** Moves everybody's clock on; the servers do what is due then. */
  forward(milliseconds: number): Promise<void>;
}

export async function runStorm(options: StormOptions): Promise<Storm> {
  const { seed } = options;
  // Its days lie inside one month of one financial year, whenever it is run.
  const begin = new Date();
  let offset = Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1, 5, 6, 30) - begin.getTime();
  const now = () => Date.now() + offset;
  let servers: Servers | null = null;
  const running = () => {
    if (servers === null) throw new Error('no server runs yet');
    return servers;
  };
  const held = Math.min(400, options.orgs * 2);
  const postman = startPostman({ chance: chanceOf(seed, 'post'), servers: running, dropped: 0.05, held });
  const seconds = () => Math.floor(now() / 1000);
  const provider = await startProvider(chanceOf(seed, 'provider'), seconds, postman.tell);
  try {
    servers = await startServers([1, 2].map((which) => settingsOf(options, provider, which)));
    provider.onCall(servers.happened);
    const notes: Notes = { intents: [], quarrels: [], twins: 0, repeats: 0, returns: 0, waitedForPlan: 0 };
    // A second more for each try: a server that was killed after it had set its clock takes no earlier time.
    const later = () => {
      offset += 1000;
      return new Date(now()).toISOString();
    };
    const forward = async (milliseconds: number) => {
      offset += milliseconds;
      await Promise.all([0, 1].map((which) => setClock(running(), which, later)));
    };
    return await storm({ options, servers, provider, postman, notes, now, forward });
  } finally {
    await servers?.end();
    await provider.stop();
  }
}

function settingsOf({ databaseUrl, folder }: StormOptions, provider: Provider, which: number): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    DATA_DIR: join(folder, `server-${which}`),
    PAYMENT_PROVIDER: 'razorpay',
    RAZORPAY_KEY_ID: credentials.keyId,
    RAZORPAY_KEY_SECRET: credentials.keySecret,
    RAZORPAY_WEBHOOK_SECRETS: credentials.webhookSecret,
    RAZORPAY_API_URL: provider.url,
    ADMIN_TOKEN: adminToken,
    TEST_CLOCK: '1',
    LOG_LEVEL: 'silent',
  };
}

async function setClock(servers: Servers, which: number, time: () => string): Promise<void> {
  const asking = {
    ...{ method: 'POST', path: '/test/clock', headers: operator, stay: true },
    get body() {
      return JSON.stringify({ now: time() });
    },
  };
  const { status, body } = await servers.ask(which, asking);
  if (status !== 200) throw new Error(`the clock of server ${which}: ${status} ${JSON.stringify(body)}`);
}

async function storm(weather: Weather): Promise<Storm> {
  const { options, servers, provider, postman, notes } = weather;
  const { purchases, orgs, kills, seed, say } = options;
  const began = Date.now();
  const took = () => since(began);
  await weather.forward(0);
  provider.failing(options.faults);
  const chance = chanceOf(seed, 'kills');
  for (let next = 0; next < kills; next += 1) {
    servers.planKill(chance.below(2), 1 + Math.floor(((next + chance.next()) / kills) * purchases * 10));
  }
  await everyOrg(weather, took);
  const bought = took();
  await postman.drain();
  await servers.killThePlanned();
  say(`${notes.intents.length} purchases in ${bought} s, all webhooks brought after ${took()} s`);
  await sendBack(weather);
  await calm(weather);
  say(`the looks were made after ${took()} s`);
  const { looked, settled } = await reconcileAll(servers);
  await weather.forward(2 * hour);
  const truth = truthOf(provider, notes);
  const done = await auditAll(options.databaseUrl, truth);
  const verified = await servers.ask(0, { method: 'GET', path: '/api/admin/verify', headers: operator });
  const findings = [
    ...notes.quarrels,
    ...done.findings,
    ...((verified.body as { ok: boolean }).ok ? [] : [`the server's own verifier: ${JSON.stringify(verified.body)}`]),
    ...(settled === 0 ? [] : [`the timetable's looks left ${settled} paid purchases to the operator's`]),
    ...emptiness(weather, done),
  ];
  return { findings, figures: figuresOf(weather, done, { bought, looked, total: took(), orgs }) };
}

async function everyOrg({ options, servers, provider, notes }: Weather, took: () => number): Promise<void> {
  const { purchases, orgs, seed, say } = options;
  const step = Math.max(50, Math.floor(purchases / 20));
  const onBought = () => {
    const count = notes.intents.length;
    if (count % step !== 0) return;
    const { kills, unanswered } = servers.figures;
    say(`${count} purchases, ${took()} s, ${kills} kills, ${unanswered} requests unanswered`);
  };
  const world = { seed, servers, book: provider.book, notes, onBought };
  const numbers = Array.from({ length: orgs }, (_, number) => number).values();
  const lane = async () => {
    for (const number of numbers) {
      await liveAsOrg(world, number, Math.floor(purchases / orgs) + (number < purchases % orgs ? 1 : 0));
    }
  };
  await Promise.all(Array.from({ length: orgsAtOnce }, lane));
}

/** What is said, with the seconds since the storm began. */
const since = (began: number) => Math.round((Date.now() - began) / 100) / 10;

const ofFate = ({ intents }: Notes, fate: Intent['fate']): Intent[] => intents.filter((one) => one.fate === fate);

/** So many refunds are worth a kill of their own. */
const killedRefunds = 10;
const operatorsAtOnce = 8;

/**
 * Operators send money back while the provider still fails. Its webhooks are held, else they would tell what became of a refund
 * before it is asked for a second time.
 */
async function sendBack({ servers, notes, options, postman }: Weather): Promise<void> {
  const wishes = ofFate(notes, 'sentBackByOperator');
  postman.holdAll();
  if (wishes.length >= killedRefunds) servers.planKill(0, wishes.length);
  const lines = wishes.values();
  const line = async () => {
    for (const wish of lines) await sendOneBack(servers, wish);
  };
  await Promise.all(Array.from({ length: operatorsAtOnce }, line));
  await servers.killThePlanned();
  options.say(`${wishes.length} purchases were sent back by an operator`);
}

async function sendOneBack(servers: Servers, { id, sentBack: amountPaise }: Intent): Promise<void> {
  const headers = { ...operator, 'idempotency-key': `back-${id}` };
  const body = JSON.stringify({ reason: 'bought by mistake', amountPaise });
  const asking = { method: 'POST', path: `/api/admin/purchases/${id}/refund`, headers, body };
  for (let tries = 1; ; tries += 1) {
    const answer = await servers.ask(tries, asking);
    if (answer.status === 202) return;
    // Its money is not heard of yet: every webhook of it was lost, or waits to be applied.
    const text = JSON.stringify(answer.body);
    if (answer.status !== 400 || tries > 200) throw new Error(`refund of ${id}: ${answer.status} ${text}`);
    await servers.ask(tries, { method: 'POST', path: '/api/admin/reconcile', headers: operator, body: '{}' });
  }
}

/** No more faults, and days go by: first looks, hourly looks with kills among them, expiry, money after that, the last look. */
async function calm(weather: Weather): Promise<void> {
  const { servers, provider, postman, notes, options } = weather;
  const began = Date.now();
  const forward = async (...gaps: number[]) => {
    for (const gap of gaps) await weather.forward(gap);
    options.say(`looks: ${provider.figures.calls} calls, ${since(began)} s`);
  };
  await forward(minute);
  await postman.drain();
  provider.failing(0);
  // Both are killed among the looks at what was paid: nothing that follows was begun in a process of the storm.
  for (const which of [0, 1]) servers.planKill(which, 5 + Math.floor(options.purchases / 8));
  await forward(4 * minute, 10 * minute, 50 * minute);
  await servers.killThePlanned();
  await forward(hour, hour, 3 * day);
  for (const { order } of ofFate(notes, 'paysAfterExpiry')) if (order !== null) provider.book.pay(order);
  await postman.drain();
  await forward(hour, 3 * hour, day, day);
}

async function reconcileAll(servers: Servers): Promise<{ looked: number; settled: number }> {
  const asking = { method: 'POST', path: '/api/admin/reconcile', headers: operator, body: '{}' };
  const { status, body } = await servers.ask(0, asking);
  if (status !== 200) throw new Error(`reconcile: ${status} ${JSON.stringify(body)}`);
  return body as { looked: number; settled: number };
}

const truthOf = ({ book }: Provider, { intents }: Notes): Truth => ({
  asked: intents,
  orders: [...book.orders.values()].map(({ id, receipt, amount, payments }) => ({
    ...{ id, receipt, amount },
    payments: payments.map((one) => ({ ...one, captured: one.status === 'captured' || one.status === 'refunded' })),
  })),
});

async function auditAll(databaseUrl: string, truth: Truth): Promise<Audit> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await audit(client, truth);
  } finally {
    await client.end();
  }
}

/** What must have happened, or the storm proved nothing. */
function emptiness({ servers, provider, postman, notes, options }: Weather, { books, figures }: Audit): string[] {
  const happened = {
    ...provider.figures.faults,
    'orders and refunds made unheard': provider.figures.madeUnheard,
    'events dropped': postman.figures.dropped,
    'copies delivered twice': postman.figures.delivered - (postman.figures.events - postman.figures.dropped),
    'twin requests': notes.twins,
    'settled by a webhook': books.settledBy.webhook ?? 0,
    'settled by a look-up': books.settledBy.look_up ?? 0,
    'credit notes': figures.creditNotes ?? 0,
    ...(options.kills > 0 ? { 'requests unanswered': servers.figures.unanswered } : {}),
  };
  const none = Object.entries(happened).filter(([, count]) => count <= 0);
  const faults = none.map(([what]) => `the storm was empty: ${what}`);
  // Two more are made among the looks, and one among refunds.
  const planned = options.kills + 2 + (ofFate(notes, 'sentBackByOperator').length < killedRefunds ? 0 : 1);
  if (servers.figures.kills !== planned) faults.push(`${servers.figures.kills} kills instead of ${planned}`);
  if (notes.intents.length < options.purchases)
    faults.push(`${notes.intents.length} purchases instead of ${options.purchases}`);
  return faults;
}

function figuresOf(
  { servers, provider, postman, notes }: Weather,
  { books, figures }: Audit,
  times: { bought: number; looked: number; total: number; orgs: number },
): Record<string, unknown> {
  const { twins, repeats, returns, waitedForPlan } = notes;
  const perSecond = Math.round((notes.intents.length / times.bought) * 10) / 10;
  return {
    ...{ orgs: times.orgs, purchases: notes.intents.length, secondsToBuy: times.bought, purchasesPerSecond: perSecond },
    ...{ secondsInAll: times.total, lookedByReconcile: times.looked },
    provider: provider.figures,
    webhooks: postman.figures,
    servers: servers.figures,
    counters: { twins, repeats, returns, waitedForPlan },
    books: { ...figures, settledBy: books.settledBy, inbox: books.inbox, alarms: books.alarms },
  };
}
