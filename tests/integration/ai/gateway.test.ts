// The AI gateway on the real server and database, asked by the real client library, before a played AI service.
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatCompletion } from '../../../shared/contract/ai.ts';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { changesNothing } from '../server/facts.ts';
import { type Counter, type Started, started, uniqueKey } from '../server/started.ts';
import { json, type PlayedUpstream, playedUpstream, says } from './played-upstream.ts';
import { auditOf, balanceOf, chat, clientOf, ownerOf, spentBy } from './stage.ts';

let upstream: PlayedUpstream;
let server: Started;
beforeAll(async () => {
  upstream = await playedUpstream();
  server = await started({ AI_UPSTREAM_URL: upstream.url, AI_UPSTREAM_KEY: 'sk-upstream' });
});
afterAll(async () => {
  await server.dispose();
  await upstream.close();
});

const hello = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Which of these interact: warfarin, ibuprofen?' }],
};
const withKey = (key = uniqueKey()) => ({ headers: { 'Idempotency-Key': key } });
const ask = (counter: Counter, more: object = {}, key = uniqueKey(), headers: Record<string, string> = {}) =>
  counter.request<ChatCompletion>('POST', chat, { body: { ...hello, ...more }, key, headers });

describe('a completion, asked with the OpenAI client library', () => {
  test('comes whole, as the AI service said it, and is charged by the usage it reported', async () => {
    const counter = await ownerOf(server);
    upstream.plays(says('Yes, both together raise the risk of bleeding.', { usage: [1_500, 700] }));
    const key = uniqueKey();
    const completion = await clientOf(server, counter).chat.completions.create(hello, withKey(key));
    expect(completion.choices[0]?.message.content).toBe('Yes, both together raise the risk of bleeding.');
    expect(completion).toMatchObject({ id: 'chatcmpl-1', model: 'gpt-4o-mini', system_fingerprint: 'fp_played' });
    // 1,500 × 1 + 700 × 4 thousandths of a credit, rounded up; never more than was held.
    const held = Number((await auditOf(server, counter, 'ai.charged'))[0]?.details.held);
    expect(completion.usage).toMatchObject({ prompt_tokens: 1_500, completion_tokens: 700, credits: 5 });
    expect(held).toBeGreaterThanOrEqual(5);
    const [entry, second] = await spentBy(counter);
    expect(entry).toMatchObject({
      delta: -5,
      kind: 'spend',
      feature: 'ai.assist',
      idempotencyKey: key,
      actor: counter.deviceId,
      reference: expect.stringMatching(/^hold_/),
    });
    expect(second).toBeUndefined();
    expect(await balanceOf(counter)).toMatchObject({ balance: 49_995, held: 0 });
  });

  test('comes in pieces, and usage is told at the end if it was asked for', async () => {
    const counter = await ownerOf(server);
    upstream.plays(says('Take it after food', { usage: [400, 200] }));
    const pieces: string[] = [];
    let usage: unknown;
    const stream = await clientOf(server, counter).chat.completions.create(
      { ...hello, stream: true, stream_options: { include_usage: true } },
      withKey(),
    );
    for await (const chunk of stream) {
      pieces.push(chunk.choices[0]?.delta.content ?? '');
      usage = chunk.usage ?? usage;
    }
    expect(pieces.join('')).toBe('Take it after food');
    expect(pieces.length).toBeGreaterThan(4);
    expect(usage).toMatchObject({ prompt_tokens: 400, completion_tokens: 200, credits: 2 });
    expect(await spentBy(counter)).toMatchObject([{ delta: -2 }]);
  });

  test('in pieces without asking for usage gets none, and the charge is there when the stream ends', async () => {
    const counter = await ownerOf(server);
    upstream.plays(says('One two three', { usage: [1_000, 1_000] }));
    const stream = await clientOf(server, counter).chat.completions.create({ ...hello, stream: true }, withKey());
    for await (const chunk of stream) {
      expect(chunk.choices).toHaveLength(1);
      expect(chunk.usage ?? null).toBeNull();
    }
    expect(await balanceOf(counter)).toMatchObject({ balance: 49_995, held: 0 });
  });

  test('is refused in a way that the library understands', async () => {
    const counter = await ownerOf(server);
    upstream.plays((response) => json(response, 500, { error: { message: 'boom' } }));
    const client = clientOf(server, counter);
    const failed = await client.chat.completions.create(hello, withKey()).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(OpenAI.APIError);
    expect(failed).toMatchObject({ status: 502, code: 'upstream_failed' });
    const keyless = await client.chat.completions.create(hello).catch((error: unknown) => error);
    expect(keyless).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});

describe('what the AI service is asked', () => {
  test('is what the caller asked, with our key, a limit always, and usage in every stream', async () => {
    const counter = await ownerOf(server);
    upstream.plays(says('ok'));
    const from = upstream.asked.length;
    await ask(counter, { temperature: 0.2, tools: [{ type: 'function', function: { name: 'stock' } }] });
    await ask(counter, { stream: true, max_tokens: 30 });
    await ask(counter, { max_completion_tokens: 40, n: 2 });
    const [plain, streamed, limited] = upstream.asked.slice(from);
    expect(plain?.path).toBe('/v1/chat/completions');
    expect(plain?.headers.authorization).toBe('Bearer sk-upstream');
    expect(JSON.stringify(plain?.headers)).not.toContain(counter.deviceToken);
    expect(plain?.body).toEqual({
      ...hello,
      temperature: 0.2,
      tools: [{ type: 'function', function: { name: 'stock' } }],
      max_tokens: 1_024,
    });
    expect(streamed?.body).toMatchObject({ stream: true, max_tokens: 30, stream_options: { include_usage: true } });
    expect(limited?.body).toEqual({ ...hello, max_completion_tokens: 40, n: 2 });
  });

  test('holds enough for whatever it may use, while it runs', async () => {
    const counter = await ownerOf(server);
    const before = upstream.asked.length;
    let heldMeanwhile = 0;
    upstream.plays(async (response, asked) => {
      heldMeanwhile = (await balanceOf(counter)).held;
      await says('ok', { usage: [10, 4_000] })(response, asked);
    });
    // 2 answers of 2,000 tokens at 4 credits, and at most as many tokens of prompt as it has bytes.
    await ask(counter, { n: 2, max_tokens: 2_000 });
    expect(upstream.asked.length).toBe(before + 1);
    expect(heldMeanwhile).toBeGreaterThanOrEqual(16);
    expect(heldMeanwhile).toBeLessThanOrEqual(17);
    expect(await auditOf(server, counter, 'alarm.ai_beyond_hold')).toEqual([]);
    expect(await balanceOf(counter)).toMatchObject({ held: 0, balance: 49_983 });
  });
});

describe('the feature', () => {
  test('is ai.batch with X-Feature: ai.batch, which a lapse turns off; another is refused', async () => {
    const counter = await ownerOf(server);
    upstream.plays(says('ok'));
    expect((await ask(counter, {}, uniqueKey(), { 'x-feature': 'ai.batch' })).status).toBe(200);
    expect(await spentBy(counter)).toMatchObject([{ feature: 'ai.batch' }]);
    const before = server.clock.now().toISOString();
    server.clock.set('2027-12-06T18:30:00.000Z');
    const asked = upstream.asked.length;
    expect(await ask(counter, {}, uniqueKey(), { 'x-feature': 'ai.batch' })).toMatchObject({
      status: 403,
      body: { error: { code: 'feature_unavailable' } },
    });
    expect((await ask(counter)).status).toBe(200);
    expect(await ask(counter, {}, uniqueKey(), { 'x-feature': 'ai.everything' })).toMatchObject({
      status: 400,
      body: { error: { details: { faults: [{ path: 'headers.x-feature' }] } } },
    });
    expect(upstream.asked.length).toBe(asked + 1);
    server.clock.set(before);
  });

  test('without a plan is plan_required, and nobody is asked', async () => {
    const counter = await server.signUp();
    const asked = upstream.asked.length;
    const answer = await changesNothing(server, () => ask(counter));
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'plan_required' } } });
    expect(upstream.asked.length).toBe(asked);
  });
});

