// The built renderer's files, by an allow-list made from the folder itself: a request names an entry of the list or
// nothing. No path of a request ever reaches the disk.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=()',
};

/** `/favicon.ico` is asked for by a tab that shows a PDF. */
const otherNames: Readonly<Record<string, string>> = { '/': '/index.html', '/favicon.ico': '/icon.png' };

/** Answers every request that is no WebSocket; `folder`: the renderer as built, which may come later than we do. */
export function createPages(folder: string): (request: IncomingMessage, response: ServerResponse) => void {
  let list = listFiles(folder);
  return (request, response) => {
    const say = (status: number, text: string) => {
      response.writeHead(status, {
        ...pageHeaders,
        'Content-Type': 'text/plain; charset=utf-8',
        'Cache-Control': 'no-store',
      });
      response.end(`${text}\n`);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'Only pages are served here.');
    const name = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
    // A new build has new names: looked at again when a page is opened, not for every file.
    if (name === '/') list = listFiles(folder);
    if (!list.has('/index.html')) return say(503, 'The pages are not built yet. Run "npm run build:renderer".');
    const path = list.get(otherNames[name] ?? name);
    if (path === undefined) return say(404, 'There is no such page.');
    // Names under assets/ carry a hash of their content; the others are asked for anew.
    const caching = name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    const type = types[extname(path)] ?? 'application/octet-stream';
    const body = readFileSync(path);
    response.writeHead(200, {
      ...pageHeaders,
      'Content-Type': type,
      'Content-Length': body.length,
      'Cache-Control': caching,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}

function listFiles(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [path.slice(folder.length).split(sep).join('/'), path];
    }),
  );
}
