// The server as its operator meets it: settings, what it prints, and how it ends.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Activation } from '../../../shared/contract/devices.ts';
import { hold as holdIn, waiting as waitingIn } from './locks.ts';
import { killAll, runProgram, startProgram } from './program.ts';
import { goodBodies } from './refusal-bodies.ts';
import { makeDatabase } from './started.ts';

let folder: string;
let database: { databaseUrl: string; drop: () => Promise<void> };
let settings: Record<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pharmapulse-program-'));
  database = await makeDatabase();
  settings = { DATABASE_URL: database.databaseUrl, DATA_DIR: folder, PORT: '0' };
});
afterAll(async () => {
  killAll();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const hold = (statement: string) => holdIn(database.databaseUrl, statement);
const waiting = (statement: string) => waitingIn(database.databaseUrl, statement);

const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const names = (text: string) => lines(text).map((line) => line.slice(0, line.indexOf(':')));

describe('a start with bad settings', () => {
  test('ends with 78 and one line a fault on stderr, each naming its setting; nothing else is printed', async () => {
    const ended = await runProgram({
      PORT: 'http',
      PUBLIC_URL: 'pharmapulse.example',
      DATABASE_URL: 'mysql://localhost/pharmapulse',
      PAYMENT_PROVIDER: 'razorpay',
      RAZORPAY_WEBHOOK_SECRETS: 'one,,two',
      RAZORPAY_API_URL: 'ftp://api',
      PRICES_INCLUDE_GST: 'yes',
      SELLER_GSTIN: '27AAPFU0939F1ZW',
      TEST_CLOCK: 'true',
      LOG_LEVEL: 'loud',
    });
    expect(ended).toMatchObject({ code: 78, stdout: '' });
    expect(names(ended.stderr).sort()).toEqual([
      'DATABASE_URL',
      'LOG_LEVEL',
      'PORT',
      'PRICES_INCLUDE_GST',
      'PUBLIC_URL',
      'RAZORPAY_API_URL',
      'RAZORPAY_KEY_ID',
      'RAZORPAY_KEY_SECRET',
      'RAZORPAY_WEBHOOK_SECRETS',
      'SELLER_GSTIN',
      'TEST_CLOCK',
    ]);
  });

  test('production refuses sandbox, test clock and sample seller with 78', async () => {
    const ended = await runProgram({ ...settings, NODE_ENV: 'production', TEST_CLOCK: '1' });
    expect(ended).toMatchObject({ code: 78, stdout: '' });
    expect(names(ended.stderr)).toEqual([
      'PAYMENT_PROVIDER',
      'TEST_CLOCK',
      'SELLER_NAME',
      'SELLER_GSTIN',
      'SELLER_ADDRESS',
    ]);
  });
});

describe('a start that cannot be', () => {
  let other: Server;
  beforeAll(async () => {
    other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  });
  afterAll(() => new Promise((done) => other.close(done)));

  test('on a port that is taken ends with 1 and one line that names PORT', async () => {
    const address = other.address();
    const port = address !== null && typeof address === 'object' ? String(address.port) : '';
    const ended = await runProgram({ ...settings, PORT: port });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(lines(ended.stderr)).toEqual([expect.stringMatching(/^PORT: \d+ on 127\.0\.0\.1 is in use/)]);
  });

  test('without the database that was named ends with 1 and one line that names DATABASE_URL, without its password', async () => {
    const away = runProgram({ ...settings, DATABASE_URL: 'postgres://postgres:hush@127.0.0.1:1/postgres' });
    const wrong = new URL(database.databaseUrl);
    wrong.pathname = '/no_such_database';
    const missing = runProgram({ ...settings, DATABASE_URL: wrong.href });
    for (const ended of [await away, await missing]) {
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(lines(ended.stderr)).toEqual([expect.stringMatching(/^DATABASE_URL: /)]);
      expect(ended.stderr).not.toContain('hush');
      expect(ended.stderr).not.toContain(wrong.password);
    }
  });
});

describe('a server that runs', () => {
  test('prints one line; SIGTERM lets the running request end, closes the open stream, and ends it with 0 within 10 s', async () => {
    const program = startProgram({ ...settings, LOG_LEVEL: 'info' });
    const url = await program.url;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const signedUp = await fetch(`${url}/api/orgs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(goodBodies['/api/orgs']),
    });
    expect(signedUp.status).toBe(201);
    const { deviceToken } = (await signedUp.json()) as Activation;
    const headers = { authorization: `Bearer ${deviceToken}` };
    const stream = await fetch(`${url}/api/sync/events`, { headers });
    expect(stream.status).toBe(200);
    const read = stream.text();
    // Browsers open connections ahead; one that was never used must not be waited for.
    const unused = connect(Number(new URL(url).port), '127.0.0.1');
    await once(unused, 'connect');
    const dropped = once(unused, 'close');
    const release = await hold('lock table join_code in exclusive mode');
    const request = fetch(`${url}/api/devices/join-codes`, { method: 'POST', headers });
    await waiting('insert into "join_code"%');
    const began = Date.now();
    program.process.kill('SIGTERM');
    expect(await read).toContain('event: changed');
    await dropped;
    await release();
    expect((await request).status).toBe(201);
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stdout: `listening on ${url}\n` });
    // Not by being cut off after 9 s: nothing is left to wait for.
    expect(Date.now() - began).toBeLessThan(7_000);
  });

  test('stops at SIGINT as well', async () => {
    const program = startProgram(settings);
    await program.url;
    program.process.kill('SIGINT');
    expect(await program.ended).toMatchObject({ code: 0 });
  });

  test('stops in the middle of its start, and has said nothing', async () => {
    const release = await hold('select pg_advisory_lock(7240201)');
    const program = startProgram(settings);
    await waiting('select pg_advisory_lock%');
    program.process.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stdout: '' });
    await release();
  });

  test('listens on an IPv6 address and prints it as one', async () => {
    const program = startProgram({ ...settings, HOST: '::1' });
    const outcome = await Promise.race([program.url, program.ended]);
    // A machine without IPv6 says so by the name of the setting.
    if (typeof outcome !== 'string') {
      expect(outcome.stderr).toMatch(/^HOST: /);
      return;
    }
    expect(outcome).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${outcome}/readyz`)).status).toBe(200);
    program.process.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0 });
  });
});
