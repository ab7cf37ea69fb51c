// Chat completions as OpenAI's API has them. Only what the gateway itself looks at has a shape here; every other field
// passes through to the AI service and back as it is.
import { z } from 'zod';

const tokenLimit = z.int().min(1).max(1_000_000).nullish();

export const chatMessage = z.looseObject({
  role: z.string().min(1).max(32),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).nullish(),
});
export type ChatMessage = z.infer<typeof chatMessage>;

export const chatRequest = z.looseObject({
  model: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[\x21-\x7e]+$/, 'must be printable characters without blanks'),
  messages: z.array(chatMessage).min(1).max(2_000),
  max_tokens: tokenLimit,
  max_completion_tokens: tokenLimit,
  n: z.int().min(1).max(8).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
});
export type ChatRequest = z.infer<typeof chatRequest>;

/** As the AI service reports it; both counts are needed, or it counts as not reported. */
export const chatUsage = z.looseObject({
  prompt_tokens: z.int().min(0).max(1_000_000_000),
  completion_tokens: z.int().min(0).max(1_000_000_000),
});
export type ChatUsage = z.infer<typeof chatUsage>;

/** `usage` carries two fields of ours: `credits` that were taken, and `counted` where the AI service reported no usage. */
export const chatCompletion = z.looseObject({
  choices: z.array(z.looseObject({})).min(1),
  usage: z.looseObject({ credits: z.int().min(0), counted: z.literal(true).optional() }).optional(),
});
export type ChatCompletion = z.infer<typeof chatCompletion>;

/** One piece of a stream. */
export const chatChunk = z.looseObject({
  choices: z.array(
    z.looseObject({
      index: z.int().min(0).max(127).default(0),
      delta: z.looseObject({}).nullish(),
      finish_reason: z.string().nullish(),
    }),
  ),
});
export type ChatChunk = z.infer<typeof chatChunk>;
