// The feed that counters pull.
import { promisify } from 'node:util';
import { gzip, constants as zlib, zstdCompress } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { type FeedColumnsPage, feedColumnsPage, feedColumnsType } from '../../shared/contract/feed-columns.ts';
import { type FeedPage, feedPage, feedQuery, mostSnapshotEntries } from '../../shared/contract/sync.ts';
import type { ChainHead } from '../../shared/ledger/chain.ts';
import type { Parts } from '../parts.ts';
import { readColumns, readFeed, readHead, readLink } from '../store/feed.ts';
import { readStatus } from '../store/status.ts';
import type { Tx } from '../store/tx.ts';
import { answers, signedIn } from './answers.ts';
import { callerOf, requireCaller } from './auth.ts';

type Query = z.output<typeof feedQuery>;

export function syncRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireCaller(parts));

    app.get(
      '/api/sync/feed',
      {
        schema: {
          operationId: 'readFeed',
          querystring: feedQuery,
          response: answers({ 200: feedPage }, [...signedIn, 'invalid_request']),
        },
      },
      async (request, reply) => {
        const { orgId } = callerOf(request);
        const byColumns = (request.headers.accept ?? '').includes(feedColumnsType);
        void reply.header('Vary', 'Accept, Accept-Encoding');
        // One snapshot of the database, so that entries, head and status are of one moment.
        if (!byColumns)
          return parts.database.inOrg(orgId, (tx) => plainPage(parts, tx, orgId, request.query), 'snapshot');
        const text = await parts.database.inOrg(
          orgId,
          (tx) => columnsPage(parts, tx, orgId, request.query),
          'snapshot',
        );
        return sendText(request, reply, text) as never;
      },
    );
  };
}

/** Where the recent entries begin of a ledger that is too long for one page; null where none is asked for, or needed. */
async function snapshotOf(tx: Tx, orgId: string, query: Query, head: ChainHead): Promise<ChainHead | null> {
  if (query.after !== 0 || query.snapshot !== '1' || head.seq <= query.limit) return null;
  return readLink(tx, orgId, head.seq - Math.min(query.limit, mostSnapshotEntries));
}

async function plainPage(parts: Parts, tx: Tx, orgId: string, query: Query): Promise<FeedPage> {
  const snapshot = await snapshotOf(tx, orgId, query, await readHead(tx, orgId));
  const rows = await readFeed(tx, orgId, snapshot?.seq ?? query.after, query.limit);
  const status = await readStatus(parts, tx, orgId);
  const page = { entries: [...rows.entries], head: rows.head, status, serverTime: status.serverTime };
  return snapshot === null ? page : { ...page, snapshot };
}

/** The same as the text of an answer; all but the columns are checked against their shape. */
async function columnsPage(parts: Parts, tx: Tx, orgId: string, query: Query): Promise<string> {
  const head = await readHead(tx, orgId);
  const snapshot = await snapshotOf(tx, orgId, query, head);
  const after = snapshot?.seq ?? query.after;
  const end = Math.min(after + query.limit, head.seq);
  const columns = await readColumns(tx, orgId, after, end, query.limit);
  const last = end <= after ? null : end === head.seq ? head : await readLink(tx, orgId, end);
  const status = await readStatus(parts, tx, orgId);
  const rest: Omit<FeedColumnsPage, 'columns'> = {
    head,
    last,
    status,
    serverTime: status.serverTime,
    ...(snapshot === null ? {} : { snapshot }),
  };
  const text = JSON.stringify(feedColumnsPage.omit({ columns: true }).parse(rest));
  return `{"columns":${columns},${text.slice(1)}`;
}

const packings = {
  zstd: (text: string) => promisify(zstdCompress)(text, { params: { [zlib.ZSTD_c_compressionLevel]: 1 } }),
  gzip: (text: string) => promisify(gzip)(text, { level: 1 }),
} as const;

async function sendText(request: FastifyRequest, reply: FastifyReply, text: string): Promise<FastifyReply> {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const packing = (['zstd', 'gzip'] as const).find((name) => accepted.includes(name));
  void reply.header('Content-Type', `${feedColumnsType}; charset=utf-8`);
  if (packing === undefined) return reply.send(Buffer.from(text));
  void reply.header('Content-Encoding', packing);
  return reply.send(await packings[packing](text));
}
