// The bridge's main side: one table from call to use case. Parses what comes in and what goes out, turns exceptions into
// refusals, and answers each id exactly once. Who is on the other end, and whether it may call at all, is the host's to
// check before a channel comes here.
import Database from 'better-sqlite3';
import type { z } from 'zod';
import { largestFrame, type Notice } from '../../shared/contract/frames.ts';
import { type CallName, type Calls, callFrame, calls } from '../../shared/contract/ipc.ts';
import type { Refusal, Result } from '../../shared/contract/result.ts';
import type { Log } from '../ports.ts';
import { Refused } from '../refused.ts';
import type { Channel } from './channel.ts';

type Input<N extends CallName> = z.output<Calls[N]['input']>;
type Output<N extends CallName> = z.input<Calls[N]['output']>;

/** One use case for each call; a call without one does not compile. */
export type CallTable = { readonly [N in CallName]: (input: Input<N>) => Output<N> | Promise<Output<N>> };

export interface Bridge {
  /** Serves one renderer until its channel is closed; the function that it returns stops serving it. */
  readonly serve: (channel: Channel) => () => void;
  /** Tells every renderer that something is new. */
  readonly broadcast: (notice: Notice) => void;
  /** Ends every channel. */
  readonly close: (reason: string) => void;
}

/** ready: calls wait for it, and all fail when it does. */
export function createBridge(table: CallTable, ready: Promise<void>, log: Log): Bridge {
  const channels = new Set<Channel>();
  const post = (channel: Channel, frame: unknown) => {
    if (!channels.has(channel)) return;
    try {
      channel.post(frame);
    } catch (error) {
      channels.delete(channel);
      log('info', 'a renderer went away', { reason: String(error) });
    }
  };
  return {
    serve(channel) {
      channels.add(channel);
      const answered = new Set<number>();
      channel.onMessage((frame) => {
        // A channel that was ended may still bring what was on its way: none of it is done.
        if (!channels.has(channel)) return;
        const call = readFrame(frame);
        // Whoever sends what is no call, or uses an id twice, is not our renderer, and there is no id to answer to.
        if (call === null || answered.has(call.id)) {
          channels.delete(channel);
          channel.close('not a call of ours');
          return;
        }
        answered.add(call.id);
        void perform(table, call, ready, log).then((result) => post(channel, { id: call.id, result }));
      });
      return () => {
        channels.delete(channel);
      };
    },
    broadcast(notice) {
      for (const channel of [...channels]) post(channel, { notice });
    },
    close(reason) {
      for (const channel of [...channels]) channel.close(reason);
      channels.clear();
    },
  };
}

interface IncomingCall {
  readonly id: number;
  /** Null for a name that is on no list. */
  readonly call: CallName | null;
  readonly input: unknown;
}

const anyCall = callFrame.pick({ id: true, input: true });

function readFrame(frame: unknown): IncomingCall | null {
  if (sizeOf(frame) > largestFrame) return null;
  const read = callFrame.safeParse(frame);
  if (read.success) return read.data;
  const unnamed = anyCall.safeParse(frame);
  return unnamed.success ? { ...unnamed.data, call: null } : null;
}

/** In bytes of JSON; infinite for what JSON cannot hold. */
function sizeOf(frame: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(frame) ?? '');
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

async function perform(table: CallTable, call: IncomingCall, ready: Promise<void>, log: Log): Promise<Result<unknown>> {
  if (call.call === null) return refuse({ code: 'bad_call', retryable: false });
  try {
    await ready;
    return { ok: true, value: await invoke(table, call.call, call.input) };
  } catch (error) {
    return refuse(refusalOf(error, call.call, log));
  }
}

async function invoke<N extends CallName>(table: CallTable, name: N, input: unknown): Promise<unknown> {
  const shapes: Calls[N] = calls[name];
  const read = shapes.input.safeParse(input);
  if (!read.success) {
    const faults = read.error.issues.map((issue) => ({ path: issue.path.join('.'), reason: issue.message }));
    throw new Refused('invalid_request', false, { faults });
  }
  const output = await table[name](read.data as Input<N>);
  return shapes.output.parse(output);
}

const refuse = (error: Refusal): Result<never> => ({ ok: false, error });

function refusalOf(error: unknown, call: CallName, log: Log): Refusal {
  if (error instanceof Refused) return error.refusal;
  log('error', 'a call failed on this PC', { call, reason: error instanceof Error ? error.stack : String(error) });
  if (error instanceof Database.SqliteError) return { code: 'storage_failed', retryable: true };
  return { code: 'internal', retryable: true };
}
