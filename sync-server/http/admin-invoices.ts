// The operator's route for a document in the form of the invoice registration portal.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { inv01, inv01Of, inv01Reasons } from '../../shared/gst/inv01.ts';
import type { Parts } from '../parts.ts';
import { findAnyDocument } from '../store/register.ts';
import { refuse } from '../verdict.ts';
import { operators } from './admin.ts';
import { requireOperator } from './admin-auth.ts';
import { answers, invalid, pathId, sendRefusal } from './answers.ts';

export function adminInvoiceRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireOperator(app, parts.config.adminToken));
    app.get(
      '/api/admin/invoices/:id/inv01',
      {
        schema: {
          operationId: 'adminGetInv01',
          params: z.object({ id: pathId }),
          response: answers({ 200: inv01 }, [...operators, 'invalid_request']),
        },
      },
      async (request, reply) => {
        const found = await findAnyDocument(parts.database.acrossOrgs, request.params.id);
        if (found === null) return sendRefusal(reply, refuse('not_found'));
        const form = inv01Of(found);
        return form.ok ? reply.send(form.value) : sendRefusal(reply, invalid('id', inv01Reasons[form.reason]));
      },
    );
  };
}
