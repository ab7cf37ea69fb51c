// The server as the benchmarks start it: the real one, settings from the environment, with routes beside its own that take
// the same requests and answer the same answers without doing anything. What is between the two is ours.
import { randomBytes } from 'node:crypto';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import pino from 'pino';
import { z } from 'zod';
import { spendAnswer, spendRequest } from '../shared/contract/credits.ts';
import { readConfig } from '../sync-server/config.ts';
import { answers } from '../sync-server/http/answers.ts';
import { startServer } from '../sync-server/server.ts';

const entry: z.infer<typeof spendAnswer>['entry'] = {
  ...{ seq: 1, delta: -1, balanceAfter: 999_999, reference: null, idempotencyKey: 'bench-1' },
  ...{ actor: 'dev_bench', feature: 'ai.assist', occurredAt: '2026-11-22T06:30:00.000Z' },
  ...{ createdAt: '2026-11-22T06:30:00.000Z', hash: '0'.repeat(64) },
  kind: 'spend',
};

const noop: FastifyPluginAsyncZod = async (app) => {
  app.post(
    '/bench/noop',
    { schema: { body: spendRequest, response: answers({ 200: spendAnswer }, []) } },
    async (_request, reply) => reply.send({ entry, balance: 999_999, available: 999_999 }),
  );
};

/** Reads the raw bytes, as the webhook's route does. */
const noopWebhook: FastifyPluginAsyncZod = async (app) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post(
    '/bench/noop-webhook',
    { schema: { response: answers({ 200: z.object({ received: z.literal(true) }) }, []) } },
    async (_request, reply) => reply.send({ received: true as const }),
  );
};

const read = readConfig(process.env);
if (!read.ok) throw new Error(read.faults.join('; '));
const server = await startServer(read.config, {
  clock: { now: () => new Date() },
  random: { bytes: (count) => randomBytes(count) },
  log: pino({ level: read.config.logLevel }, pino.destination({ fd: 2, sync: true })),
  beside: async (app) => {
    await app.register(noop);
    await app.register(noopWebhook);
  },
});
process.once('SIGTERM', () => {
  server.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
console.log(`listening on ${server.url}`);
