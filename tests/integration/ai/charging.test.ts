// What an AI call costs, and that a key costs once: by the usage reported, up to the hold, counted where none is reported.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatCompletion } from '../../../shared/contract/ai.ts';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { changesNothing } from '../server/facts.ts';
import { type Counter, type Started, started, uniqueKey } from '../server/started.ts';
import { json, type PlayedUpstream, playedUpstream, says } from './played-upstream.ts';
import { auditOf, balanceOf, chat, clientOf, heard, ownerOf, spentBy } from './stage.ts';

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

describe('credits', () => {
  test('that are not there are insufficient_credits with both numbers, and nobody is asked', async () => {
    const counter = await ownerOf(server);
    const rest = { body: { amount: 49_998, feature: 'ai.assist' }, key: uniqueKey() };
    await counter.request('POST', '/api/credits/spend', rest);
    const asked = upstream.asked.length;
    const answer = await changesNothing(server, () => ask(counter));
    expect(answer).toMatchObject({
      status: 402,
      body: { error: { code: 'insufficient_credits', details: { available: 2, required: 5 } } },
    });
    expect(upstream.asked.length).toBe(asked);
  });

  test('50 requests at once with credits for ten: ten run, forty are refused, never oversold', async () => {
    const counter = await ownerOf(server);
    const rest = { body: { amount: 49_950, feature: 'ai.assist' }, key: uniqueKey() };
    await counter.request('POST', '/api/credits/spend', rest);
    const asked = upstream.asked.length;
    // Nobody is answered before all are decided: what runs holds its credits.
    const all = Promise.withResolvers<void>();
    upstream.plays(async (response, one) => {
      await all.promise;
      await says('ok', { usage: [1_000, 1_000] })(response, one);
    });
    let refused = 0;
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const answer = await ask(counter);
        if (answer.status === 402) refused += 1;
        if (refused === 40) all.resolve();
        return answer;
      }),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(upstream.asked.length - asked).toBe(10);
    expect(await balanceOf(counter)).toMatchObject({ balance: 0, held: 0 });
  });

  test('of usage beyond the hold are taken up to the hold, and the rest is an alarm in the audit log', async () => {
    const counter = await ownerOf(server);
    upstream.plays(says('ok', { usage: [90_000, 90_000] }));
    const answer = await ask(counter, { max_tokens: 100 });
    const [charged] = await auditOf(server, counter, 'ai.charged');
    const held = Number(charged?.details.held);
    expect(answer).toMatchObject({ status: 200, body: { usage: { credits: held, completion_tokens: 90_000 } } });
    expect(await balanceOf(counter)).toMatchObject({ balance: 50_000 - held, held: 0 });
    expect(await auditOf(server, counter, 'alarm.ai_beyond_hold')).toMatchObject([
      { subject: charged?.subject, details: { used: 450, held, beyond: 450 - held } },
    ]);
  });

  test('of an answer without usage are counted from the text, low rather than high, and the answer says so', async () => {
    const counter = await ownerOf(server);
    upstream.plays(says('x'.repeat(4_000), { usage: null }));
    const { body } = await ask(counter);
    // 45 bytes of question and 4,000 of answer, four to a token.
    expect(body.usage).toEqual({
      prompt_tokens: 12,
      completion_tokens: 1_000,
      total_tokens: 1_012,
      credits: 5,
      counted: true,
    });
    const streamed = await ask(counter, { stream: true, stream_options: { include_usage: true } });
    expect(String(streamed.body)).toContain('"completion_tokens":1000');
    expect(String(streamed.body)).toContain('"counted":true');
    expect(await auditOf(server, counter, 'ai.charged')).toMatchObject([
      { details: { reported: false, output: 1_000 } },
      { details: { reported: false, output: 1_000 } },
    ]);
    expect(await balanceOf(counter)).toMatchObject({ balance: 49_990, held: 0 });
  });

  test.each([-1, 1.5, '7', 1e12, null])('a usage of %s tokens is not believed but counted', async (tokens) => {
    const counter = await ownerOf(server);
    upstream.plays((response) =>
      json(response, 200, {
        choices: [{ message: { content: 'abcd' } }],
        usage: { prompt_tokens: tokens, completion_tokens: 5 },
      }),
    );
    expect((await ask(counter)).body.usage).toMatchObject({ completion_tokens: 1, credits: 1, counted: true });
  });
});

