// What a test sees of a request that a counter made.
import type { IncomingMessage } from 'node:http';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly key: string | null;
  readonly token: string | null;
  readonly version: string | null;
  readonly body: Record<string, unknown>;
}

export async function readRequest(request: IncomingMessage): Promise<Seen> {
  let text = '';
  for await (const bytes of request.setEncoding('utf8')) text += String(bytes);
  const header = (name: string) => (request.headers[name] as string | undefined) ?? null;
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    key: header('idempotency-key'),
    token: header('authorization')?.replace('Bearer ', '') ?? null,
    version: header('x-protocol-version'),
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}
