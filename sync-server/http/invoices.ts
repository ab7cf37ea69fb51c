// An org's tax documents: the list, one of them, its PDF, and all of a period as CSV.
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { invoiceList, invoicesCsvQuery, invoicesQuery } from '../../shared/contract/invoices.ts';
import { taxDocument } from '../../shared/gst/document.ts';
import { registerCsv } from '../../shared/gst/register.ts';
import type { Parts } from '../parts.ts';
import { documentsBetween, findDocument, listDocuments } from '../store/documents.ts';
import { refuse } from '../verdict.ts';
import { answers, answersIn, invalid, pathId, sendRefusal, signedIn, type ZodApp } from './answers.ts';
import { callerOf, requireCaller } from './auth.ts';

const idParams = z.object({ id: pathId });

export function invoiceRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireCaller(parts));
    listRoute(app, parts);
    getRoute(app, parts);
    pdfRoute(app, parts);
    csvRoute(app, parts);
  };
}

function listRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/api/billing/invoices',
    {
      schema: {
        operationId: 'listInvoices',
        querystring: invoicesQuery,
        response: answers({ 200: invoiceList }, [...signedIn, 'invalid_request']),
      },
    },
    async (request, reply) => {
      const { orgId } = callerOf(request);
      const { financialYear, cursor, limit } = request.query;
      try {
        const page = await parts.database.inOrg(orgId, (tx) =>
          listDocuments(tx, orgId, financialYear ?? null, cursor ?? null, limit),
        );
        return reply.send({ ...page, items: [...page.items] });
      } catch (error) {
        if (error instanceof RangeError) return sendRefusal(reply, invalid('querystring.cursor', 'is not a cursor'));
        throw error;
      }
    },
  );
}

function getRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/api/billing/invoices/:id',
    {
      schema: {
        operationId: 'getInvoice',
        params: idParams,
        response: answers({ 200: taxDocument }, [...signedIn, 'not_found']),
      },
    },
    async (request, reply) => {
      const { orgId } = callerOf(request);
      const found = await parts.database.inOrg(orgId, (tx) => findDocument(tx, orgId, request.params.id));
      return found === null ? sendRefusal(reply, refuse('not_found')) : reply.send(found);
    },
  );
}

function pdfRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/api/billing/invoices/:id/pdf',
    {
      schema: {
        operationId: 'getInvoicePdf',
        params: idParams,
        response: answersIn('application/pdf', [...signedIn, 'not_found']),
      },
    },
    async (request, reply) => {
      const { orgId } = callerOf(request);
      const found = await parts.database.inOrg(orgId, (tx) => findDocument(tx, orgId, request.params.id));
      if (found === null) return sendRefusal(reply, refuse('not_found'));
      const pdf = await parts.printer.print(found);
      if (pdf === null) return sendRefusal(reply, refuse('unavailable'));
      return sendFile(reply, 'application/pdf', `${found.number.replaceAll('/', '-')}.pdf`, pdf);
    },
  );
}

function csvRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/api/billing/invoices.csv',
    {
      schema: {
        operationId: 'exportInvoices',
        querystring: invoicesCsvQuery,
        response: answersIn('text/csv', [...signedIn, 'invalid_request']),
      },
    },
    async (request, reply) => {
      const { orgId } = callerOf(request);
      const { from, to } = request.query;
      const documents = await parts.database.inOrg(orgId, (tx) =>
        documentsBetween(tx, orgId, from ?? null, to ?? null),
      );
      const name = ['invoices', ...(from === undefined ? [] : ['from', from]), ...(to === undefined ? [] : ['to', to])];
      return sendFile(reply, 'text/csv; charset=utf-8', `${name.join('-')}.csv`, registerCsv(documents));
    },
  );
}

/** `name`: of letters, digits, hyphens and a point, which every file system takes and no header breaks on. */
function sendFile(reply: FastifyReply, type: string, name: string, content: Buffer | string): FastifyReply {
  return reply.type(type).header('Content-Disposition', `attachment; filename="${name}"`).send(content);
}
