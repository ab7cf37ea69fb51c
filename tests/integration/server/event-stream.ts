// A reader of the server's event stream, as a counter has one.
import { createParser } from 'eventsource-parser';
import type { Started } from './started.ts';

export interface Stream {
  readonly headers: Headers;
  /** Every event that came so far. */
  readonly events: readonly { readonly event: string | undefined; readonly data: string }[];
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

export async function watch(server: Started, token: string): Promise<Stream> {
  const stop = new AbortController();
  const answer = await fetch(`${server.url}/api/sync/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: stop.signal,
  });
  if (answer.status !== 200 || answer.body === null) throw new Error(`events: ${answer.status}`);
  const events: { event: string | undefined; data: string }[] = [];
  const parser = createParser({ onEvent: ({ event, data }) => events.push({ event, data }) });
  const reading = read(answer.body, (text) => parser.feed(text));
  const ended = reading.catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return { headers: answer.headers, events, ended, close: () => stop.abort() };
}

async function read(body: ReadableStream<Uint8Array>, feed: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of body) feed(decoder.decode(chunk, { stream: true }));
}
