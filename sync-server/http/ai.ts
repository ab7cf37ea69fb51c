// The AI gateway: chat completions as OpenAI's clients speak them, charged in credits. The answer of the AI service goes
// through as it is; only `usage` is ours.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ChatRequest, chatCompletion, chatRequest } from '../../shared/contract/ai.ts';
import type { Feature } from '../../shared/plan/shapes.ts';
import { echoModel } from '../ai/echo.ts';
import { completeOnce, estimateOf, streamOut } from '../ai/gateway.ts';
import { httpUpstream } from '../ai/http-upstream.ts';
import { requireCredits, runOf } from '../ai/require-credits.ts';
import { type Upstream, UpstreamFailed, UpstreamRefused } from '../ai/upstream.ts';
import type { Parts } from '../parts.ts';
import { type Refused, refuse } from '../verdict.ts';
import { answers, invalid, sendRefusal, signedIn, withBody } from './answers.ts';
import { requireCaller } from './auth.ts';

const largestBody = 1_048_576;

const refusals = answers({}, [
  ...signedIn,
  ...withBody,
  'insufficient_credits',
  'plan_required',
  'feature_unavailable',
  'idempotency_key_reused',
  'upstream_failed',
]);

/** Not typed as an answer: which of the two it is shows only when the AI service has begun. */
const eitherWay: object = {
  200: {
    description: 'The completion, or with `stream` its pieces as Server-Sent Events.',
    content: { 'application/json': { schema: chatCompletion }, 'text/event-stream': { schema: z.string() } },
  },
};

export function aiRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    const upstream = chooseUpstream(parts);
    app.addHook('onRequest', requireCaller(parts));
    app.addHook('preHandler', async (_request, reply) =>
      upstream === null ? sendRefusal(reply, refuse('unavailable')) : undefined,
    );
    await app.register(
      requireCredits(parts, { amount: (request) => estimateOf(request.body as ChatRequest), feature: featureOf }),
    );
    app.post(
      '/api/ai/v1/chat/completions',
      {
        bodyLimit: largestBody,
        schema: {
          operationId: 'createChatCompletion',
          body: chatRequest,
          response: { ...refusals, ...eitherWay },
        },
      },
      async (request, reply) => {
        if (upstream === null) throw new Error('nobody to ask');
        try {
          await answer(upstream, request, request.body, reply);
        } catch (error) {
          refuseFor(error, request, reply);
        }
        return reply;
      },
    );
  };
}

function chooseUpstream({ config, clock }: Parts): Upstream | null {
  const { upstreamUrl } = config.ai;
  if (upstreamUrl !== null) return httpUpstream({ ...config.ai, upstreamUrl });
  return config.payments.provider === 'sandbox' ? echoModel(clock) : null;
}

/** What the credits are for, as the caller says it; the renewal status decides whether it may. */
function featureOf({ headers }: FastifyRequest): Feature | Refused {
  const feature = headers['x-feature'] ?? 'ai.assist';
  if (feature === 'ai.assist' || feature === 'ai.batch') return feature;
  return invalid('headers.x-feature', 'must be ai.assist or ai.batch');
}

async function answer(
  upstream: Upstream,
  request: FastifyRequest,
  asked: ChatRequest,
  reply: FastifyReply,
): Promise<void> {
  const run = runOf(request);
  if (asked.stream !== true) {
    reply.send(await completeOnce(upstream, run, asked));
    return;
  }
  const pieces = await streamOut(upstream, run, asked, request.log);
  reply
    .type('text/event-stream; charset=utf-8')
    .header('X-Accel-Buffering', 'no')
    .send(Readable.from(pieces, { objectMode: false }));
}

function refuseFor(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof UpstreamRefused) {
    sendRefusal(reply, invalid('body', error.message));
    return;
  }
  if (!(error instanceof UpstreamFailed)) throw error;
  request.log.warn({ err: error }, 'the AI service failed');
  sendRefusal(reply, refuse('upstream_failed'));
}
