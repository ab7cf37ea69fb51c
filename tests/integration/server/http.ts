// One HTTP request of a test. fetch, and Node's own client where the caller's address matters.
import { request } from 'node:http';

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export async function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string | Buffer | undefined,
  from: string | undefined,
): Promise<Got> {
  if (from !== undefined) return sendFrom(url, method, headers, body, from);
  const answer = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

function sendFrom(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string | Buffer | undefined,
  from: string,
): Promise<Got> {
  return new Promise((done, fail) => {
    const sent = request(url, { method, headers, localAddress: from }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const got = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
        done({
          status: answer.statusCode ?? 0,
          headers: new Headers(got),
          text: Buffer.concat(parts).toString('utf8'),
        });
      });
    });
    sent.on('error', fail);
    sent.end(body);
  });
}
