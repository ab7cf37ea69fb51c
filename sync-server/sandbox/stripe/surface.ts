// Owns how one request to Stripe's API is answered: the key, the address, the idempotency key, what is expanded. A write
// and the memory of its answer are one transaction, so that a key is never used twice whatever crashes in between.

import { timingSafeEqual } from 'node:crypto';
import type { Db } from '../database.ts';
import { createShelf } from '../documents.ts';
import { type Books, expand } from './books.ts';
import type { Form } from './form.ts';
import { keyOf, StripeRefusal } from './refusal.ts';
import type { Route } from './routes.ts';

export interface StripeRequest {
  readonly method: string;
  /** Below `/v1`, without the query. */
  readonly path: string;
  readonly form: Form;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
}

export interface StripeAnswer {
  readonly body: object;
  /** It was given before, under the same idempotency key. */
  readonly replayed: boolean;
}

interface Remembered {
  readonly request: string;
  readonly answer: object;
}

const KEY_AT_MOST = 255;

export interface SurfaceParts {
  readonly db: Db;
  readonly books: Books;
  readonly routes: readonly Route[];
  readonly secretKey: string;
}

export type Surface = (request: StripeRequest) => StripeAnswer;

export function createSurface({ db, books, routes, secretKey }: SurfaceParts): Surface {
  const remembered = createShelf<Remembered>(db, 'stripe_key');

  const write = db.transaction(
    (route: Route, id: string, { path, form, idempotencyKey }: StripeRequest): StripeAnswer => {
      if (idempotencyKey === undefined) return { body: route.run(id, form), replayed: false };
      if (idempotencyKey.length > KEY_AT_MOST) throw new StripeRefusal('The idempotency key is too long.');
      const request = JSON.stringify([route.method, path, form]);
      const known = remembered.find(`key ${idempotencyKey}`);
      if (known !== null && known.request !== request) {
        throw new StripeRefusal(
          `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${idempotencyKey}' if you meant to execute a different request.`,
          { type: 'idempotency_error' },
        );
      }
      if (known !== null) return { body: known.answer, replayed: true };
      const answer = route.run(id, form);
      remembered.put({ id: `key ${idempotencyKey}`, createdAt: books.now(), body: { request, answer } });
      return { body: answer, replayed: false };
    },
  );

  return (request) => {
    authenticate(request.authorization, secretKey);
    const { method, path, form } = request;
    for (const route of routes) {
      const match = route.method === method ? route.path.exec(path) : null;
      if (match === null) continue;
      const id = match[1] ?? '';
      const answer = method === 'GET' ? { body: route.run(id, form), replayed: false } : write(route, id, request);
      return { ...answer, body: expanded(books, answer.body, form) };
    }
    throw new StripeRefusal(`Unrecognized request URL (${method}: /v1${path}).`, { status: 404 });
  };
}

function authenticate(authorization: string | undefined, secretKey: string): void {
  const given = Buffer.from(keyOf(authorization) ?? '');
  const expected = Buffer.from(secretKey);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new StripeRefusal('Invalid API Key provided.', { status: 401 });
}

function expanded(books: Books, body: object, { expand: asked = [] }: Form): object {
  const paths = (Array.isArray(asked) ? asked : [asked]).filter((path) => typeof path === 'string');
  return paths.reduce<object>((done, path) => expand(books, done, path.split('.').slice(0, 4)) as object, body);
}
