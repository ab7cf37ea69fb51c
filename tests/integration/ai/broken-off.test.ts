// Guarded work that does not come to its end: too slow, left by its caller, the server stops, the database refuses.
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runOf } from '../../../sync-server/ai/require-credits.ts';
import { type Started, started } from '../server/started.ts';
import { ask, askAndLeave, closeGuarded, guarded } from './guarded.ts';
import { balanceOf, eventually, expectUntouched, ownerOf } from './stage.ts';

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());
afterEach(closeGuarded);

describe('a handler', () => {
  test('that takes too long is told to stop, and its credits are back before it is', async () => {
    const counter = await ownerOf(server);
    let why: unknown;
    const app = await guarded(server, { amount: 5, seconds: 0.1 }, async (request) => {
      await once(runOf(request).signal, 'abort');
      why = runOf(request).signal.reason;
      await eventually(
        () => balanceOf(counter),
        ({ held }) => held === 0,
      );
      return { label: 'too late' };
    });
    const answer = await ask(app, counter);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json()).toMatchObject({ error: { code: 'unavailable' } });
    expect(why).toMatchObject({ message: 'the time is over' });
    await expectUntouched(counter);
  });

  test('whose caller leaves is told to stop, and its credits come back', async () => {
    const counter = await ownerOf(server);
    const begun = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const app = await guarded(server, { amount: 5 }, async (request) => {
      begun.resolve();
      await once(runOf(request).signal, 'abort');
      over.resolve();
      return { label: 'for nobody' };
    });
    const leave = await askAndLeave(app, counter);
    await begun.promise;
    expect(await balanceOf(counter)).toMatchObject({ held: 5 });
    await leave();
    await over.promise;
    await eventually(
      () => balanceOf(counter),
      ({ held }) => held === 0,
    );
    await expectUntouched(counter);
  });

  test('whose caller leaves while the server stops: it stops only when the credits are back', async () => {
    const counter = await ownerOf(server);
    const begun = Promise.withResolvers<void>();
    const app = await guarded(server, { amount: 5 }, async (request) => {
      begun.resolve();
      await once(runOf(request).signal, 'abort');
      return {};
    });
    const leave = await askAndLeave(app, counter);
    await begun.promise;
    const holder = new Client({ connectionString: server.databaseUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query('select from credit_balance_cache where org_id = $1 for update', [counter.orgId]);
    await leave();
    const waiters = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    await eventually(
      async () => (await server.sql(waiters)).length,
      (count) => count > 0,
    );
    const order: string[] = [];
    const closed = app.close().then(() => order.push('stopped'));
    await eventually(
      async () => app.server.listening,
      (listening) => !listening,
    );
    await balanceOf(counter);
    order.push('given back');
    await holder.query('commit');
    await holder.end();
    await closed;
    expect(order).toEqual(['given back', 'stopped']);
    await expectUntouched(counter);
  });

  test('that streams and does not say what was used takes nothing', async () => {
    const counter = await ownerOf(server);
    const app = await guarded(server, { amount: 5 }, (_request, reply) => reply.send(Readable.from(['a', 'b'])));
    expect((await ask(app, counter)).body).toBe('ab');
    await eventually(
      () => balanceOf(counter),
      ({ held }) => held === 0,
    );
    await expectUntouched(counter);
  });
});

test('the database away when the work is done: the answer is not given, and the hold gives the credits back', async () => {
  const counter = await ownerOf(server);
  const app = await guarded(server, { amount: 5 }, async () => {
    await server.sql(`alter table credits_ledger add constraint closed check (org_id <> '${counter.orgId}') not valid`);
    return { label: 'not kept' };
  });
  const answer = await ask(app, counter);
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('not kept');
  await server.sql('alter table credits_ledger drop constraint closed');
  expect(await balanceOf(counter)).toMatchObject({ balance: 50_000, held: 5 });
  server.clock.advance(361_000);
  await server.runDueJobs();
  await expectUntouched(counter);
});
