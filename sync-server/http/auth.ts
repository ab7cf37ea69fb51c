// Who is calling: the bearer token of a counter. Every route but the few public ones runs behind it, and everything it
// touches is scoped to the token's org.
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { idempotencyKey } from '../../shared/contract/ids.ts';
import type { Parts } from '../parts.ts';
import type { KeyUse } from '../store/idempotency.ts';
import type { Caller } from '../store/orgs.ts';
import { type Refused, refuse } from '../verdict.ts';
import { invalid, sendRefusal } from './answers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the hook below; null on public routes. */
    caller: Caller | null;
  }
}

/** For `onRequest`: a stranger's body is not even read. */
export function requireCaller(parts: Parts): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const found = await identify(parts, request);
    if ('ok' in found) return sendRefusal(reply, found);
    request.caller = found;
    return undefined;
  };
}

async function identify(parts: Parts, request: FastifyRequest): Promise<Caller | Refused> {
  const token = /^Bearer ([A-Za-z0-9_-]{20,200})$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) return refuse('unauthenticated');
  const caller = await parts.remembered.caller(token);
  if (caller === null) return refuse('unauthenticated');
  if (caller.revoked) return refuse('device_revoked');
  return caller;
}

export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('a signed-in route without its hook');
  return request.caller;
}

/** The idempotency key of a request that needs one, with what it is used for; or the refusal. */
export function keyUseOf(request: FastifyRequest, route: string): KeyUse | Refused {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return invalid('headers.idempotency-key', 'is needed here');
  const key = idempotencyKey.safeParse(header);
  if (!key.success) return invalid('headers.idempotency-key', 'must be 1 to 64 of A-Z a-z 0-9 _ -');
  return { orgId: callerOf(request).orgId, key: key.data, route, body: request.body ?? null };
}

/** The Idempotency-Key of a request that may do without one. */
export function optionalKeyOf(
  request: FastifyRequest,
): { ok: true; value: string | null } | { ok: false; refused: Refused } {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return { ok: true, value: null };
  const key = idempotencyKey.safeParse(header);
  if (key.success) return { ok: true, value: key.data };
  return { ok: false, refused: invalid('headers.idempotency-key', 'must be 1 to 64 of A-Z a-z 0-9 _ -') };
}
