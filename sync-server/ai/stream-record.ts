// What was streamed, put together again: for counting, and for saying it a second time to whoever repeats the key.
import type { ChatChunk } from '../../shared/contract/ai.ts';
import { reportedUse, textBytes } from './tokens.ts';

type Fields = Record<string, unknown>;

export interface StreamRecord {
  add(chunk: ChatChunk): void;
  /** The last usage that the service reported and that can be believed, as it said it; or null. */
  usage(): unknown;
  /** The text of all answers, in bytes. */
  bytes(): number;
  /** What every piece says beside its choices and usage: id, model and the like. */
  head(): Fields;
  /** All of it in at most two pieces: what was said, then why it ended. */
  pieces(): Fields[];
}

export function createRecord(): StreamRecord {
  let head: Fields = {};
  let reported: unknown = null;
  const said = new Map<number, Fields>();
  const ends = new Map<number, Fields>();
  return {
    add: (chunk) => {
      const { choices, usage, ...rest } = chunk;
      head = { ...rest, ...head };
      if (reportedUse(usage) !== null) reported = usage;
      for (const { index, delta, finish_reason, ...more } of choices) {
        said.set(index, merged(said.get(index) ?? {}, delta ?? {}));
        const isEnd = finish_reason !== null && finish_reason !== undefined;
        if (isEnd) ends.set(index, { ...more, finish_reason });
      }
    },
    usage: () => reported,
    bytes: () => [...said.values()].reduce((sum, { role: _role, ...delta }) => sum + textBytes(delta), 0),
    head: () => head,
    pieces: () => {
      const first = [...said].map(([index, delta]) => ({ index, delta, finish_reason: null }));
      const last = [...ends].map(([index, end]) => ({ index, delta: {}, ...end }));
      return [first, last].filter((choices) => choices.length > 0).map((choices) => ({ ...head, choices }));
    },
  };
}

/** Fields that name something and come whole; all other text comes in pieces that belong together. */
const whole = new Set(['role', 'id', 'type', 'name']);

function merged(before: Fields, delta: Fields): Fields {
  const after = { ...before };
  for (const [name, value] of Object.entries(delta)) {
    // A field of this name would change what an object is.
    if (name !== '__proto__') after[name] = mergedValue(name, before[name], value);
  }
  return after;
}

function mergedValue(name: string, before: unknown, value: unknown): unknown {
  if (typeof before === 'string' && typeof value === 'string') return whole.has(name) ? before : before + value;
  if (Array.isArray(before) && Array.isArray(value)) return mergedList(before, value);
  if (isFields(before) && isFields(value)) return merged(before, value);
  return value === null || value === undefined ? (before ?? null) : value;
}

/** Tool calls say by `index` which one a piece continues; other lists grow at their end. */
function mergedList(before: readonly unknown[], pieces: readonly unknown[]): unknown[] {
  const after = [...before];
  for (const piece of pieces) {
    const at = after.findIndex((one) => isFields(one) && isFields(piece) && isSame(one.index, piece.index));
    const one = after[at];
    if (isFields(one) && isFields(piece)) after[at] = merged(one, piece);
    else after.push(piece);
  }
  return after;
}

const isSame = (one: unknown, other: unknown): boolean => typeof one === 'number' && one === other;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
