// A server that is killed while an AI call runs: nothing is charged, the credits come back, and the key runs again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killAll, startProgram } from '../server/program.ts';
import { type Started, started, uniqueKey } from '../server/started.ts';
import { type PlayedUpstream, playedUpstream, says, silent } from './played-upstream.ts';
import { balanceOf, chat, expectUntouched, ownerOf, spentBy } from './stage.ts';

let upstream: PlayedUpstream;
let server: Started;
const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-ai-crash-'));
beforeAll(async () => {
  upstream = await playedUpstream();
  server = await started({ AI_UPSTREAM_URL: upstream.url });
});
afterAll(async () => {
  killAll();
  await server.dispose();
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

test('killed in the middle of a run: held until its time, then back; the same key runs again and is charged once', async () => {
  const counter = await ownerOf(server);
  const program = startProgram({
    DATABASE_URL: server.databaseUrl,
    DATA_DIR: folder,
    PORT: '0',
    AI_UPSTREAM_URL: upstream.url,
  });
  const url = await program.url;
  upstream.plays(silent);
  const key = uniqueKey();
  const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Is it safe?' }] };
  const asking = fetch(`${url}${chat}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${counter.deviceToken}`,
      'idempotency-key': key,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  const broken = expect(asking).rejects.toThrow('fetch failed');
  await upstream.request(1);
  const { held } = await balanceOf(counter);
  expect(held).toBeGreaterThan(0);
  program.process.kill('SIGKILL');
  await Promise.all([broken, program.ended]);
  await server.runDueJobs();
  expect(await balanceOf(counter)).toMatchObject({ balance: 50_000, held });
  // The killed server had the machine's clock, this one has its own.
  const [hold] = await server.sql<{ expires_at: Date }>('select expires_at from credit_hold');
  server.clock.set(new Date(hold?.expires_at ?? 0).toISOString());
  await server.runDueJobs();
  await expectUntouched(counter);
  upstream.plays(says('yes'));
  expect(await counter.request('POST', chat, { body, key })).toMatchObject({ status: 200 });
  expect(await spentBy(counter)).toHaveLength(1);
});
