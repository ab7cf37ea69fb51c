// The guard of an AI endpoint, as a fastify plugin: reserves credits before the handler runs, takes what was used when the
// answer goes out, gives all back on failure, time-out or when the caller leaves, and answers a repeated key with its result.
// Register it in the context of the routes it guards, after the hook that says who is calling.
//
// Of equal requests at once one runs and the others wait for its result. One that waits too long is told to come again.
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { type ErrorCode, errorCatalogue } from '../../shared/contract/errors.ts';
import { bodyOf, sendRefusal } from '../http/answers.ts';
import { callerOf, keyUseOf } from '../http/auth.ts';
import type { Parts } from '../parts.ts';
import { isDatabaseAway } from '../store/database.ts';
import type { KeyUse } from '../store/idempotency.ts';
import { type Refused, refuse } from '../verdict.ts';
import { type KeptAnswer, type Reserved, reserve, type Wish } from './charge.ts';
import { createRun, type Run } from './run.ts';
import { oneAtATime, type Turns } from './turns.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard before the handler runs; null where no guard is. */
    run: Run | null;
  }
}

export interface CreditGuard {
  /** Credits to reserve: a fixed number that is taken in full, or an estimate of which the handler says what was used. */
  readonly amount: number | ((request: FastifyRequest) => number);
  readonly feature: string | ((request: FastifyRequest) => string | Refused);
  /** How long the handler may take. */
  readonly seconds?: number;
}

/** Credits stay held a little longer than the work may take, so that its end always finds them. */
const graceSeconds = 60;
const defaultSeconds = 300;
/** How long work may go on when the server is asked to stop; the whole server ends within 10 s. */
const drainMs = 5_000;
/** How long an equal request waits for the one that runs, and how often it looks whether another process is done. */
const waitMs = 60_000;
const lookAgainMs = 500;

export function requireCredits(parts: Parts, guard: CreditGuard): FastifyPluginAsync {
  const seconds = guard.seconds ?? defaultSeconds;
  return fp(async (app: FastifyInstance) => {
    const turns = oneAtATime();
    const runs = new Set<Run>();
    const stopping = endWithServer(app, runs);
    app.decorateRequest('run', null);

    app.addHook('preHandler', async (request, reply) => {
      const asked = askOf(request, guard, seconds + graceSeconds);
      if ('ok' in asked) return sendRefusal(reply, asked);
      const gone = whenGone(reply);
      let waiting: AbortSignal | null = null;
      const patience = () => {
        waiting ??= AbortSignal.any([gone, stopping, AbortSignal.timeout(waitMs)]);
        return waiting;
      };
      const { outcome, done } = await inTurn(parts, turns, request, asked, patience);
      if (outcome.kind !== 'reserved') {
        done();
        return answerAtOnce(reply, outcome);
      }
      const { reservation } = outcome;
      const run = createRun(parts, {
        caller: callerOf(request),
        use: asked.use,
        reservation,
        seconds,
        log: request.log,
      });
      runs.add(run);
      void run.ended.then(() => {
        runs.delete(run);
        done();
      });
      gone.addEventListener('abort', () => run.stop('the caller left'), { once: true });
      if (gone.aborted) run.stop('the caller left');
      request.run = run;
      return undefined;
    });

    app.addHook('onSend', async (request, reply, payload: unknown) =>
      request.run === null ? payload : settle(request, request.run, reply, payload),
    );
  });
}

/** The run of a guarded request. */
export function runOf(request: FastifyRequest): Run {
  if (request.run === null) throw new Error('a guarded route without its guard');
  return request.run;
}

interface Asked {
  readonly use: KeyUse;
  readonly wish: Wish;
}

function askOf(request: FastifyRequest, { amount, feature }: CreditGuard, seconds: number): Asked | Refused {
  const use = keyUseOf(request, `${request.method} ${request.routeOptions.url ?? ''}`);
  if ('ok' in use) return use;
  const named = typeof feature === 'string' ? feature : feature(request);
  if (typeof named !== 'string') return named;
  const { params, query, body } = request;
  return {
    use: { ...use, body: { feature: named, params, query, body: body ?? null } },
    wish: { amount: typeof amount === 'number' ? amount : amount(request), feature: named, seconds },
  };
}

