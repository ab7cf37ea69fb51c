// How many tokens a request may need, and how many were used where the AI service does not say. Pure.
import { type ChatMessage, type ChatRequest, chatUsage } from '../../shared/contract/ai.ts';
import type { TokenUse } from './prices.ts';

/** What is asked of the AI service at most, where the request sets no limit of its own. */
export const defaultMostTokens = 1_024;

/** The limit on the length of one answer that this request runs under. */
export function mostTokensOf(request: ChatRequest): number {
  return request.max_completion_tokens ?? request.max_tokens ?? defaultMostTokens;
}

/**
 * More than the request can use: a token stands for one byte of text at least, and the request as JSON is longer than what
 * the model reads. (A picture behind an address is the exception; what it uses beyond the hold is recorded.)
 */
export function tokensAtMost(request: ChatRequest): TokenUse {
  const input = Buffer.byteLength(JSON.stringify(request), 'utf8');
  return { input, output: (request.n ?? 1) * mostTokensOf(request) };
}

const bytesPerToken = 4;

/** A count from the text alone, on the low side for most languages: the customer never pays for our not knowing. */
export function countTokens(bytes: number): number {
  return Math.ceil(bytes / bytesPerToken);
}

/** The text that a request puts before the model, in bytes: words only, no pictures, no names of fields. */
export function promptBytes(request: ChatRequest): number {
  return request.messages.reduce((sum, message) => sum + bytesOf(message), 0);
}

function bytesOf({ content }: ChatMessage): number {
  if (typeof content === 'string') return Buffer.byteLength(content, 'utf8');
  return (content ?? []).reduce(
    (sum, part) => sum + (typeof part.text === 'string' ? Buffer.byteLength(part.text, 'utf8') : 0),
    0,
  );
}

/** The usage that an answer or a piece of a stream reports; null if it reports none that can be believed. */
export function reportedUse(usage: unknown): TokenUse | null {
  const parsed = chatUsage.safeParse(usage);
  return parsed.success ? { input: parsed.data.prompt_tokens, output: parsed.data.completion_tokens } : null;
}

/** The bytes of all text in a value, wherever it stands; names of fields are none. */
export function textBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value, 'utf8');
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, inner) => sum + textBytes(inner), 0);
}
