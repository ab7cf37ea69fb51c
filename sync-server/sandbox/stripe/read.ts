// Owns the reading of a request's fields, which come as texts, and the refusal of what does not fit, in Stripe's words.

import { z } from 'zod';
import type { Form } from './form.ts';
import { StripeRefusal } from './refusal.ts';

export const metadata = z.record(z.string().max(40), z.string().max(500)).default({});
export const paise = z.coerce.number().int().min(1).max(99_999_999_99);
export const seconds = z.coerce.number().int().min(0);
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export function read<T extends z.ZodType>(schema: T, form: Form): z.infer<T> {
  const parsed = schema.safeParse(form);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const [head = '', ...rest] = (first?.path ?? []).map(String);
  const param = head + rest.map((name) => `[${name}]`).join('');
  throw new StripeRefusal(`Invalid or missing ${param}: ${first?.message}`, { param });
}
