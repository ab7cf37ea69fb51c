// An OpenAI-compatible server that a test plays: it says what the test tells it to, and remembers what it was asked.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
  /** Resolves when the caller of the upstream has gone before the answer ended. */
  readonly left: Promise<void>;
}

export type Play = (response: ServerResponse, asked: Asked) => void | Promise<void>;

export interface PlayedUpstream {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Until further notice. */
  plays(play: Play): void;
  /** Resolves with the n-th request (from 1) as soon as it is there. */
  request(n: number): Promise<Asked>;
  close(): Promise<void>;
}

export async function playedUpstream(): Promise<PlayedUpstream> {
  const asked: Asked[] = [];
  const waiting: { n: number; tell: (asked: Asked) => void }[] = [];
  let play: Play = says('Namaste');
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const left = new Promise<void>((done) => {
      response.once('close', () => {
        if (!response.writableFinished) done();
      });
    });
    const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>;
    const one = { path: request.url ?? '', headers: request.headers, body, left };
    asked.push(one);
    for (const { n, tell } of waiting) if (n === asked.length) tell(one);
    await play(response, one);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address !== 'object') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    asked,
    plays: (next) => {
      play = next;
    },
    request: (n) => {
      const there = asked[n - 1];
      return there === undefined ? new Promise((tell) => waiting.push({ n, tell })) : Promise.resolve(there);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface Said {
  /** [prompt, completion] tokens; null: it reports none. */
  readonly usage?: readonly [number, number] | null;
}

const usageOf = ({ usage = [7, 5] }: Said) =>
  usage === null
    ? {}
    : { usage: { prompt_tokens: usage[0], completion_tokens: usage[1], total_tokens: usage[0] + usage[1] } };

/** The same words to everyone, whole or in pieces of a word, as the request wants it. */
export function says(text: string, said: Said = {}): Play {
  return (response, { body }) => {
    if (body.stream !== true) {
      json(response, 200, {
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1_763_793_000,
        model: body.model,
        choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
        system_fingerprint: 'fp_played',
        ...usageOf(said),
      });
      return;
    }
    begin(response);
    piece(response, { role: 'assistant', content: '' });
    for (const content of text.match(/\s*\S+/g) ?? []) piece(response, { content });
    end(response, said);
  };
}

/** For plays that go step by step. */
export function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
}

export function piece(response: ServerResponse, delta: object, finish: string | null = null): void {
  event(response, { choices: [{ index: 0, delta, finish_reason: finish }], usage: null });
}

export function end(response: ServerResponse, said: Said = {}): void {
  piece(response, {}, 'stop');
  const { usage } = usageOf(said);
  if (usage !== undefined) event(response, { choices: [], usage });
  response.end('data: [DONE]\n\n');
}

function event(response: ServerResponse, fields: object): void {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_763_793_000, model: 'gpt-4o-mini' };
  response.write(`data: ${JSON.stringify({ ...head, ...fields })}\n\n`);
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Takes the request and never says a word. */
export const silent: Play = () => undefined;
