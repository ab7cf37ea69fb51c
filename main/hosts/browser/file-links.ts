// How a file leaves the counter where its screen is a page: under a link that nobody can guess, for a few minutes. The page
// downloads it or opens it in a tab; to print is the browser's own business. No path of a request reaches the disk.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FileDesk, OutgoingFile, Timers } from '../../ports.ts';

/** Long enough to press the link again that is shown beside the button. */
const keptMs = 5 * 60_000;
/** Older ones go before that: a page that asks again and again must not fill the memory. */
const mostKept = 8;

interface Kept {
  readonly file: OutgoingFile;
  readonly disposition: 'attachment' | 'inline';
}

/**
 * A PDF is shown by the browser's own viewer, which puts style into the page that it makes around it; nothing else may run
 * there, and nobody may put it into a frame.
 */
const policy = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";

export interface FileLinks {
  readonly desk: FileDesk;
  /** Answers what begins with `/files/`; false for everything else, which is left as it is. */
  readonly serve: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** makeToken: letters, digits, `-` and `_` that nobody can guess, new at every call. */
export function createFileLinks(makeToken: () => string, timers: Timers): FileLinks {
  const kept = new Map<string, Kept>();
  const offer = async (file: OutgoingFile, disposition: Kept['disposition']) => {
    const path = `/files/${makeToken()}/${file.name}`;
    kept.set(path, { file, disposition });
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept))) kept.delete(oldest);
    timers.after(keptMs, () => kept.delete(path));
    return { kind: 'link', path } as const;
  };
  return {
    desk: { save: (file) => offer(file, 'attachment'), open: (file) => offer(file, 'inline') },
    serve(request, response) {
      const path = (request.url ?? '').split(/[?#]/, 1)[0] ?? '';
      if (!path.startsWith('/files/')) return false;
      const found = kept.get(path);
      if (found === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) gone(response);
      else send(response, found, request.method === 'HEAD');
      return true;
    },
  };
}

const headers: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

function send(response: ServerResponse, { file, disposition }: Kept, headOnly: boolean): void {
  response.writeHead(200, {
    ...headers,
    'Content-Security-Policy': policy,
    'Content-Type': file.type,
    'Content-Length': file.bytes.length,
    'Content-Disposition': `${disposition}; filename="${file.name}"`,
  });
  response.end(headOnly ? undefined : file.bytes);
}

function gone(response: ServerResponse): void {
  response.writeHead(404, {
    ...headers,
    'Content-Security-Policy': "default-src 'none'",
    'Content-Type': 'text/plain; charset=utf-8',
  });
  response.end('This link is no longer good. Press the button again.\n');
}
