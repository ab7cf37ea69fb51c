// One org's counter as the servers see it: it asks until it is answered, and notes what it was answered. Decides nothing.
import type { Answer, Servers } from '../storm/servers.ts';
import type { LoggedPurchase, LoggedSample } from './auditor-log.ts';
import { type Notes, noteThat } from './notes.ts';

export interface Counter {
  readonly number: number;
  readonly org: string;
  readonly token: string;
}

export interface Asker {
  readonly servers: Servers;
  readonly notes: Notes;
  readonly now: () => number;
  /** Which of both is asked first. */
  readonly first: () => number;
}

const json = { 'content-type': 'application/json' };
const states = ['27', '29', '07', '33', '35'];

export async function signUp({ servers, notes, now, first }: Asker, seed: number, number: number): Promise<Counter> {
  // Sign-ups are limited by address: each org has its own.
  const from = `127.${20 + (number >> 14)}.${(number >> 7) & 127}.${1 + (number & 127)}`;
  const signedUpAt = now();
  const body = JSON.stringify({
    legalName: `Life Medicals ${seed}-${number}`,
    ...{ address: '12 MG Road', stateCode: states[number % states.length], pin: '411001', deviceName: 'Front counter' },
  });
  const answer = await servers.ask(first(), { method: 'POST', path: '/api/orgs', headers: json, body, from });
  if (answer.status !== 201) throw new Error(`sign-up: ${answer.status} ${JSON.stringify(answer.body)}`);
  const { orgId, deviceToken } = answer.body as { orgId: string; deviceToken: string };
  notes.orgs.push({ org: orgId, signedUpAt });
  return { number, org: orgId, token: deviceToken };
}

export interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly key?: string;
}

export function ask({ servers, first }: Asker, { token }: Counter, { method, path, body, key }: Ask): Promise<Answer> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key !== undefined) headers['idempotency-key'] = key;
  return servers.ask(first(), { method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

const routes = {
  'plan.pharmapulse-one': '/api/billing/plan/purchase',
  'renewal.year': '/api/billing/renewal/subscribe',
  'topup.50k': '/api/billing/credits/topup',
} as const;

/** What may be answered to whoever asks at the wrong time. */
const refusals = ['purchase_in_progress', 'plan_already_owned', 'plan_required'];

/** null where it was refused: there is a plan already, none, or another purchase of the same. */
export async function buy(
  asker: Asker,
  counter: Counter,
  wish: { sku: LoggedPurchase['sku']; packs: number; id: string },
) {
  const { notes, now } = asker;
  const { sku, packs, id } = wish;
  const more = sku === 'topup.50k' ? { packs } : sku === 'renewal.year' ? { mode: 'manual' } : {};
  const askedAt = now();
  const answer = await ask(asker, counter, {
    method: 'POST',
    path: routes[sku],
    key: `key-${id}`,
    body: { id, ...more },
  });
  if (answer.status > 201) {
    const { code } = (answer.body as { error?: { code?: string } }).error ?? {};
    if (!refusals.includes(code ?? '')) {
      notes.quarrels.push(`${id} (${sku} of ${counter.org}): ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    noteThat(notes, `refused: ${code}`);
    return null;
  }
  const { providerOrderId: order } = answer.body as { providerOrderId: string | null };
  if (order === null) throw new Error(`${id} was answered without an order`);
  notes.purchases.push({ org: counter.org, id, sku, packs, askedAt, order });
  noteThat(notes, `asked: ${sku}`);
  return { id, order };
}

export async function readStatus(asker: Asker, counter: Counter): Promise<LoggedSample> {
  const { status, body } = await ask(asker, counter, { method: 'GET', path: '/api/billing/status' });
  if (status !== 200) throw new Error(`status: ${status} ${JSON.stringify(body)}`);
  const told = body as {
    plan: string | null;
    subscription: { serviceRenewalStatus: string; serviceRenewalNextDue: string | null; daysLeft: number | null };
    features: Record<string, boolean>;
    credits: { balance: number; held: number; available: number };
    reminders: readonly { kind: string }[];
    serverTime: string;
  };
  const { serviceRenewalStatus, serviceRenewalNextDue, daysLeft } = told.subscription;
  return {
    ...{ org: counter.org, at: Date.parse(told.serverTime), plan: told.plan, status: serviceRenewalStatus },
    ...{
      nextDue: serviceRenewalNextDue,
      daysLeft,
      features: told.features,
      ...told.credits,
      reminders: told.reminders.map(({ kind }) => kind),
    },
  };
}

export async function spend(asker: Asker, counter: Counter, amount: number, key: string): Promise<void> {
  const { notes } = asker;
  const feature = 'ai.assist';
  const answer = await ask(asker, counter, {
    method: 'POST',
    path: '/api/credits/spend',
    key,
    body: { amount, feature },
  });
  if (answer.status === 200) {
    const { entry, balance } = answer.body as { entry: { seq: number }; balance: number };
    notes.spends.push({ org: counter.org, amount, feature, key, seq: entry.seq, balance });
    noteThat(notes, 'spent');
    return;
  }
  const { code } = (answer.body as { error?: { code?: string } }).error ?? {};
  noteThat(notes, `refused: ${code}`);
  if (code !== 'insufficient_credits' && code !== 'plan_required') {
    notes.quarrels.push(`a spend of ${counter.org}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}