describe('the request', () => {
  let anybody: Counter;
  beforeAll(async () => {
    anybody = await ownerOf(server);
  });

  test.each([
    ['model', undefined],
    ['model', 7],
    ['model', ''],
    ['model', 'a\u0000b'],
    ['messages', undefined],
    ['messages', []],
    ['messages', 'hello'],
    ['max_tokens', 0],
    ['max_tokens', 1.5],
    ['max_tokens', 1_000_001],
    ['max_completion_tokens', -1],
    ['n', 9],
    ['stream', 'yes'],
  ])('with %s %j is invalid_request, and nobody is asked', async (field, value) => {
    const asked = upstream.asked.length;
    const answer = await ask(anybody, { [field]: value });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { details: { faults: expect.arrayContaining([expect.objectContaining({ path: field })]) } } },
    });
    expect(upstream.asked.length).toBe(asked);
  });

  test('may be nearly 1 MiB and not more', async () => {
    const counter = await ownerOf(server);
    upstream.plays(says('long'));
    const content = 'x'.repeat(1_000_000);
    expect((await ask(counter, { messages: [{ role: 'user', content }] })).status).toBe(200);
    const more = { messages: [{ role: 'user', content: `${content}${'x'.repeat(50_000)}` }] };
    expect(await ask(counter, more)).toMatchObject({ status: 413, body: { error: { code: 'too_large' } } });
  });

  test('without a token is unauthenticated', async () => {
    const answer = await server.request('POST', chat, { body: hello, key: uniqueKey() });
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
