// An OpenAI-compatible server over HTTP. It may be silent only so long: until its answer begins, and between two pieces.
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { type ChatChunk, type ChatRequest, chatChunk } from '../../shared/contract/ai.ts';
import type { AiSettings } from '../config.ts';
import { type Upstream, UpstreamFailed, UpstreamRefused, type WholeAnswer, wholeAnswer } from './upstream.ts';

/** No answer is longer; what is goes the way of every failure. */
const longestAnswer = 32 * 1_048_576;
const longestPiece = 1_048_576;

export function httpUpstream(settings: AiSettings & { readonly upstreamUrl: string }): Upstream {
  return {
    complete: async (request, signal): Promise<WholeAnswer> => {
      let text = '';
      for await (const piece of post(settings, request, signal)) text += piece;
      const parsed = wholeAnswer.safeParse(readJson(text));
      if (!parsed.success) throw new UpstreamFailed('the AI service answered something that is no completion');
      return parsed.data;
    },
    stream: (request, signal) => chunks(post(settings, request, signal)),
  };
}

async function* chunks(texts: AsyncGenerator<string>): AsyncGenerator<ChatChunk, void, undefined> {
  const events: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(data), maxBufferSize: longestPiece });
  let ending = false;
  for await (const text of texts) {
    feed(parser, text);
    for (const data of events.splice(0)) {
      if (data === '[DONE]') return;
      const chunk = readChunk(data);
      ending ||= isUsage(chunk.usage) || chunk.choices.some((choice) => isSaid(choice.finish_reason));
      yield chunk;
    }
  }
  // Some services end with the last piece and say nothing after it.
  if (!ending) throw new UpstreamFailed('the AI service broke off in the middle of its answer');
}

const isUsage = (usage: unknown): boolean => typeof usage === 'object' && usage !== null;
const isSaid = (reason: unknown): boolean => typeof reason === 'string';

function feed(parser: ReturnType<typeof createParser>, text: string): void {
  try {
    parser.feed(text);
  } catch (error) {
    throw new UpstreamFailed('the AI service sent a piece that is too long', { cause: error });
  }
}

function readChunk(data: string): ChatChunk {
  const parsed = chatChunk.safeParse(readJson(data));
  if (!parsed.success) throw new UpstreamFailed('the AI service sent something that is no piece of an answer');
  return parsed.data;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UpstreamFailed('the AI service sent something that is not JSON', { cause: error });
  }
}

/** Sends the request and yields the body as it comes. Whatever goes wrong is one of the two errors. */
async function* post(
  { upstreamUrl, upstreamKey, silenceMs }: AiSettings & { readonly upstreamUrl: string },
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const patience = patienceOf(silenceMs);
  try {
    patience.begin();
    const response = await fetch(`${upstreamUrl}/chat/completions`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: request.stream === true ? 'text/event-stream' : 'application/json',
        ...(upstreamKey === null ? {} : { Authorization: `Bearer ${upstreamKey}` }),
      },
      body: JSON.stringify(request),
      redirect: 'error',
      signal: AbortSignal.any([signal, patience.signal]),
    });
    const texts = decoded(response, patience);
    if (!response.ok) throw await refusalOf(response.status, texts);
    yield* texts;
  } catch (error) {
    if (error instanceof UpstreamFailed || error instanceof UpstreamRefused) throw error;
    throw new UpstreamFailed('the AI service could not be asked to the end', { cause: error });
  } finally {
    // Ends the connection if the answer was left in the middle.
    patience.end();
  }
}

interface Patience {
  readonly signal: AbortSignal;
  /** Waits for the service from now on. */
  begin(): void;
  /** Does not wait for the service: it is the reader's turn. */
  rest(): void;
  end(): void;
}

function patienceOf(silenceMs: number): Patience {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const rest = () => clearTimeout(timer);
  return {
    signal: over.signal,
    begin: () => {
      rest();
      timer = setTimeout(() => over.abort(new UpstreamFailed(`silent for ${silenceMs} ms`)), silenceMs);
    },
    rest,
    end: () => {
      rest();
      over.abort();
    },
  };
}

async function* decoded(response: Response, patience: Patience): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let length = 0;
  patience.begin();
  for await (const piece of response.body ?? []) {
    patience.rest();
    length += piece.length;
    if (length > longestAnswer) throw new UpstreamFailed('the AI service answered without end');
    yield decoder.decode(piece, { stream: true });
    patience.begin();
  }
  patience.rest();
  yield decoder.decode();
}

const refusalBody = z.object({ error: z.object({ message: z.string() }) });

/** 400 and 422 say that the request is wrong; everything else is the service's own trouble, and its words stay here. */
async function refusalOf(status: number, texts: AsyncGenerator<string>): Promise<Error> {
  let text = '';
  for await (const piece of texts) {
    text += piece;
    if (text.length > longestPiece) break;
  }
  if (status !== 400 && status !== 422) return new UpstreamFailed(`the AI service answered ${status}`);
  const parsed = refusalBody.safeParse(readJson(text));
  return parsed.success
    ? new UpstreamRefused(parsed.data.error.message.slice(0, 500))
    : new UpstreamFailed(`the AI service answered ${status} without a reason`);
}
