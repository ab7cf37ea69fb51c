// Servers of one guarded route, for the tests of the guard: on the database of the real one, with a handler of the test.
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import Fastify, { type FastifyInstance, type RouteHandlerMethod } from 'fastify';
import { type CreditGuard, requireCredits } from '../../../sync-server/ai/require-credits.ts';
import { onError } from '../../../sync-server/http/answers.ts';
import { requireCaller } from '../../../sync-server/http/auth.ts';
import { type Counter, type Started, uniqueKey } from '../server/started.ts';

const apps = new Set<FastifyInstance>();

export async function closeGuarded(): Promise<void> {
  for (const app of apps) await app.close();
  apps.clear();
}

/** Plays a process that crashed: nobody waits for it any more. */
export function abandon(app: FastifyInstance): void {
  apps.delete(app);
}

/** A server of one guarded route, on the same database as the other. Closed by `closeGuarded`. */
export async function guarded(
  server: Started,
  guard: Omit<CreditGuard, 'feature'> & Partial<CreditGuard>,
  handler: RouteHandlerMethod,
) {
  const app = Fastify();
  apps.add(app);
  app.setErrorHandler(onError);
  app.decorateRequest('caller', null);
  await app.register(async (within) => {
    within.addHook('onRequest', requireCaller(server.parts));
    await within.register(requireCredits(server.parts, { feature: 'ai.assist', ...guard }));
    within.post('/label/:id', handler);
  });
  return app;
}

export const ask = (
  app: FastifyInstance,
  counter: Counter,
  key = uniqueKey(),
  body: object = { of: 'this' },
  id = '1',
) =>
  app.inject({
    method: 'POST',
    url: `/label/${id}`,
    headers: { authorization: `Bearer ${counter.deviceToken}`, 'idempotency-key': key },
    payload: body,
  });

/** Asks over a real connection; comes back with how to leave. */
export async function askAndLeave(app: FastifyInstance, counter: Counter): Promise<() => Promise<void>> {
  const url = new URL(await app.listen({ port: 0 }));
  const sent = httpRequest({
    port: url.port,
    path: '/label/1',
    method: 'POST',
    headers: { authorization: `Bearer ${counter.deviceToken}`, 'idempotency-key': uniqueKey() },
  });
  const broken = once(sent, 'error').catch((error: unknown) => error);
  sent.end();
  return async () => {
    sent.destroy();
    await broken;
  };
}
