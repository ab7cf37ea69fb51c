// The AI service behind the gateway, as the gateway knows it. It answers whole or in pieces, refuses, or fails; whoever
// calls it can break it off at any moment with the signal.
import { z } from 'zod';
import type { ChatChunk, ChatRequest } from '../../shared/contract/ai.ts';

export interface Upstream {
  /** The whole answer. Rejects with one of the two errors below. */
  complete(request: ChatRequest, signal: AbortSignal): Promise<WholeAnswer>;
  /** The answer in pieces, usage in the last one where the service can say it. Throws one of the two errors below. */
  stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatChunk, void, undefined>;
}

export const wholeAnswer = z.looseObject({ choices: z.array(z.looseObject({})).min(1) });
export type WholeAnswer = z.infer<typeof wholeAnswer>;

/** It was away, too slow, broken off, or said something that is no answer. */
export class UpstreamFailed extends Error {}

/** It says that the request is wrong; sending it again would not help. */
export class UpstreamRefused extends Error {}
