// How a route answers: the error envelope, the statuses that a route declares, and how every kind of failure becomes one
// of the catalogue's codes.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type FastifyPluginAsyncZod, hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  type ErrorBody,
  type ErrorCode,
  errorBody,
  errorCatalogue,
  type RequestFault,
} from '../../shared/contract/errors.ts';
import { isDatabaseAway, violatedUnique } from '../store/database.ts';
import { type Refused, refuse } from '../verdict.ts';

/** The instance that a route is put on: bodies, queries and answers typed by their schemas. */
export type ZodApp = Parameters<FastifyPluginAsyncZod>[0];

type ErrorStatus = (typeof errorCatalogue)[ErrorCode]['status'];

/** The response schemas of a route: its successes, and the error body for the status of every code it can give. */
export function answers<S extends Record<number, z.ZodType>>(successes: S, codes: readonly ErrorCode[]) {
  const always: readonly ErrorCode[] = ['internal', 'unavailable', 'protocol_unsupported'];
  const failures: Partial<Record<ErrorStatus, typeof errorBody>> = {};
  for (const code of [...codes, ...always]) failures[errorCatalogue[code].status] = errorBody;
  return { ...failures, ...successes } as S & Record<ErrorStatus, typeof errorBody>;
}

/** As `answers`, for a route whose success is a page or a stream and not JSON. */
export function answersIn(mediaType: string, codes: readonly ErrorCode[]) {
  const success = { description: mediaType, content: { [mediaType]: { schema: z.string() } } };
  const responses: Record<ErrorStatus, typeof errorBody> = answers({}, codes);
  return Object.assign(responses, { 200: success }) as Record<ErrorStatus, typeof errorBody>;
}

/** What every route can refuse with that reads a body, whether it needs one or not. */
export const withBody = [
  'invalid_request',
  'too_large',
  'unsupported_media_type',
] as const satisfies readonly ErrorCode[];

/** What every signed-in route can refuse with. */
export const signedIn = ['unauthenticated', 'device_revoked'] as const satisfies readonly ErrorCode[];

export function bodyOf({ code, details }: Refused): ErrorBody {
  const { meaning, retryable } = errorCatalogue[code];
  return {
    error: { code, message: meaning, retryable, ...(details === undefined ? {} : { details: { ...details } }) },
  };
}

const defaultRetrySeconds = 5;

export function sendRefusal(reply: FastifyReply, refused: Refused): FastifyReply {
  const { status } = errorCatalogue[refused.code];
  if (status === 429 || status === 503) {
    void reply.header('Retry-After', String(refused.retryAfterSeconds ?? defaultRetrySeconds));
  }
  return reply.code(status).send(bodyOf(refused));
}

/** The last word on everything that was thrown. */
export function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refused = refusalFor(error);
  if (refused.code === 'internal') request.log.error({ err: error }, 'internal error');
  else if (refused.code === 'unavailable') request.log.warn({ err: error }, 'unavailable');
  return sendRefusal(reply, refused);
}

export function onNotFound(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendRefusal(reply, refuse('not_found'));
}

function refusalFor(error: FastifyError): Refused {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext ?? 'body';
    return refuse('invalid_request', {
      faults: error.validation.map((fault): RequestFault => {
        const path = fault.instancePath
          .split('/')
          .filter((part) => part !== '')
          .join('.');
        const inside = where === 'body' ? path : [where, path].filter((part) => part !== '').join('.');
        return { path: inside === '' ? 'body' : inside, reason: fault.message ?? 'is not valid' };
      }),
    });
  }
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refuse('too_large');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refuse('unsupported_media_type');
    default:
      break;
  }
  if (isDatabaseAway(error)) return refuse('unavailable');
  // Two requests of different kinds used one key at the same moment: each held another lock, the table decided.
  if (violatedUnique(error) === 'idempotency_key_pkey') return refuse('idempotency_key_reused');
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return invalid('body', error.message);
  }
  return refuse('internal');
}

/** An id in a path. Text that no id can be is nobody's: it ends as not_found, and never reaches the database. */
export const pathId = z.string().transform((text) => (/^[A-Za-z0-9_-]{1,64}$/.test(text) ? text : 'none'));

/** A refusal for one thing that no schema can see. */
export function invalid(path: string, reason: string): Refused {
  return refuse('invalid_request', { faults: [{ path, reason }] });
}
