// Owns the sandbox's commands by HTTP, for tests and scripts:
//
// POST /play              {"action":"pay"|"fail", "orderId", method?, instrument?, capture?, amount?, currency?, reason?}
//                         or {"action":"authorise_late", "paymentId"}; `?wait=1` answers after the webhooks were tried.
//                         What else the world outside does (refunds, disputes, …) goes there too: see act.ts
// GET  /faults, POST /faults   the switches, see faults.ts
// GET  /webhooks          {"items":[delivery, …], "endpoint":{…}} newest first
// POST /webhooks/deliver  {} releases all that are held and sends what is due; {"eventIds":[…]} sends these again, in this
//                         order, whatever their state. Answers {released, delivered, failed}
// POST /webhooks/next     lets the time to the next try of the ladder pass for all deliveries, and sends what is due then;
//                         after the last try, to the disabling. Answers {skippedMs, delivered, failed, endpoint}
// POST /webhooks/rotate   {"secret"?}: new events are signed with it (without one, with the spare secret), older ones keep
//                         their signature. POST /webhooks/disable, /webhooks/enable: as in the dashboard. Answer {endpoint}
//
// No authentication: whoever reaches the sandbox may play with its test money.

import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { actRequest, isAct } from './act.ts';
import { type FaultName, type FaultValue, faultMeaning, faultNames } from './faults.ts';
import { QUIET } from './http-speech.ts';
import type { SandboxParts } from './parts.ts';
import { playRequest } from './play.ts';

const value = z.union([z.boolean(), z.int().min(0).max(1_000_000)]);
const faultsBody = z.strictObject({
  reset: z.boolean().optional(),
  ...(Object.fromEntries(faultNames.map((name) => [name, value.optional()])) as Record<
    FaultName,
    z.ZodOptional<typeof value>
  >),
});
const deliverBody = z.object({ eventIds: z.array(z.string()).max(1000).optional() }).nullish();

const rotateBody = z.object({ secret: z.string().min(8).max(200).optional() }).nullish();

export function commandRoutes(parts: SandboxParts): FastifyPluginAsync {
  const { faults, courier, play, act } = parts;
  return async (app) => {
    const shown = (): { faults: Record<FaultName, FaultValue>; meaning: typeof faultMeaning } => ({
      faults: faults.all(),
      meaning: faultMeaning,
    });
    app.get('/faults', QUIET, async () => shown());
    app.post('/faults', QUIET, async ({ body }) => {
      const { reset, ...values } = faultsBody.parse(body);
      if (reset === true) faults.reset();
      faults.set(values as Partial<Record<FaultName, FaultValue>>);
      return shown();
    });
    app.post('/play', QUIET, async ({ body, query }) => {
      const { action } = z.looseObject({ action: z.string() }).parse(body);
      const played = isAct(action) ? act(actRequest.parse(body)) : play(playRequest.parse(body));
      const { wait } = z.object({ wait: z.string().optional() }).parse(query);
      if (wait === '1') await courier.deliverDue();
      return played;
    });
    webhookCommands(app, parts);
  };
}

function webhookCommands(
  app: FastifyInstance,
  { deliveries, courier, clock, endpoint, webhookUrl }: SandboxParts,
): void {
  const shown = () => ({
    url: webhookUrl,
    secret: endpoint.currentSecret(),
    oldSecret: endpoint.oldSecret(),
    disabled: endpoint.disabledMs() !== null,
    failingSince: endpoint.failingSinceMs(),
  });
  app.get('/webhooks', QUIET, async () => ({ items: deliveries.list(200), endpoint: shown() }));
  app.post('/webhooks/next', QUIET, async () => ({ ...(await courier.moveOn()), endpoint: shown() }));
  app.post('/webhooks/rotate', QUIET, async ({ body }) => {
    endpoint.rotate(rotateBody.parse(body)?.secret ?? null);
    return { endpoint: shown() };
  });
  app.post('/webhooks/disable', QUIET, async () => {
    endpoint.disable(clock.now().getTime());
    return { endpoint: shown() };
  });
  app.post('/webhooks/enable', QUIET, async () => {
    endpoint.enable();
    return { endpoint: shown() };
  });
  app.post('/webhooks/deliver', QUIET, async ({ body }) => {
    const eventIds = deliverBody.parse(body)?.eventIds ?? null;
    const released = deliveries.release(eventIds, clock.now().getTime());
    return { released, ...(await courier.deliverDue()) };
  });
}
