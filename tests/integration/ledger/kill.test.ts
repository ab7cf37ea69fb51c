// The real server is killed while clients spend, hold and capture on it, at points that nobody chose, and started again on the
// same database: every answered spend is there once, every resend is answered as at first, and the books are right.
// LEDGER_SEED repeats the kill points and the wishes, LEDGER_KILLS makes it longer.
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as Database } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import type { Activation } from '../../../shared/contract/devices.ts';
import { adminToken } from '../admin/operator.ts';
import { killAll } from '../server/program.ts';
import { goodBodies } from '../server/refusal-bodies.ts';
import { makeDatabase, orderOf } from '../server/started.ts';
import {
  type Client,
  chanceOf,
  clientHeaders,
  entryOf,
  isDone,
  type Notes,
  resend,
  wasDoneUnheard,
  work,
} from './clients.ts';
import { type KilledServer, killedServer } from './killed-server.ts';
import { type Books, faultsOf, readBooks } from './rules.ts';

const seed = Number(process.env.LEDGER_SEED ?? randomInt(1, 1_000_000_000));
const kills = Number(process.env.LEDGER_KILLS ?? 3);
console.log(`ledger kills: LEDGER_SEED=${seed} LEDGER_KILLS=${kills}`);
const timeout = 60_000 + kills * 10_000;
/** Answers between two kills at most; half of the kills come within a quarter of them. */
const mostAnswers = 1_200;

let folder: string;
let database: { databaseUrl: string; drop: () => Promise<void> };
let owner: Database;
let server: KilledServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pharmapulse-ledger-kill-'));
  database = await makeDatabase();
  const { databaseUrl: DATABASE_URL } = database;
  owner = new Database({ connectionString: DATABASE_URL });
  await owner.connect();
  const settings = { DATABASE_URL, DATA_DIR: folder, PAYMENT_PROVIDER: 'sandbox', ADMIN_TOKEN: adminToken };
  server = await killedServer({ ...settings, LOG_LEVEL: 'silent' });
});
afterAll(async () => {
  killAll();
  await owner.end();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask<T>(method: string, path: string, token?: string, body?: object): Promise<T> {
  const signed = token === undefined ? {} : { authorization: `Bearer ${token}`, 'idempotency-key': 'plan' };
  const answer = await server.ask({ method, path, headers: signed, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as T;
}

/** An org with the plan and its first 50,000 credits. */
async function ownerOfThePlan(): Promise<Activation> {
  const counter = await ask<Activation>('POST', '/api/orgs', undefined, goodBodies['/api/orgs']);
  const token = counter.deviceToken;
  const plan = await ask<Purchase>('POST', '/api/billing/plan/purchase', token, {});
  await ask('POST', '/sandbox/play', undefined, { orderId: orderOf(plan), action: 'pay' });
  const state = () => ask<Purchase>('GET', `/api/billing/purchases/${plan.id}`, token);
  await expect.poll(state, { timeout: 20_000 }).toMatchObject({ state: 'paid' });
  return counter;
}

/** 26 on an org whose credits last, 9 on one that has soon spent all, and an operator of the first. */
function clientsOf(rich: Activation, poor: Activation): Client[] {
  return Array.from({ length: 36 }, (_, at) => {
    const [{ orgId, deviceId, deviceToken }, operator] = [at % 4 === 3 ? poor : rich, at === 0];
    const headers = clientHeaders(operator ? adminToken : deviceToken, operator);
    const most = at % 4 === 3 ? 1_500 : 6;
    return { orgId, device: deviceId, headers, chance: chanceOf(seed * 64 + at), name: `client-${at}`, most, operator };
  });
}

async function killAtRandom(times: number): Promise<void> {
  const chance = chanceOf(seed);
  for (let next = 1; next <= times; next += 1) {
    const killed = server.killed(next);
    server.killAfter(1 + Math.floor(mostAnswers * chance() ** 2));
    await killed;
  }
}

/** Every operation that was answered is in the books as it was answered, and nothing else is. */
function expectAnswersInBooks(books: Books, notes: Notes): void {
  const noted = notes.noted.filter(({ op }) => op.orgId === books.orgId);
  const done = noted.filter(isDone);
  const entries = done.flatMap((one) => entryOf(one) ?? []).toSorted((a, b) => a.seq - b.seq);
  const [grant, ...written] = books.entries;
  expect(grant).toMatchObject({ seq: 1, delta: 50_000, kind: 'monthly_grant' });
  expect(written).toEqual(entries);
  expect(books.cache.balance).toBe(entries.reduce((sum, { delta }) => sum + delta, 50_000));
  const ends = new Map<string, string>();
  for (const { op, answer } of noted) {
    if (op.kind === 'hold' && answer.status < 300) ends.set((answer.body as { holdId: string }).holdId, 'open');
    if (op.kind === 'capture') ends.set(op.holdId, 'captured');
    if (op.kind === 'release') ends.set(op.holdId, 'released');
  }
  expect(Object.fromEntries(books.holds.map(({ holdId, state }) => [holdId, state]))).toEqual(Object.fromEntries(ends));
}

test(`${kills} kills at random points: every answered spend is there once with its number and hash, every resend agrees, and the books are right`, {
  timeout,
}, async () => {
  const [rich, poor] = [await ownerOfThePlan(), await ownerOfThePlan()];
  const clients = clientsOf(rich, poor);
  const notes: Notes = { noted: [], quarrels: [], resends: 0 };
  let over = false;
  const killing = killAtRandom(kills).finally(() => {
    over = true;
  });
  await Promise.all([killing, ...clients.map((client) => work(server, client, notes, () => over))]);
  const kept = notes.noted.filter((one) => isDone(one) && 'key' in one.op);
  await Promise.all(
    clients.map(async (client) => {
      const own = kept.filter(({ op }) => 'key' in op && op.key?.startsWith(`${client.name}-`));
      for (const one of own) await resend(server, client, notes, one);
    }),
  );
  await server.end();

  const lost = notes.noted.filter(({ answer }) => answer.unanswered > 0).length;
  const unheard = notes.noted.filter(wasDoneUnheard).length;
  const refused = notes.noted.filter(({ answer }) => answer.status === 402).length;
  console.log(
    `ledger kills: ${server.kills()} kills, ${notes.noted.length} operations, ${refused} refused for credits, ` +
      `${lost} sent again, of which ${unheard} had been done by a server that died, ${notes.resends} resends of what was answered`,
  );
  expect(notes.quarrels).toEqual([]);
  expect(server.kills()).toBe(kills);
  expect(lost).toBeGreaterThan(kills);
  const books = await readBooks(owner, [rich.orgId, poor.orgId]);
  expect(books.flatMap(faultsOf)).toEqual([]);
  expect(books).toHaveLength(2);
  for (const one of books) expectAnswersInBooks(one, notes);
});
