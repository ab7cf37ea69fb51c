// What main sends to the renderer, and the bridge itself as the renderer sees it. Two transports carry it (Electron IPC, WebSocket
// of the browser host).
//
// Frames on a transport
//   renderer → main   {id, call, input}      id: the renderer's own number, unique on this transport; see ipc.ts
//   main → renderer   {id, result}           exactly one per id; result is a Result of the call's output
//   main → renderer   {notice}
import { z } from 'zod';
import { refusal } from './result.ts';

/** Something is new; `topics` says where to look again. It carries no data of record. */
export const notice = z.object({
  type: z.literal('changed'),
  topics: z.array(z.enum(['session', 'sync', 'status', 'purchases', 'ledger', 'documents', 'settings'])).min(1),
});
export type Notice = z.infer<typeof notice>;

/** No frame is larger than this many bytes of JSON. */
export const largestFrame = 1_000_000;

/** A Result of which nobody knows yet what its value is to be. */
export const anyResult = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: refusal }),
]);
export const replyFrame = z.object({ id: z.int().min(1), result: anyResult });
export const noticeFrame = z.object({ notice });
export type ReplyFrame = z.infer<typeof replyFrame>;

/** What both bridges offer to the renderer (`window.bridge` under Electron): two functions, nothing else. */
export interface Bridge {
  /** Sends one call; resolves with its Result, unparsed. */
  readonly call: (name: string, input: unknown) => Promise<unknown>;
  /** Calls back with every notice, unparsed; returns how to stop. */
  readonly subscribe: (listener: (notice: unknown) => void) => () => void;
}
