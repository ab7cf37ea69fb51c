// Owns the sandbox's commands by HTTP, for tests and scripts:
//
// POST /play              {"action":"pay"|"fail", "orderId", method?, instrument?, capture?, amount?, currency?, reason?}
//                         or {"action":"authorise_late", "paymentId"}; `?wait=1` answers after the webhooks were tried
// GET  /faults, POST /faults   the switches, see faults.ts
// GET  /webhooks          {"items":[delivery, …]} newest first
// POST /webhooks/deliver  {} releases all that are held and sends what is due; {"eventIds":[…]} sends these again, in this
//                         order, whatever their state. Answers {released, delivered, failed}
//
// No authentication: whoever reaches the sandbox may play with its test money.

import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
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

export function commandRoutes({ faults, deliveries, courier, clock, play }: SandboxParts): FastifyPluginAsync {
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
      const played = play(playRequest.parse(body));
      const { wait } = z.object({ wait: z.string().optional() }).parse(query);
      if (wait === '1') await courier.deliverDue();
      return played;
    });
    app.get('/webhooks', QUIET, async () => ({ items: deliveries.list(200) }));
    app.post('/webhooks/deliver', QUIET, async ({ body }) => {
      const eventIds = deliverBody.parse(body)?.eventIds ?? null;
      const released = deliveries.release(eventIds, clock.now().getTime());
      return { released, ...(await courier.deliverDue()) };
    });
  };
}
