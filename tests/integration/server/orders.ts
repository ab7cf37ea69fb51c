// What the sandbox holds, asked as its own API tells it: the other side's books.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Started } from './started.ts';

export interface HeldOrder {
  readonly id: string;
  readonly amount: number;
  readonly status: string;
  readonly notes: { readonly purchaseId?: string };
}

async function ask<T>(server: Started, path: string, under = 'items'): Promise<T[]> {
  return (await call<Record<string, T[]>>(server, 'GET', path))[under] ?? [];
}

async function call<T>(server: Started, method: string, path: string, body?: unknown): Promise<T> {
  const file = join(server.parts.config.dataDir, 'sandbox', 'secrets.json');
  const { keyId, keySecret } = JSON.parse(readFileSync(file, 'utf8')) as { keyId: string; keySecret: string };
  const authorization = `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`;
  const asked = { headers: { authorization }, ...(body === undefined ? {} : { body }) };
  const answer = await server.request<T>(method, `/sandbox/v1${path}`, asked);
  if (answer.status !== 200) throw new Error(`sandbox ${path}: ${answer.status}`);
  return answer.body;
}

/** Every order that was made for a purchase. */
export async function ordersFor(server: Started, purchaseId: string): Promise<HeldOrder[]> {
  const orders = await ask<HeldOrder>(server, '/orders?count=100');
  return orders.filter(({ notes }) => notes.purchaseId === purchaseId);
}

export const refundsOf = (server: Started, paymentId: string) =>
  ask<{ id: string; amount: number; status: string }>(server, `/payments/${paymentId}/refunds`);

export interface HeldMandate {
  readonly id: string;
  readonly status: string;
  readonly start_at: number | null;
  readonly notes: { readonly purchaseId?: string };
}

/** Every mandate that was made for a purchase. */
export async function mandatesFor(server: Started, purchaseId: string): Promise<HeldMandate[]> {
  const mandates = await ask<HeldMandate>(server, '/subscriptions?count=100');
  return mandates.filter(({ notes }) => notes.purchaseId === purchaseId);
}

export interface HeldLink {
  readonly id: string;
  readonly amount: number;
  readonly status: string;
  readonly short_url: string;
  readonly order_id: string;
  readonly expire_by: number;
  readonly notes: { readonly purchaseId?: string } | null;
}

/** Every payment link that was made for a purchase. */
export async function linksFor(server: Started, purchaseId: string): Promise<HeldLink[]> {
  const links = await ask<HeldLink>(server, '/payment_links?count=100', 'payment_links');
  return links.filter(({ notes }) => notes?.purchaseId === purchaseId);
}

/** Makes another mandate with the terms and notes of this one, as asking again after a lost answer would. */
export async function makeMandateLike(server: Started, mandateId: string): Promise<void> {
  const like = await call<Record<string, unknown>>(server, 'GET', `/subscriptions/${mandateId}`);
  const { plan_id, total_count, notes, start_at } = like;
  const body = { plan_id, total_count, quantity: 1, customer_notify: true, notes };
  await call(server, 'POST', '/subscriptions', start_at === null ? body : { ...body, start_at });
}
