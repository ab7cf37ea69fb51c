// Who is an operator: whoever has the server's ADMIN_TOKEN. Asked before anything of a request is read, and a server
// without a token has no operator routes at all.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestAsyncHookHandler } from 'fastify';
import { refuse } from '../verdict.ts';
import { sendRefusal } from './answers.ts';

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

/** Of equal length whatever was sent, so that the comparison tells nothing by its time. */
export function requireOperator(adminToken: string | null): onRequestAsyncHookHandler {
  const right = adminToken === null ? null : digest(Buffer.from(adminToken, 'utf8'));
  return async (request, reply) => {
    if (right === null) return sendRefusal(reply, refuse('not_found'));
    // Header bytes come as Latin-1; a token of other letters was sent as UTF-8.
    const sent = /^Bearer (.+)$/s.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const same = timingSafeEqual(digest(Buffer.from(sent, 'latin1')), right);
    return same ? undefined : sendRefusal(reply, refuse('unauthenticated'));
  };
}
