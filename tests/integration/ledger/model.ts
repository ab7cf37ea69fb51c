// A naive model of one org's ledger, from the text of the HTTP contract alone: it shares no code with the server and keeps no
// sum that it could add up again. A state and an operation in, the next state and the whole answer out.
import { createHash } from 'node:crypto';

export interface ModelEntry {
  readonly seq: number;
  readonly delta: number;
  readonly balanceAfter: number;
  readonly kind: string;
  readonly reference: string | null;
  readonly idempotencyKey: string | null;
  readonly actor: string | null;
  readonly feature: string | null;
  readonly occurredAt: string;
  readonly createdAt: string;
  readonly hash: string;
}

export interface ModelHold {
  readonly holdId: string;
  readonly amount: number;
  readonly feature: string;
  readonly actor: string;
  readonly state: 'open' | 'captured' | 'released' | 'expired';
  readonly capturedAmount: number | null;
  readonly entrySeq: number | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly closedAt: string | null;
}

export interface ModelOrg {
  readonly orgId: string;
  readonly ownsPlan: boolean;
  readonly entries: readonly ModelEntry[];
  readonly holds: readonly ModelHold[];
  /** Every key that was answered with a success: what it was used for, and the answer. */
  readonly used: ReadonlyMap<string, { readonly wish: string; readonly answer: Told }>;
  /** Rows of the audit log: one for each adjustment and each hold that expired, and what was there before. */
  readonly audited: number;
}

export type Operation = { readonly orgId: string } & (
  | {
      readonly kind: 'spend';
      readonly device: string;
      readonly key: string;
      readonly amount: number;
      readonly feature: string;
      readonly reference: string | null;
    }
  | {
      readonly kind: 'hold';
      readonly device: string;
      readonly key: string;
      readonly amount: number;
      readonly feature: string;
      readonly ttlSeconds: number;
    }
  | {
      readonly kind: 'capture';
      readonly device: string;
      readonly key: string;
      readonly holdId: string;
      readonly amount: number;
    }
  | { readonly kind: 'release'; readonly device: string; readonly holdId: string }
  | { readonly kind: 'adjust'; readonly key: string | null; readonly delta: number; readonly reason: string }
  | { readonly kind: 'balance'; readonly device: string }
  /** The job that gives back what holds reserved whose time is over. */
  | { readonly kind: 'expire' }
);

/** An answer: its status with its body, or with the code and details of its refusal. */
export interface Told {
  readonly status: number;
  readonly body: unknown;
}

export interface Step {
  readonly org: ModelOrg;
  readonly answer: Told;
}

export const emptyOrg = (orgId: string): ModelOrg => ({
  ...{ orgId, ownsPlan: false, entries: [], holds: [], used: new Map(), audited: 0 },
});

export const balanceOf = (org: ModelOrg): number => org.entries.reduce((sum, { delta }) => sum + delta, 0);
export const heldOf = (org: ModelOrg): number =>
  org.holds.reduce((sum, { amount, state }) => sum + (state === 'open' ? amount : 0), 0);
export const availableOf = (org: ModelOrg): number => balanceOf(org) - heldOf(org);

const refused = (status: number, code: string, details: object | null = null): Told => ({
  status,
  body: { code, details },
});
const insufficient = (org: ModelOrg, required: number): Told =>
  refused(402, 'insufficient_credits', { available: availableOf(org), required });
const iso = (at: number): string => new Date(at).toISOString();

/** The hash of an entry by the contract's words. */
export function modelHash(previous: string, orgId: string, entry: Omit<ModelEntry, 'hash' | 'createdAt'>): string {
  const lines = [previous, orgId, `${entry.seq}`, `${entry.delta}`, `${entry.balanceAfter}`, entry.kind];
  for (const field of [entry.reference, entry.idempotencyKey, entry.actor, entry.feature]) lines.push(field ?? '');
  lines.push(entry.occurredAt);
  return createHash('sha256')
    .update(Buffer.from(lines.join('\n'), 'utf8'))
    .digest('hex');
}

type Facts = Pick<ModelEntry, 'delta' | 'kind' | 'reference' | 'idempotencyKey' | 'actor' | 'feature'>;

export function withEntry(org: ModelOrg, facts: Facts, now: number): { org: ModelOrg; entry: ModelEntry } {
  const balanceAfter = balanceOf(org) + facts.delta;
  const fields = { ...facts, seq: org.entries.length + 1, balanceAfter, occurredAt: iso(now) };
  const hash = modelHash(org.entries.at(-1)?.hash ?? '0'.repeat(64), org.orgId, fields);
  const entry = { ...fields, createdAt: iso(now), hash };
  return { entry, org: { ...org, entries: [...org.entries, entry] } };
}

const withHold = (org: ModelOrg, hold: ModelHold): ModelOrg => ({
  ...org,
  holds: [...org.holds.filter(({ holdId }) => holdId !== hold.holdId), hold],
});
const isOpen = (hold: ModelHold, now: number): boolean => hold.state === 'open' && now < Date.parse(hold.expiresAt);
const done = (org: ModelOrg, body: unknown, status = 200): Step => ({ org, answer: { status, body } });

