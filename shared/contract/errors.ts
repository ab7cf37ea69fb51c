// The closed list of refusals that the server gives, and the envelope they travel in. A refusal is a value; anything not
// on this list is a mistake of ours and leaves as `internal`.
import { z } from 'zod';

/**
 * status: HTTP status. retryable: the same request may succeed later without anybody changing it.
 * meaning: what is true when it is given. Sentences for people are the renderer's, by code and language.
 */
interface CatalogueEntry {
  readonly status: number;
  readonly retryable: boolean;
  readonly meaning: string;
}

export const errorCatalogue = {
  invalid_request: { status: 400, retryable: false, meaning: 'The request is malformed; details.faults says where.' },
  invalid_signature: { status: 400, retryable: false, meaning: 'A webhook was not signed with an active secret.' },
  unauthenticated: { status: 401, retryable: false, meaning: 'No token, or one that was never issued.' },
  device_revoked: {
    status: 401,
    retryable: false,
    meaning: 'This counter was revoked; it can join again with a code.',
  },
  insufficient_credits: { status: 402, retryable: false, meaning: 'Fewer credits are available than are required.' },
  plan_required: { status: 403, retryable: false, meaning: 'The org has not bought the plan.' },
  feature_unavailable: {
    status: 403,
    retryable: false,
    meaning: 'The renewal has lapsed and turned this feature off.',
  },
  branch_limit: { status: 403, retryable: false, meaning: 'The plan includes no further branch.' },
  not_found: { status: 404, retryable: false, meaning: "There is no such thing, or it is another org's." },
  idempotency_key_reused: { status: 409, retryable: false, meaning: 'The key was used for a different request.' },
  plan_already_owned: { status: 409, retryable: false, meaning: 'The org owns the plan already.' },
  purchase_in_progress: {
    status: 409,
    retryable: false,
    meaning: 'Another counter was first; details.purchase is it.',
  },
  price_changed: { status: 409, retryable: false, meaning: 'The price differs; details.amountPaise is the new one.' },
  hold_closed: { status: 409, retryable: false, meaning: 'The hold was captured, released or has expired.' },
  not_cancellable: { status: 409, retryable: false, meaning: 'The purchase is not waiting for a payment any more.' },
  protocol_unsupported: {
    status: 409,
    // The same request is taken once this counter or that server was updated, so a counter keeps what it wanted.
    retryable: true,
    meaning: 'This server speaks other versions of the protocol; details.oldest and details.newest say which.',
  },
  too_large: { status: 413, retryable: false, meaning: 'The body is larger than this route takes.' },
  unsupported_media_type: { status: 415, retryable: false, meaning: 'The body is not application/json.' },
  rate_limited: { status: 429, retryable: true, meaning: 'Too many requests; Retry-After says when.' },
  internal: { status: 500, retryable: true, meaning: 'A mistake of ours; nothing was done or all of it was.' },
  upstream_failed: { status: 502, retryable: true, meaning: 'The AI service behind us failed; nothing was charged.' },
  unavailable: { status: 503, retryable: true, meaning: 'Database or provider is away; Retry-After says when.' },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof errorCatalogue;
export const errorCode = z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]);

/** Every answer that is not a success has this body. */
export const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBody>;

/** `details` of `invalid_request`: where in the request, and what is wrong there. */
export interface RequestFault {
  readonly path: string;
  readonly reason: string;
}
