// Owns how the sandbox's routes hear and answer: its own body parsers and its own errors, so that it behaves the same
// alone and inside a server with other habits. Registered once, on the plugin's own scope; the server outside sees none of
// it.

import type { FastifyInstance, FastifyReply, RouteShorthandOptions } from 'fastify';
import { ZodError } from 'zod';
import { Refusal } from './refusal.ts';
import { isStripe, StripeRefusal, told } from './stripe/refusal.ts';

/** For every route: no rate limit of the server around it, and no place in that server's API description. */
export const QUIET: RouteShorthandOptions = {
  config: { rateLimit: false } as object,
  schema: { hide: true } as object,
};

export function speakPlainly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: 100_000 }, (_request, text, done) => {
    try {
      done(null, text === '' ? null : JSON.parse(String(text)));
    } catch {
      done(new Refusal('The request body is not valid JSON'));
    }
  });
  const form = 'application/x-www-form-urlencoded';
  app.addContentTypeParser(form, { parseAs: 'string', bodyLimit: 20_000 }, (_request, text, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(text)))),
  );
  app.setErrorHandler((error, request, reply) => {
    const stripes = isStripe(request) || error instanceof StripeRefusal ? told(error) : null;
    if (stripes !== null) return reply.code(stripes.status).send(stripes.body);
    if (error instanceof Refusal) return reply.code(error.status).send(error.body);
    if (error instanceof ZodError) {
      const [first] = error.issues;
      return reply.code(400).send(new Refusal(`${first?.path.join('.')}: ${first?.message}`).body);
    }
    throw error;
  });
}

const PAGE_POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
};

/** Answers a page of ours: nothing from elsewhere runs or loads in it. */
export function sendPage(reply: FastifyReply, html: string, policy: Partial<typeof PAGE_POLICY> = {}): FastifyReply {
  const directives = Object.entries({ ...PAGE_POLICY, ...policy }).map(([name, value]) => `${name} ${value}`);
  return reply
    .header('content-security-policy', directives.join('; '))
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(html);
}
