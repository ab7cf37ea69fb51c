// The operator's routes that move money: sending a payment back.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { refundAnswer, refundRequest } from '../../shared/contract/admin.ts';
import { refundPurchase } from '../orders/refund-payment.ts';
import type { Parts } from '../parts.ts';
import { requireOperator } from './admin-auth.ts';
import { answers, pathId, sendRefusal, withBody } from './answers.ts';
import { optionalKeyOf } from './auth.ts';

const idParams = z.object({ id: pathId });

export function adminMoneyRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireOperator(app, parts.config.adminToken));
    app.post(
      '/api/admin/purchases/:id/refund',
      {
        schema: {
          operationId: 'adminRefundPurchase',
          params: idParams,
          body: refundRequest,
          response: answers({ 202: refundAnswer }, [
            'unauthenticated',
            'not_found',
            ...withBody,
            'idempotency_key_reused',
          ]),
        },
      },
      async (request, reply) => {
        const key = optionalKeyOf(request);
        if (!key.ok) return sendRefusal(reply, key.refused);
        const refunded = await refundPurchase(parts, request.params.id, request.body, key.value);
        return refunded.ok ? reply.code(202).send(refunded.value) : sendRefusal(reply, refunded);
      },
    );
  };
}
