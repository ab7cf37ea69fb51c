// The clock of a test server, set from outside. Only registered where TEST_CLOCK is on, which production refuses.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { instant } from '../../shared/ledger/entry.ts';
import type { TestClock } from '../test-clock.ts';
import { answers, invalid, sendRefusal, withBody } from './answers.ts';

export function testClockRoutes(clock: TestClock, afterMove: () => Promise<void>): FastifyPluginAsyncZod {
  return async (app) => {
    const shape = z.object({ now: instant });
    const time = z.object({ now: z.iso.datetime({ offset: true }) });
    app.get(
      '/test/clock',
      { schema: { operationId: 'readTestClock', response: answers({ 200: shape }, []) } },
      async () => ({
        now: clock.now().toISOString(),
      }),
    );
    app.post(
      '/test/clock',
      {
        schema: {
          operationId: 'setTestClock',
          body: time,
          response: answers({ 200: shape }, withBody),
        },
      },
      async (request, reply) => {
        if (!(await clock.set(new Date(request.body.now)))) {
          return sendRefusal(reply, invalid('now', 'is before the time it is now; the clock never goes back'));
        }
        await afterMove();
        return reply.send({ now: clock.now().toISOString() });
      },
    );
  };
}
