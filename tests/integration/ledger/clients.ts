// Clients that spend, hold, capture, release and adjust without end, write down what they asked and what they were first
// answered, and ask again by the same key: at once where an answer was lost, and now and then where it was not.
import { isDeepStrictEqual } from 'node:util';
import { bearer } from '../admin/operator.ts';
import type { Answer, KilledServer } from './killed-server.ts';
import type { ModelEntry, Operation } from './model.ts';
import { requestOf } from './world.ts';

export type Asked = Exclude<Operation, { kind: 'expire' }>;

export interface Noted {
  readonly op: Asked;
  readonly answer: Answer;
}

/** What all clients did, in the order of the answers; `quarrels`: what was answered otherwise than the contract says. */
export interface Notes {
  readonly noted: Noted[];
  readonly quarrels: string[];
  resends: number;
}

export interface Client {
  readonly orgId: string;
  readonly device: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Numbers from 0 to below 1, the same for the same seed. */
  readonly chance: () => number;
  readonly name: string;
  /** The most that it spends at once. */
  readonly most: number;
  readonly operator: boolean;
}

/** Mulberry32: chance by a seed. */
export function chanceOf(seed: number): () => number {
  let at = seed >>> 0;
  return () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const clientHeaders = (token: string, operator: boolean): Record<string, string> => ({
  authorization: operator ? bearer(token) : `Bearer ${token}`,
});

export const isDone = ({ answer }: Noted): boolean => answer.status < 300;
export const entryOf = ({ answer }: Noted): ModelEntry | undefined => (answer.body as { entry?: ModelEntry }).entry;
const hasKey = ({ op }: Noted): boolean => 'key' in op;

/** It was done by a server that died before anybody heard of it. */
export function wasDoneUnheard(one: Noted): boolean {
  const { answer, op } = one;
  if (answer.unanswered === 0 || !isDone(one)) return false;
  const entry = entryOf(one);
  return op.kind === 'hold'
    ? answer.status === 200
    : entry !== undefined && Date.parse(entry.createdAt) < answer.upSince;
}

function send(server: KilledServer, client: Client, op: Asked): Promise<Answer> {
  const key = 'key' in op && op.key !== null ? { 'idempotency-key': op.key } : {};
  return server.ask({ ...requestOf(op), headers: { ...client.headers, ...key } });
}

/** Asks once more for what was done, and notes where the answer is another one. */
export async function resend(server: KilledServer, client: Client, notes: Notes, before: Noted): Promise<void> {
  notes.resends += 1;
  const { status, body } = await send(server, client, before.op);
  if (status === 200 && isDeepStrictEqual(body, before.answer.body)) return;
  const told = JSON.stringify({ status, body });
  notes.quarrels.push(`resend of ${JSON.stringify(before.op)}: ${told}, at first ${JSON.stringify(before.answer)}`);
}

/** Works until `over` says so. Every operation that it began is answered when it returns. */
export async function work(server: KilledServer, client: Client, notes: Notes, over: () => boolean): Promise<void> {
  const open = new Map<string, number>();
  const own: Noted[] = [];
  for (let turn = 0; !over(); turn += 1) {
    const op = nextOf(client, open, `${client.name}-${turn}`);
    const answer = await send(server, client, op);
    const one = { op, answer };
    notes.noted.push(one);
    if (!isAllowed(one)) notes.quarrels.push(`${JSON.stringify(op)}: ${JSON.stringify(answer)}`);
    const { holdId } = answer.body as { holdId?: string };
    if (op.kind === 'hold' && isDone(one) && holdId !== undefined) open.set(holdId, op.amount);
    if (op.kind === 'capture' || op.kind === 'release') open.delete(op.holdId);
    const lately = own.at(-1);
    // After a lost answer the one before it is what the server was most likely to forget.
    if (answer.unanswered > 0 && lately !== undefined) await resend(server, client, notes, lately);
    if (!isDone(one) || !hasKey(one)) continue;
    own.push(one);
    const again = own[Math.floor(client.chance() * own.length)];
    if (again !== undefined && (answer.unanswered > 0 || client.chance() < 0.1))
      await resend(server, client, notes, again);
  }
}

/** 402 where there may be too little; a release that was sent twice has no key to be known by. */
function isAllowed({ op, answer }: Noted): boolean {
  if (answer.status === 402) return op.kind === 'spend' || op.kind === 'hold';
  if (answer.status === 409) return op.kind === 'release' && answer.unanswered > 0;
  return (
    answer.status === (op.kind === 'hold' && answer.unanswered === 0 ? 201 : 200) ||
    (op.kind === 'hold' && answer.status === 201)
  );
}

function nextOf(client: Client, open: ReadonlyMap<string, number>, key: string): Asked {
  const { orgId, device, chance, most } = client;
  const amount = 1 + Math.floor(chance() * most);
  if (client.operator) {
    return { kind: 'adjust', orgId, key, delta: chance() < 0.5 ? amount : -amount, reason: `ticket ${key}` };
  }
  const [held] = open;
  const dice = chance();
  if (held === undefined ? dice < 0.3 : dice < 0.15) {
    return { kind: 'hold', orgId, device, key, amount, feature: 'ai.assist', ttlSeconds: 900 };
  }
  if (held !== undefined && dice < 0.45) {
    const [holdId, whole] = held;
    if (dice < 0.22) return { kind: 'release', orgId, device, holdId };
    return { kind: 'capture', orgId, device, key, holdId, amount: 1 + Math.floor(chance() * whole) };
  }
  return { kind: 'spend', orgId, device, key, amount, feature: 'ai.batch', reference: dice < 0.7 ? null : 'रसीद ७' };
}
