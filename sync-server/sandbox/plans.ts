// Owns plans: what a mandate takes, and how often.

import { z } from 'zod';
import { type Period, periods } from './cycles.ts';
import type { Db } from './database.ts';
import { createShelf, type Search } from './documents.ts';
import { type Clock, type NewId, unixSeconds } from './ids.ts';
import { notesText } from './orders.ts';
import { Refusal } from './refusal.ts';

const planBody = z.object({
  period: z.enum(periods),
  interval: z.int().min(1).max(400),
  item: z.object({
    name: z.string().min(1).max(256),
    description: z.string().max(2048).nullish(),
    amount: z.int().min(100),
    currency: z.string().regex(/^[A-Z]{3}$/),
  }),
  notes: notesText,
});

export interface Plan {
  readonly id: string;
  readonly entity: 'plan';
  readonly interval: number;
  readonly period: Period;
  readonly item: { readonly id: string; readonly name: string; readonly amount: number; readonly currency: string };
  readonly notes: unknown;
  readonly created_at: number;
}

export type Plans = ReturnType<typeof createPlans>;

export function createPlans(db: Db, clock: Clock, newId: NewId) {
  const shelf = createShelf<Plan>(db, 'plan');
  return {
    get: shelf.get,
    list: (search: Search) => shelf.list(search),
    create(body: unknown): Plan {
      const parsed = planBody.safeParse(body);
      if (!parsed.success) throw new Refusal(`The plan is invalid: ${z.prettifyError(parsed.error)}`);
      const { period, interval, item, notes } = parsed.data;
      const created_at = unixSeconds(clock);
      const { name, description = null, amount, currency } = item;
      const shownItem = {
        id: newId('item_'),
        active: true,
        name,
        description,
        amount,
        unit_amount: amount,
        currency,
        type: 'plan',
        unit: null,
        tax_inclusive: false,
        hsn_code: null,
        sac_code: null,
        tax_rate: null,
        tax_id: null,
        tax_group_id: null,
        created_at,
        updated_at: created_at,
      };
      const id = newId('plan_');
      const plan: Plan = {
        id,
        entity: 'plan',
        interval,
        period,
        item: shownItem,
        notes: JSON.parse(notes),
        created_at,
      };
      shelf.put({ id, createdAt: created_at, body: plan });
      return plan;
    },
  };
}
