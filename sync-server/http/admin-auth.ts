// Who is an operator: whoever has the server's ADMIN_TOKEN. Asked before anything of a request is read, and a server
// without a token has no operator routes at all.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify';
import { refuse } from '../verdict.ts';
import { sendRefusal } from './answers.ts';
import { limitPerAddress } from './limits.ts';

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

/** Wrong tokens of one address that are answered as such; whoever has the right one is never limited. */
const guesses = { most: 300, seconds: 60 };

/**
 * Digests are compared, of equal length whatever was sent, so that the comparison tells nothing by its time. Needs the
 * rate-limit plugin registered on an ancestor.
 */
export function requireOperator(app: FastifyInstance, adminToken: string | null): onRequestAsyncHookHandler {
  const refuseGuess = limitPerAddress(app, [guesses]);
  const right = adminToken === null ? null : digest(Buffer.from(adminToken, 'utf8'));
  return async function (request, reply) {
    if (right === null) return sendRefusal(reply, refuse('not_found'));
    // Header bytes come as Latin-1; a token of other letters was sent as UTF-8.
    const sent = /^Bearer (.+)$/s.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const same = timingSafeEqual(digest(Buffer.from(sent, 'latin1')), right);
    if (same) return undefined;
    await refuseGuess.call(this, request, reply);
    return reply.sent ? reply : sendRefusal(reply, refuse('unauthenticated'));
  };
}
