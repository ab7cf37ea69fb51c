// The guard alone, before endpoints of a test: reserves before, takes on success, gives back on failure, once a key.
import type { RouteHandlerMethod } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { runOf } from '../../../sync-server/ai/require-credits.ts';
import { refuse } from '../../../sync-server/verdict.ts';
import { changesNothing } from '../server/facts.ts';
import { type Started, started, uniqueKey } from '../server/started.ts';
import { abandon, ask, closeGuarded, guarded } from './guarded.ts';
import { auditOf, balanceOf, eventually, expectUntouched, ownerOf, spentBy } from './stage.ts';

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());
afterEach(closeGuarded);

describe('a fixed amount', () => {
  test('is held while the handler runs, and taken in full when it answers', async () => {
    const counter = await ownerOf(server);
    let meanwhile: unknown;
    const app = await guarded(server, { amount: 25 }, async () => {
      meanwhile = await balanceOf(counter);
      return { label: 'done' };
    });
    const key = uniqueKey();
    const answer = await ask(app, counter, key);
    expect(answer.json()).toEqual({ label: 'done' });
    expect(meanwhile).toMatchObject({ balance: 50_000, held: 25, available: 49_975 });
    expect(await balanceOf(counter)).toMatchObject({ balance: 49_975, held: 0 });
    expect(await spentBy(counter)).toMatchObject([{ delta: -25, feature: 'ai.assist', idempotencyKey: key }]);
  });

  test.each<[string, RouteHandlerMethod, number]>([
    ['throws', () => Promise.reject(new Error('boom')), 500],
    ['answers 404', (_request, reply) => reply.code(404).send({ nothing: 'there' }), 404],
    ['answers 502', (_request, reply) => reply.code(502).send({}), 502],
  ])('comes back when the handler %s, and the same key may try again', async (_how, handler, status) => {
    const counter = await ownerOf(server);
    let fail = true;
    const app = await guarded(server, { amount: 25 }, async function (request, reply) {
      return fail ? handler.call(this, request, reply) : { label: 'now' };
    });
    const key = uniqueKey();
    expect((await ask(app, counter, key)).statusCode).toBe(status);
    await expectUntouched(counter);
    fail = false;
    expect((await ask(app, counter, key)).json()).toEqual({ label: 'now' });
    expect(await balanceOf(counter)).toMatchObject({ balance: 49_975, held: 0 });
  });

  test('that is not there is insufficient_credits, and the handler does not run', async () => {
    const counter = await ownerOf(server);
    let runs = 0;
    const app = await guarded(server, { amount: 50_001 }, async () => {
      runs += 1;
      return {};
    });
    const answer = await changesNothing(server, () => ask(app, counter));
    expect(answer.statusCode).toBe(402);
    expect(answer.json()).toMatchObject({ error: { details: { available: 50_000, required: 50_001 } } });
    expect(runs).toBe(0);
  });

  test('for a feature that the guard refuses is refused with its words', async () => {
    const counter = await ownerOf(server);
    const app = await guarded(server, { amount: 1, feature: () => refuse('not_found') }, async () => ({}));
    expect((await changesNothing(server, () => ask(app, counter))).statusCode).toBe(404);
  });
});

describe('an estimate', () => {
  test('is made from the request, and only what the handler says was used is taken', async () => {
    const counter = await ownerOf(server);
    const amount = (request: { body: unknown }) => (request.body as { pages: number }).pages * 10;
    const app = await guarded(server, { amount }, async (request) => {
      runOf(request).use({ credits: 7, details: { pages: 3 } });
      return { reserved: runOf(request).reserved };
    });
    expect((await ask(app, counter, uniqueKey(), { pages: 3 })).json()).toEqual({ reserved: 30 });
    expect(await balanceOf(counter)).toMatchObject({ balance: 49_993, held: 0 });
    expect(await auditOf(server, counter, 'ai.charged')).toMatchObject([
      { details: { pages: 3, held: 30, credits: 7 } },
    ]);
  });

  test('of which nothing was used takes nothing, and the key still answers its result', async () => {
    const counter = await ownerOf(server);
    let runs = 0;
    const app = await guarded(server, { amount: 40 }, async (request) => {
      runs += 1;
      runOf(request).use({ credits: 0 });
      return { runs };
    });
    const key = uniqueKey();
    for (let round = 0; round < 3; round += 1) expect((await ask(app, counter, key)).json()).toEqual({ runs: 1 });
    await expectUntouched(counter);
  });
});

describe('an Idempotency-Key', () => {
  test('is needed, runs once, charges once, and answers status, type and body again', async () => {
    const counter = await ownerOf(server);
    let runs = 0;
    const app = await guarded(server, { amount: 5 }, async (_request, reply) => {
      runs += 1;
      return reply.code(202).type('text/csv; charset=utf-8').send(`run,${runs}\n`);
    });
    const keyless = await app.inject({
      method: 'POST',
      url: '/label/1',
      headers: { authorization: `Bearer ${counter.deviceToken}` },
    });
    expect(keyless.statusCode).toBe(400);
    const key = uniqueKey();
    const answers = [await ask(app, counter, key), await ask(app, counter, key)];
    for (const { statusCode, headers, body } of answers) {
      expect({ statusCode, type: headers['content-type'], body }).toEqual({
        statusCode: 202,
        type: 'text/csv; charset=utf-8',
        body: 'run,1\n',
      });
    }
    expect(runs).toBe(1);
    expect(await balanceOf(counter)).toMatchObject({ balance: 49_995 });
    expect((await ask(app, counter, key, { of: 'that' })).statusCode).toBe(409);
    expect((await ask(app, counter, key, { of: 'this' }, '2')).statusCode).toBe(409);
  });

  test('used at two servers on one database at once: one runs, the other waits and answers the same', async () => {
    const counter = await ownerOf(server);
    let runs = 0;
    const begun = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const handler: RouteHandlerMethod = async () => {
      runs += 1;
      begun.resolve();
      await go.promise;
      return { runs };
    };
    const one = await guarded(server, { amount: 5 }, handler);
    const other = await guarded(server, { amount: 5 }, handler);
    const key = uniqueKey();
    const asking = [ask(one, counter, key), ask(one, counter, key)];
    await begun.promise;
    const looks = vi.spyOn(server.parts.remembered, 'status');
    asking.push(ask(other, counter, key), ask(other, counter, key));
    // Having looked twice, it saw at the first time that the work runs elsewhere.
    await eventually(
      async () => looks.mock.calls.length,
      (times) => times >= 2,
    );
    looks.mockRestore();
    go.resolve();
    for (const { statusCode, body } of await Promise.all(asking)) {
      expect({ statusCode, body }).toEqual({ statusCode: 200, body: '{"runs":1}' });
    }
    expect(await balanceOf(counter)).toMatchObject({ balance: 49_995, held: 0 });
  });

  test('whose run crashed runs again as soon as its hold is over, before any job saw it', async () => {
    const counter = await ownerOf(server);
    const begun = Promise.withResolvers<void>();
    const app = await guarded(server, { amount: 5, seconds: 30 }, async () => {
      begun.resolve();
      return new Promise(() => undefined);
    });
    const key = uniqueKey();
    // A process that stops in the middle says nothing more; here nobody waits for it.
    void ask(app, counter, key);
    await begun.promise;
    const other = await guarded(server, { amount: 5, seconds: 30 }, async () => ({ label: 'again' }));
    server.clock.advance(90_000);
    expect((await ask(other, counter, key)).json()).toEqual({ label: 'again' });
    expect(await balanceOf(counter)).toMatchObject({ balance: 49_995, held: 0 });
    abandon(app);
  });
});
