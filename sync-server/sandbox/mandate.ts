// Owns the shape of a mandate (a subscription, in Razorpay's word) and its rules without a database: how one is made from
// a request, when the clock comes to it, and which steps its state allows.

import { z } from 'zod';
import { after } from './cycles.ts';
import { notesText } from './orders.ts';
import type { Plan } from './plans.ts';
import { Refusal } from './refusal.ts';

export type MandateStatus =
  | 'created'
  | 'authenticated'
  | 'active'
  | 'pending'
  | 'halted'
  | 'paused'
  | 'cancelled'
  | 'completed'
  | 'expired';

export interface Subscription {
  readonly id: string;
  readonly entity: 'subscription';
  readonly plan_id: string;
  readonly customer_id: string | null;
  readonly status: MandateStatus;
  readonly current_start: number | null;
  readonly current_end: number | null;
  readonly ended_at: number | null;
  readonly quantity: number;
  readonly notes: unknown;
  readonly charge_at: number | null;
  readonly start_at: number | null;
  readonly end_at: number | null;
  readonly auth_attempts: number;
  readonly total_count: number;
  readonly paid_count: number;
  readonly remaining_count: number;
  readonly customer_notify: boolean;
  readonly created_at: number;
  readonly expire_by: number | null;
  readonly short_url: string | null;
  readonly has_scheduled_changes: boolean;
  readonly change_scheduled_at: number | null;
  readonly source: 'api';
  readonly payment_method: 'upi' | null;
}

export interface Mandate {
  readonly shown: Subscription;
  /** Cycles for which an invoice was made. */
  readonly billed: number;
  /** Of the cycle that is not paid yet. */
  readonly openInvoice: string | null;
}

const body = z.object({
  plan_id: z.string(),
  total_count: z.int().min(1).max(1200),
  quantity: z.int().min(1).max(100).default(1),
  start_at: z.int().nullish(),
  expire_by: z.int().nullish(),
  customer_notify: z.union([z.boolean(), z.literal(0), z.literal(1)]).default(true),
  notes: notesText,
});
export type MandateBody = z.infer<typeof body>;

export function readMandate(given: unknown): MandateBody {
  const parsed = body.safeParse(given);
  if (!parsed.success) throw new Refusal(`The subscription is invalid: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

export function newMandate(asked: MandateBody, plan: Plan, id: string, now: number, shortUrl: string): Mandate {
  const { start_at: startAt = null, expire_by: expireBy = null, total_count } = asked;
  if (startAt !== null && startAt <= now)
    throw new Refusal('The start_at must be in the future.', { field: 'start_at' });
  if (expireBy !== null && expireBy <= now)
    throw new Refusal('The expire_by must be in the future.', { field: 'expire_by' });
  const shown: Subscription = {
    id,
    entity: 'subscription',
    plan_id: plan.id,
    customer_id: null,
    status: 'created',
    current_start: null,
    current_end: null,
    ended_at: null,
    quantity: asked.quantity,
    notes: JSON.parse(asked.notes),
    charge_at: startAt,
    start_at: startAt,
    end_at: startAt === null ? null : cycleStart(plan, startAt, total_count),
    auth_attempts: 0,
    total_count,
    paid_count: 0,
    customer_notify: asked.customer_notify === true || asked.customer_notify === 1,
    created_at: now,
    expire_by: expireBy,
    short_url: shortUrl,
    has_scheduled_changes: false,
    change_scheduled_at: null,
    source: 'api',
    remaining_count: total_count,
    payment_method: null,
  };
  return { shown, billed: 0, openInvoice: null };
}

/** When the cycle with this number (from 0) begins. */
export function cycleStart(plan: Plan, startAt: number, cycle: number): number {
  return after(startAt, plan.period, plan.interval * cycle);
}

/** When the clock does something to it. */
export function dueMs({ shown: { status, charge_at, expire_by } }: Mandate): number | null {
  const seconds = status === 'created' ? expire_by : isRunning(status) ? charge_at : null;
  return seconds === null ? null : seconds * 1000;
}

const RUNNING: ReadonlySet<MandateStatus> = new Set(['authenticated', 'active', 'pending', 'halted']);
export const isRunning = (status: MandateStatus): boolean => RUNNING.has(status);

/** Refuses a step that the state does not allow, as the API does. */
export function allow({ shown: { status } }: Mandate, step: string, from: readonly MandateStatus[]): void {
  if (from.includes(status)) return;
  throw new Refusal(`Subscription is not ${step} in ${status} status.`, { field: 'status' });
}
