// Ids as they look from outside. An id's prefix says what it names; the rest is opaque. Ids are made in composition
// roots only (counter: purchases; server: everything else).
import { z } from 'zod';

const opaque = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[A-Za-z0-9_-]{1,36}$`));

export const orgId = opaque('org');
export const branchId = opaque('br');
export const deviceId = opaque('dev');
/** The counter's own id of a purchase, made and committed to disk before anything is sent. */
export const purchaseId = opaque('pur');
export const invoiceId = opaque('inv');
/** An invoice's or a credit note's. */
export const documentId = z.string().regex(/^(inv|cn)_[A-Za-z0-9_-]{1,36}$/);
export const holdId = opaque('hold');

/** `Idempotency-Key`: the maker's own, saved before sending, the same on every resend. */
export const idempotencyKey = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** One-time code for a second counter: eight characters that are not mistaken for each other when read aloud. */
export const joinCode = z
  .string()
  .transform((typed) => typed.toUpperCase().replace(/[\s-]/g, ''))
  .pipe(z.string().regex(/^[A-HJ-NP-Z2-9]{8}$/));
