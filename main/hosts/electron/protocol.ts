// Serves the built renderer as app://shop: from a list of the files that were built, made once at start. A request names
// an entry of the list or gets nothing; no path is ever computed from it.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { CustomScheme, Protocol } from 'electron';
import { shop } from './security.ts';

export const shopScheme: CustomScheme = {
  scheme: shop.scheme,
  privileges: { standard: true, secure: true, codeCache: true },
};

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Path in the address → file on disk, for every built file of a kind that the renderer uses. */
export function builtFiles(folder: string, path = ''): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
    const inner = `${path}/${entry.name}`;
    if (entry.isDirectory()) for (const [key, file] of builtFiles(folder, inner)) files.set(key, file);
    else if (extname(entry.name) in types) files.set(encodeURI(inner), join(folder, inner));
  }
  return files;
}

function headers(type: string): Record<string, string> {
  return {
    'content-type': type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
}

export async function answer(request: { url: string; method: string }, files: ReadonlyMap<string, string>) {
  const url = new URL(request.url);
  const file = url.host === shop.host && request.method === 'GET' ? files.get(url.pathname) : undefined;
  if (file === undefined) return new Response('not found', { status: 404, headers: headers('text/plain') });
  return new Response(await readFile(file), { headers: headers(types[extname(file)] ?? 'application/octet-stream') });
}

export function serveShop(protocol: Pick<Protocol, 'handle'>, files: ReadonlyMap<string, string>): void {
  protocol.handle(shop.scheme, (request) => answer(request, files));
}
