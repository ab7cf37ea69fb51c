// The provider's webhook: raw bytes verified against every active secret, stored once, answered; applied by a job after.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Parts } from '../parts.ts';
import { storeWebhook } from '../store/inbox.ts';
import { refuse } from '../verdict.ts';
import { answers, sendRefusal } from './answers.ts';

const largestWebhook = 1_048_576;

export function webhookRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    // The signature is over the bytes as they came, so nothing may parse them before.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

    app.post(
      '/api/billing/webhook',
      {
        bodyLimit: largestWebhook,
        schema: {
          operationId: 'receiveWebhook',
          response: answers({ 200: z.object({ received: z.literal(true) }) }, [
            'invalid_signature',
            'too_large',
            // Only a Content-Type that is none: any other is taken.
            'unsupported_media_type',
          ]),
        },
      },
      async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const { provider } = parts;
        if (!provider.verifyWebhookSignature(body, request.headers)) {
          request.log.warn({ bytes: body.length }, 'a webhook without a valid signature');
          parts.metrics.webhookReceived('invalid_signature');
          return sendRefusal(reply, refuse('invalid_signature'));
        }
        const envelope = provider.readWebhook(body, request.headers);
        if (envelope !== null) {
          const webhook = { provider: provider.name, mode: provider.mode, envelope, body };
          const fresh = await storeWebhook(parts.database.unscoped, webhook, parts.clock.now());
          parts.metrics.webhookReceived(fresh ? 'stored' : 'repeated');
          if (fresh) parts.wakeInbox(0);
        } else {
          request.log.error({ bytes: body.length }, 'a signed webhook that is no event');
          parts.metrics.webhookReceived('no_event');
        }
        return reply.send({ received: true as const });
      },
    );
  };
}