/** What a key stands for: everything that was asked but who asked it. */
function wishOf(op: Operation): string {
  if (op.kind === 'spend') return JSON.stringify(['spend', op.amount, op.feature, op.reference]);
  if (op.kind === 'hold') return JSON.stringify(['hold', op.amount, op.feature, op.ttlSeconds]);
  if (op.kind === 'capture') return JSON.stringify(['capture', op.holdId, op.amount]);
  return op.kind === 'adjust' ? JSON.stringify(['adjust', op.delta, op.reason]) : '';
}

/** `newHoldId`: the id that the server gave, in case a hold is placed; ids are the server's to make. */
export function step(org: ModelOrg, op: Operation, now: number, newHoldId: string): Step {
  const key = 'key' in op ? op.key : null;
  const before = key === null ? undefined : org.used.get(key);
  if (before !== undefined) {
    if (before.wish !== wishOf(op)) return { org, answer: refused(409, 'idempotency_key_reused') };
    return done(org, before.answer.body);
  }
  const next = fresh(org, op, now, newHoldId);
  if (key === null || next.answer.status >= 300) return next;
  const used = new Map(org.used).set(key, { wish: wishOf(op), answer: next.answer });
  return { ...next, org: { ...next.org, used } };
}

function fresh(org: ModelOrg, op: Operation, now: number, newHoldId: string): Step {
  switch (op.kind) {
    case 'spend':
      return spend(org, op, now);
    case 'hold':
      return hold(org, op, now, newHoldId);
    case 'capture':
      return capture(org, op, now);
    case 'release':
      return release(org, op.holdId, now);
    case 'adjust':
      return adjust(org, op, now);
    case 'balance': {
      const [balance, held] = [balanceOf(org), heldOf(org)];
      return done(org, { balance, held, available: balance - held, seq: org.entries.length });
    }
    case 'expire':
      return done(expired(org, now), null);
  }
}

function spend(org: ModelOrg, op: Extract<Operation, { kind: 'spend' }>, now: number): Step {
  if (!org.ownsPlan) return { org, answer: refused(403, 'plan_required') };
  if (op.amount > availableOf(org)) return { org, answer: insufficient(org, op.amount) };
  const { device: actor, key: idempotencyKey, feature, reference } = op;
  const after = withEntry(org, { delta: -op.amount, kind: 'spend', reference, idempotencyKey, actor, feature }, now);
  const { entry } = after;
  return done(after.org, { entry, balance: entry.balanceAfter, available: availableOf(after.org) });
}

function hold(org: ModelOrg, op: Extract<Operation, { kind: 'hold' }>, now: number, holdId: string): Step {
  if (!org.ownsPlan) return { org, answer: refused(403, 'plan_required') };
  if (op.amount > availableOf(org)) return { org, answer: insufficient(org, op.amount) };
  const { amount, feature, device: actor } = op;
  const expiresAt = iso(now + op.ttlSeconds * 1000);
  const open = { state: 'open', capturedAmount: null, entrySeq: null, closedAt: null } as const;
  const after = withHold(org, { holdId, amount, feature, actor, createdAt: iso(now), expiresAt, ...open });
  return done(after, { holdId, expiresAt, available: availableOf(after) }, 201);
}

function capture(org: ModelOrg, op: Extract<Operation, { kind: 'capture' }>, now: number): Step {
  const { holdId, amount, key: idempotencyKey, device: actor } = op;
  const found = org.holds.find((one) => one.holdId === holdId);
  if (found === undefined) return { org, answer: refused(404, 'not_found') };
  if (!isOpen(found, now)) return { org, answer: refused(409, 'hold_closed') };
  if (amount > found.amount) return { org, answer: refused(400, 'invalid_request', { paths: ['amount'] }) };
  const written = withEntry(
    org,
    { delta: -amount, kind: 'spend', reference: holdId, idempotencyKey, actor, feature: found.feature },
    now,
  );
  const { entry } = written;
  const closed = {
    ...found,
    state: 'captured',
    capturedAmount: amount,
    entrySeq: entry.seq,
    closedAt: iso(now),
  } as const;
  const after = withHold(written.org, closed);
  return done(after, { entry, available: availableOf(after) });
}

function release(org: ModelOrg, holdId: string, now: number): Step {
  const found = org.holds.find((one) => one.holdId === holdId);
  if (found === undefined) return { org, answer: refused(404, 'not_found') };
  if (!isOpen(found, now)) return { org, answer: refused(409, 'hold_closed') };
  const after = withHold(org, { ...found, state: 'released', closedAt: iso(now) });
  return done(after, { holdId, available: availableOf(after) });
}

function adjust(org: ModelOrg, op: Extract<Operation, { kind: 'adjust' }>, now: number): Step {
  const { delta, reason: reference, key: idempotencyKey } = op;
  if (delta < 0 && availableOf(org) + delta < 0) return { org, answer: insufficient(org, -delta) };
  const facts = { delta, kind: 'adjustment', reference, idempotencyKey, actor: 'operator', feature: null };
  const { org: after, entry } = withEntry({ ...org, audited: org.audited + 1 }, facts, now);
  return done(after, { entry, balance: entry.balanceAfter, available: availableOf(after) });
}

function expired(org: ModelOrg, now: number): ModelOrg {
  const over = org.holds.filter((one) => one.state === 'open' && !isOpen(one, now));
  const after = over.reduce((at, one) => withHold(at, { ...one, state: 'expired', closedAt: iso(now) }), org);
  return { ...after, audited: org.audited + over.length };
}
