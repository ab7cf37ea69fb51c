// What the tests of the gateway share: an org with a plan, a client library of its counter, and what became of credits.

import OpenAI from 'openai';
import { expect } from 'vitest';
import type { CreditBalance } from '../../../shared/contract/credits.ts';
import type { Activation } from '../../../shared/contract/devices.ts';
import type { FeedPage } from '../../../shared/contract/sync.ts';
import type { Entry } from '../../../shared/ledger/entry.ts';
import { goodBodies } from '../server/refusal-bodies.ts';
import { type Counter, counterOf, type Started } from '../server/started.ts';

export const chat = '/api/ai/v1/chat/completions';

let made = 0;
/** A counter whose org owns the plan. Signs up from an address of its own: sign-ups are limited per address. */
export async function ownerOf(server: Started): Promise<Counter> {
  made += 1;
  const body = { ...goodBodies['/api/orgs'], legalName: `Pharmacy ${made}` };
  const { body: activation } = await server.request<Activation>('POST', '/api/orgs', { body, from: `127.0.2.${made}` });
  const counter = counterOf(server, activation);
  await counter.ownPlan();
  return counter;
}

/** The real client library, told nothing but where the gateway is and whose counter this is. */
export function clientOf(server: Started, counter: Counter): OpenAI {
  return new OpenAI({ baseURL: `${server.url}/api/ai/v1`, apiKey: counter.deviceToken, maxRetries: 0 });
}

export async function balanceOf(counter: Counter): Promise<CreditBalance> {
  return (await counter.request<CreditBalance>('GET', '/api/credits/balance')).body;
}

/** Entries since the plan's own grant. */
export async function spentBy(counter: Counter): Promise<readonly Entry[]> {
  const { body } = await counter.request<FeedPage>('GET', '/api/sync/feed?after=1');
  return body.entries as readonly Entry[];
}

export interface AuditRow {
  readonly action: string;
  readonly subject: string;
  readonly details: Record<string, unknown>;
}

export async function auditOf(server: Started, counter: Counter, action: string): Promise<AuditRow[]> {
  return server.sql<AuditRow>(
    'select action, subject, details from billing_audit_log where org_id = $1 and action = $2 order by audit_id',
    [counter.orgId, action],
  );
}

/** Nothing was taken and nothing is held. */
export async function expectUntouched(counter: Counter): Promise<void> {
  expect(await balanceOf(counter)).toEqual({ balance: 50_000, held: 0, available: 50_000, seq: 1 });
}

/** Looks again until it is so; for what a socket on the other side causes. Bounded. */
export async function eventually<T>(look: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  for (let round = 0; round < 400; round += 1) {
    const value = await look();
    if (isSo(value)) return value;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`never became so: ${JSON.stringify(await look())}`);
}

/** The text of the pieces in an event stream, and what it ended with. */
export function heard(stream: string): { text: string; last: string } {
  const events = stream.split('\n\n').filter((event) => event !== '');
  const text = events
    .map((event) => event.slice('data: '.length))
    .filter((data) => data.startsWith('{'))
    .map((data) => JSON.parse(data) as { choices?: { delta?: { content?: string } }[] })
    .map(({ choices }) => choices?.[0]?.delta?.content ?? '')
    .join('');
  return { text, last: events.at(-1) ?? '' };
}