describe('the same key', () => {
  test('answers the first result, and asks and charges once', async () => {
    const counter = await ownerOf(server);
    const asked = upstream.asked.length;
    upstream.plays(says('first'));
    for (const stream of [false, true]) {
      const key = uniqueKey();
      const first = await ask(counter, { stream }, key);
      upstream.plays(says('second'));
      const again = await changesNothing(server, () => ask(counter, { stream }, key));
      expect(again.status).toBe(200);
      expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
      if (stream) expect(heard(String(again.body))).toEqual(heard(String(first.body)));
      else expect(again.body).toEqual(first.body);
      upstream.plays(says('first'));
    }
    expect(upstream.asked.length - asked).toBe(2);
    expect(await spentBy(counter)).toHaveLength(2);
  });

  test('after a restart of the server too, and the client library reads the repeated stream', async () => {
    const counter = await ownerOf(server);
    upstream.plays(says('kept for ever', { usage: [900, 20] }));
    const key = uniqueKey();
    const read = async () => {
      const stream = await clientOf(server, counter).chat.completions.create(
        { ...hello, stream: true, stream_options: { include_usage: true } },
        withKey(key),
      );
      let text = '';
      let last: unknown = null;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        last = chunk.usage ?? last;
      }
      return { text, last };
    };
    const first = await read();
    expect(first).toMatchObject({ text: 'kept for ever', last: { credits: 1, prompt_tokens: 900 } });
    await server.restart();
    upstream.plays(says('something else'));
    expect(await read()).toEqual(first);
    expect(await spentBy(counter)).toHaveLength(1);
  });

  test('ten at once: one asks, all are answered alike, one is charged', async () => {
    const counter = await ownerOf(server);
    const asked = upstream.asked.length;
    upstream.plays(says('only once'));
    for (const stream of [false, true]) {
      const key = uniqueKey();
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask(counter, { stream }, key)));
      for (const { status, body } of answers) {
        expect(status).toBe(200);
        if (stream) expect(heard(String(body))).toMatchObject({ text: 'only once', last: 'data: [DONE]' });
        else expect(body).toEqual(answers[0]?.body);
      }
    }
    expect(upstream.asked.length - asked).toBe(2);
    expect(await spentBy(counter)).toHaveLength(2);
  });

  test('ten at once, and the first of them fails: the next one runs', async () => {
    const counter = await ownerOf(server);
    const asked = upstream.asked.length;
    upstream.plays(async (response, one) => {
      if (upstream.asked.length === asked + 1) json(response, 500, {});
      else await says('at the second try')(response, one);
    });
    const key = uniqueKey();
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(counter, {}, key)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 502]);
    expect(upstream.asked.length - asked).toBe(2);
    expect(await spentBy(counter)).toHaveLength(1);
  });

  test('with another body, for another feature, or of a spend: 409 idempotency_key_reused', async () => {
    const counter = await ownerOf(server);
    upstream.plays(says('ok'));
    const key = uniqueKey();
    await ask(counter, {}, key);
    const spend = { body: { amount: 5, feature: 'ai.assist' } };
    const spent = uniqueKey();
    await counter.request('POST', '/api/credits/spend', { ...spend, key: spent });
    const reused = { status: 409, body: { error: { code: 'idempotency_key_reused' } } };
    await changesNothing(server, async () => {
      expect(await ask(counter, { temperature: 1 }, key)).toMatchObject(reused);
      expect(await ask(counter, {}, key, { 'x-feature': 'ai.batch' })).toMatchObject(reused);
      expect(await ask(counter, {}, spent)).toMatchObject(reused);
      expect(await counter.request('POST', '/api/credits/spend', { ...spend, key })).toMatchObject(reused);
    });
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