/** Reserves when no equal request runs, in this process or another; `running` if patience was over first. */
async function inTurn(
  parts: Parts,
  turns: Turns,
  request: FastifyRequest,
  { use, wish }: Asked,
  patience: () => AbortSignal,
): Promise<{ readonly outcome: Reserved; readonly done: () => void }> {
  const done = await turns.take(`${use.orgId} ${use.key}`, patience);
  if (done === null) return { outcome: { kind: 'running' }, done: () => undefined };
  try {
    for (;;) {
      const outcome = await reserve(parts, callerOf(request), use, wish);
      if (outcome.kind !== 'running' || patience().aborted) return { outcome, done };
      await Promise.allSettled([pause(lookAgainMs, undefined, { signal: patience() })]);
    }
  } catch (error) {
    done();
    throw error;
  }
}

function answerAtOnce(reply: FastifyReply, outcome: Exclude<Reserved, { kind: 'reserved' }>): FastifyReply {
  if (outcome.kind === 'refused') return sendRefusal(reply, outcome.refused);
  if (outcome.kind === 'running') return sendRefusal(reply, refuse('unavailable'));
  const { status, type, body } = outcome.answer;
  return reply.code(status).type(type).send(body);
}

/** Aborted when the connection ends before the answer did. */
function whenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const { raw } = reply;
  const look = () => {
    if (!raw.writableFinished) gone.abort();
  };
  if (raw.destroyed) look();
  else raw.once('close', look);
  return gone.signal;
}

/** A stop of the server lets runs go on for a while, then breaks them off; all are settled before the database closes. */
function endWithServer(app: FastifyInstance, runs: ReadonlySet<Run>): AbortSignal {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    timer = setTimeout(() => {
      stopping.abort();
      for (const run of runs) run.stop('the server stops');
    }, drainMs);
  });
  app.addHook('onClose', async () => {
    clearTimeout(timer);
    await Promise.all([...runs].map((run) => run.ended));
  });
  return stopping.signal;
}

/** Before the answer goes out: an answer that could not be charged, or not be kept, does not go out. */
async function settle(request: FastifyRequest, run: Run, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (isStream(payload)) {
    run.streams();
    payload.once('close', () => void run.release());
    return payload;
  }
  if (reply.statusCode >= 400) {
    await run.release();
    return payload;
  }
  if (payload !== undefined && payload !== null && typeof payload !== 'string') {
    throw new Error('a guarded route answers text or a stream');
  }
  const answer: KeptAnswer = {
    status: reply.statusCode,
    type: String(reply.getHeader('content-type') ?? 'text/plain; charset=utf-8'),
    body: payload ?? '',
  };
  try {
    if ((await run.take(answer)) !== null) return payload;
    request.log.warn({ holdId: run.holdId }, 'guarded work ended after its credits were given back');
    return refuseInstead(reply, 'unavailable');
  } catch (error) {
    request.log.error({ err: error, holdId: run.holdId }, 'guarded work could not be charged');
    return refuseInstead(reply, isDatabaseAway(error) ? 'unavailable' : 'internal');
  }
}

function refuseInstead(reply: FastifyReply, code: Extract<ErrorCode, 'unavailable' | 'internal'>): string {
  void reply.code(errorCatalogue[code].status).type('application/json; charset=utf-8');
  if (code === 'unavailable') void reply.header('Retry-After', '5');
  return JSON.stringify(bodyOf(refuse(code)));
}

interface StreamLike {
  pipe: unknown;
  once(event: 'close', listener: () => void): unknown;
}

function isStream(payload: unknown): payload is StreamLike {
  return typeof payload === 'object' && payload !== null && 'pipe' in payload && 'once' in payload;
}
