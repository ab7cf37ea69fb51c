// What the tests of holds share: an org with a plan, the three calls, and the proof that held is what is open.
import { expect } from 'vitest';
import type { CaptureAnswer, CreditBalance, HoldAnswer } from '../../../shared/contract/credits.ts';
import type { Activation } from '../../../shared/contract/devices.ts';
import type { FeedPage } from '../../../shared/contract/sync.ts';
import { checkChain, emptyChain } from '../../../shared/ledger/chain.ts';
import { sha256 } from '../../../sync-server/store/ledger.ts';
import { goodBodies } from './refusal-bodies.ts';
import { type Counter, counterOf, type Started, uniqueKey } from './started.ts';

let made = 0;
/** Signs up from an address of its own: sign-ups are limited per address. */
export const signedUp = async (server: Started): Promise<Counter> => {
  made += 1;
  const body = { ...goodBodies['/api/orgs'], legalName: `Pharmacy ${made}` };
  const { body: activation } = await server.request<Activation>('POST', '/api/orgs', { body, from: `127.0.1.${made}` });
  return counterOf(server, activation);
};
export const ownerOf = async (server: Started): Promise<Counter> => {
  const counter = await signedUp(server);
  await counter.ownPlan();
  return counter;
};
export const place = (counter: Counter, amount: number, more: object = {}, key = uniqueKey()) =>
  counter.request<HoldAnswer>('POST', '/api/credits/holds', {
    body: { amount, feature: 'ai.assist', ttlSeconds: 600, ...more },
    key,
  });
export const placed = async (counter: Counter, amount: number, more: object = {}): Promise<HoldAnswer> => {
  const answer = await place(counter, amount, more);
  expect(answer.status).toBe(201);
  return answer.body;
};
export const capture = (counter: Counter, holdId: string, amount: number, key = uniqueKey()) =>
  counter.request<CaptureAnswer>('POST', `/api/credits/holds/${holdId}/capture`, { body: { amount }, key });
export const release = (counter: Counter, holdId: string) =>
  counter.request('POST', `/api/credits/holds/${holdId}/release`);
export const balanceOf = async (counter: Counter): Promise<CreditBalance> =>
  (await counter.request<CreditBalance>('GET', '/api/credits/balance')).body;
export const refusal = (code: string) => ({ body: { error: { code } } });
export const closed = { status: 409, ...refusal('hold_closed') };

/** Held is the sum of open holds, and the chain is whole. */
export async function expectProved(server: Started, counter: Counter): Promise<void> {
  const [row] = await server.sql<{ cached: string; open: string }>(
    `select c.held as cached, coalesce(sum(h.amount) filter (where h.state = 'open'), 0) as open
     from credit_balance_cache c left join credit_hold h using (org_id) where c.org_id = $1 group by c.held`,
    [counter.orgId],
  );
  expect(row?.cached).toBe(row?.open);
  const { body } = await counter.request<FeedPage>('GET', '/api/sync/feed?limit=5000');
  const checked = checkChain(counter.orgId, emptyChain, body.entries, sha256);
  expect(checked).toEqual({ ok: true, head: body.head });
}
