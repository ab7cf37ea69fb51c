// Between the AI service and the charge: what is asked of the service, what its answer cost, what the caller and the repeat
// of the key are told.
import type { FastifyBaseLogger } from 'fastify';
import type { ChatCompletion, ChatRequest } from '../../shared/contract/ai.ts';
import type { ErrorBody } from '../../shared/contract/errors.ts';
import type { Usage } from './charge.ts';
import { aiPricesVersion, creditsFor, priceOf, type TokenUse } from './prices.ts';
import { asEvent, endOfStream, relay } from './relay.ts';
import type { Run } from './run.ts';
import { createRecord, type StreamRecord } from './stream-record.ts';
import { countTokens, mostTokensOf, promptBytes, reportedUse, textBytes, tokensAtMost } from './tokens.ts';
import { type Upstream, UpstreamFailed } from './upstream.ts';

/** Credits to reserve: enough for whatever the request may use. */
export function estimateOf(request: ChatRequest): number {
  return creditsFor(priceOf(request.model), tokensAtMost(request));
}

/** Asked with a limit always, so that the estimate holds; in a stream usage is asked for, whether the caller wants it or not. */
function toUpstream(request: ChatRequest): ChatRequest {
  const limited =
    request.max_completion_tokens === undefined || request.max_completion_tokens === null
      ? { ...request, max_tokens: mostTokensOf(request) }
      : request;
  if (request.stream !== true) return limited;
  return { ...limited, stream_options: { ...request.stream_options, include_usage: true } };
}

interface Counted {
  readonly tokens: TokenUse;
  /** False: the service reported none, and the text was counted. */
  readonly reported: boolean;
}

function costOf(request: ChatRequest, { tokens, reported }: Counted): Usage {
  return {
    credits: creditsFor(priceOf(request.model), tokens),
    details: { model: request.model, ...tokens, reported, prices: aiPricesVersion },
  };
}

function usageFor(run: Run, said: unknown, { tokens, reported }: Counted, { credits }: Usage) {
  return {
    ...(typeof said === 'object' ? said : {}),
    prompt_tokens: tokens.input,
    completion_tokens: tokens.output,
    total_tokens: tokens.input + tokens.output,
    credits: Math.min(credits, run.reserved),
    ...(reported ? {} : { counted: true as const }),
  };
}

export async function completeOnce(upstream: Upstream, run: Run, request: ChatRequest): Promise<ChatCompletion> {
  const whole = await upstream.complete(toUpstream(request), run.signal);
  const said = reportedUse(whole.usage);
  const counted: Counted = {
    tokens: said ?? {
      input: countTokens(promptBytes(request)),
      output: countTokens(whole.choices.reduce((sum, { message }) => sum + spokenBytes(message), 0)),
    },
    reported: said !== null,
  };
  const cost = costOf(request, counted);
  run.use(cost);
  return { ...whole, usage: usageFor(run, whole.usage, counted, cost) };
}

function spokenBytes(message: unknown): number {
  if (typeof message !== 'object' || message === null) return 0;
  const { role: _role, ...spoken } = message as Record<string, unknown>;
  return textBytes(spoken);
}

/** The stream for the caller; rejects if the service fails before it says anything. */
export async function streamOut(
  upstream: Upstream,
  run: Run,
  request: ChatRequest,
  log: FastifyBaseLogger,
): Promise<AsyncGenerator<string, void, undefined>> {
  const rest = upstream.stream(toUpstream(request), run.signal);
  const first = await rest.next();
  if (first.done === true) throw new UpstreamFailed('the AI service said nothing');
  const record = createRecord();
  return relay({
    first: first.value,
    rest,
    record,
    settle: (whole) => settleStream(run, request, record, whole, log),
    onBroken: (error) => log.warn({ err: error, holdId: run.holdId }, 'an AI stream broke off'),
  });
}

/** Charges what was streamed and keeps it for a repeat, then says the last words. */
async function settleStream(
  run: Run,
  request: ChatRequest,
  record: StreamRecord,
  whole: boolean,
  log: FastifyBaseLogger,
): Promise<string> {
  const said = reportedUse(record.usage());
  const counted: Counted = {
    tokens: said ?? { input: countTokens(promptBytes(request)), output: countTokens(record.bytes()) },
    reported: said !== null,
  };
  const cost = costOf(request, counted);
  const usage = usageFor(run, record.usage(), counted, cost);
  const lastWords = whole
    ? `${request.stream_options?.include_usage === true ? asEvent({ ...record.head(), choices: [], usage }) : ''}${endOfStream}`
    : asEvent(brokenOff(usage.credits));
  const body = `${record.pieces().map(asEvent).join('')}${lastWords}`;
  run.use({ ...cost, details: { ...cost.details, whole } });
  try {
    const taken = await run.take({ status: 200, type: 'text/event-stream; charset=utf-8', body });
    if (taken !== null) return lastWords;
    log.error({ holdId: run.holdId }, 'an AI stream ended after its credits were given back');
  } catch (error) {
    log.error({ err: error, holdId: run.holdId }, 'an AI stream could not be charged');
  }
  return asEvent(notKept);
}

/** Not the catalogue's sentence: here something was charged, and the same key brings the same again. */
const brokenOff = (credits: number): ErrorBody => ({
  error: {
    code: 'upstream_failed',
    message: 'The answer broke off before its end. What was streamed was charged; only a new key asks again.',
    retryable: false,
    details: { credits },
  },
});

const notKept: ErrorBody = {
  error: { code: 'unavailable', message: 'The answer could not be charged or kept.', retryable: true },
};
