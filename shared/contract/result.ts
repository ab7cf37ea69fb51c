// What a call across the bridge comes back with: a value or a refusal, both plain data.
import { z } from 'zod';

/**
 * code: from the error catalogue of HTTP, or one of the counter's own below. retryable: pressing again may help.
 * details: as the server gave them.
 */
export const refusal = z.object({
  code: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type Refusal = z.infer<typeof refusal>;

/**
 * The counter's own refusals. offline: no answer from the server. not_activated: no org on this counter yet.
 * already_activated: sign-up or join on a counter that has one. server_too_old / app_too_old: versions do not meet.
 * storage_failed: the disk refused. bad_call: the renderer sent something that is no call. not_payable: there is no payment
 * page for this purchase, or not any more. not_held: this PC does not have that document or its PDF yet, and the server does not
 * answer. documents_missing: a register cannot be written here, because documents may be missing. file_failed: the file could
 * not be written, or there is no program to open it with.
 */
export const counterErrorCode = z.enum([
  'offline',
  'not_activated',
  'already_activated',
  'server_too_old',
  'app_too_old',
  'storage_failed',
  'bad_call',
  'not_payable',
  'not_held',
  'documents_missing',
  'file_failed',
]);
export type CounterErrorCode = z.infer<typeof counterErrorCode>;

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Refusal };
