// Rate limits per caller's address, for the routes that anybody can call and for guesses of a secret. Never global: one
// address cannot use up another's share.
import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import { refuse } from '../verdict.ts';
import { sendRefusal } from './answers.ts';

export interface Limit {
  readonly most: number;
  readonly seconds: number;
}

/** All limits must be kept; needs the rate-limit plugin registered on an ancestor. */
export function limitPerAddress(app: FastifyInstance, limits: readonly Limit[]): preHandlerAsyncHookHandler {
  const checks = limits.map(({ most, seconds }) =>
    app.createRateLimit({ max: most, timeWindow: seconds * 1000, keyGenerator: (request) => request.ip }),
  );
  return async (request, reply) => {
    for (const check of checks) {
      const state = await check(request);
      if (!state.isAllowed && state.isExceeded) {
        return sendRefusal(reply, { ...refuse('rate_limited'), retryAfterSeconds: Math.max(1, state.ttlInSeconds) });
      }
    }
    return undefined;
  };
}
