// The whole server on one screen: parts in, a fastify instance out. Tests call it without a port; index.ts starts it.
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { type ProtocolRange, understood } from '../shared/contract/protocol.ts';
import { activationRoutes } from './http/activation.ts';
import { adminRoutes } from './http/admin.ts';
import { alarmRoutes } from './http/admin-alarms.ts';
import { adminInvoiceRoutes } from './http/admin-invoices.ts';
import { adminMoneyRoutes } from './http/admin-money.ts';
import { aiRoutes } from './http/ai.ts';
import { onError, onNotFound } from './http/answers.ts';
import { billingRoutes } from './http/billing.ts';
import { letGoWhenClosing } from './http/closing.ts';
import { creditRoutes } from './http/credits.ts';
import { deviceRoutes } from './http/devices.ts';
import { eventStreamRoutes } from './http/event-stream.ts';
import { healthRoutes } from './http/health.ts';
import { holdRoutes } from './http/holds.ts';
import { invoiceRoutes } from './http/invoices.ts';
import { onBadHttp, onBadUrl, standingHeaders } from './http/malformed.ts';
import { metricsRoutes, timeRequests } from './http/metrics.ts';
import { payRoutes } from './http/pay.ts';
import { profileRoutes } from './http/profile.ts';
import { requireProtocol } from './http/protocol.ts';
import { purchaseRoutes } from './http/purchases.ts';
import { syncRoutes } from './http/sync.ts';
import { testClockRoutes } from './http/test-clock.ts';
import { webhookRoutes } from './http/webhook.ts';
import type { Parts } from './parts.ts';
import type { TestClock } from './test-clock.ts';

const largestBody = 65_536;

export interface AppOptions {
  readonly parts: Parts;
  readonly jobsRun: () => boolean;
  /** Does all that the new time has made due, and tells the counters. */
  readonly afterClockMoved: () => Promise<void>;
  /** Applies a stored webhook again, now. */
  readonly replayWebhook: (inboxId: number) => Promise<void>;
  readonly testClock: TestClock | null;
  /** The versions of the protocol that are understood, where they are others than this program's own. */
  readonly protocol?: ProtocolRange | undefined;
}

export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { parts, jobsRun, afterClockMoved, replayWebhook, testClock } = options;
  const app = Fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: largestBody,
    genReqId: requestIds(parts),
    requestIdHeader: false,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    frameworkErrors: onBadUrl,
    clientErrorHandler: onBadHttp(parts),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(onError);
  app.setNotFoundHandler(onNotFound);
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(standingHeaders(request.id));
  });
  app.addHook('onRequest', requireProtocol(options.protocol ?? understood));
  timeRequests(app, parts.metrics);
  letGoWhenClosing(app);
  allowEmptyJson(app);
  await app.register(rateLimit, { global: false });
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'PharmaPulse One billing: sync server', version: '1' } },
    transform: jsonSchemaTransform,
  });
  await app.register(activationRoutes(parts));
  await app.register(deviceRoutes(parts));
  await app.register(billingRoutes(parts));
  await app.register(purchaseRoutes(parts));
  await app.register(invoiceRoutes(parts));
  await app.register(profileRoutes(parts));
  await app.register(creditRoutes(parts));
  await app.register(holdRoutes(parts));
  await app.register(aiRoutes(parts));
  await app.register(syncRoutes(parts));
  await app.register(eventStreamRoutes(parts));
  await app.register(webhookRoutes(parts));
  await app.register(payRoutes(parts));
  await app.register(adminRoutes(parts, replayWebhook));
  await app.register(adminMoneyRoutes(parts));
  await app.register(adminInvoiceRoutes(parts));
  await app.register(alarmRoutes(parts));
  await app.register(healthRoutes(parts, jobsRun));
  await app.register(metricsRoutes(parts.metrics));
  if (testClock !== null) await app.register(testClockRoutes(testClock, afterClockMoved));
  return app;
}

/** Some clients send `Content-Type: application/json` with a POST that has no body; that is not a fault. */
function allowEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, body as string, done);
  });
}

/** Ids of requests, for the log and for whoever asks support: chance once a process, then counting. */
function requestIds({ random }: Parts): () => string {
  const process = random.bytes(9).toString('base64url');
  let made = 0;
  return () => {
    made += 1;
    return `${process}-${made.toString(36)}`;
  };
}
