// Streams that do not come to their end: the caller leaves, the AI service dies, the server stops, the time is over.

import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changesNothing } from '../server/facts.ts';
import { type Counter, type Started, started, uniqueKey } from '../server/started.ts';
import { begin, end, type PlayedUpstream, piece, playedUpstream, says, silent } from './played-upstream.ts';
import { auditOf, balanceOf, chat, clientOf, eventually, expectUntouched, heard, ownerOf, spentBy } from './stage.ts';

let upstream: PlayedUpstream;
let server: Started;
beforeAll(async () => {
  upstream = await playedUpstream();
  server = await started({ AI_UPSTREAM_URL: upstream.url });
});
afterAll(async () => {
  await server.dispose();
  await upstream.close();
});

const hello = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Tell me about aspirin.' }] };
const ask = (counter: Counter, more: object = {}, key = uniqueKey()) =>
  counter.request('POST', chat, { body: { ...hello, ...more }, key });
const noneHeld = (counter: Counter) =>
  eventually(
    () => balanceOf(counter),
    ({ held }) => held === 0,
  );

interface Reading {
  /** Reads until this text has come. */
  until(text: string): Promise<void>;
  leave(): void;
}

/** A caller that reads a stream piece by piece and may leave in the middle of it. */
async function readSlowly(counter: Counter, key: string, more: object = {}): Promise<Reading> {
  const leaving = new AbortController();
  const answer = await fetch(`${server.url}${chat}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${counter.deviceToken}`,
      'idempotency-key': key,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ ...hello, stream: true, ...more }),
    signal: leaving.signal,
  });
  if (answer.status !== 200 || answer.body === null) throw new Error(`stream: ${answer.status}`);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let all = '';
  return {
    until: async (text) => {
      while (!all.includes(text)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`ended before "${text}": ${all}`);
        all += value;
      }
    },
    leave: () => leaving.abort(),
  };
}

describe('a caller that leaves', () => {
  test('in mid-stream pays for what was streamed, and the AI service is told to stop', async () => {
    const counter = await ownerOf(server);
    upstream.plays((response) => {
      begin(response);
      piece(response, { role: 'assistant', content: 'a'.repeat(2_000) });
      piece(response, { content: `${'b'.repeat(1_990)}the middle` });
    });
    const nth = upstream.asked.length + 1;
    const key = uniqueKey();
    const reading = await readSlowly(counter, key);
    await reading.until('the middle');
    expect((await balanceOf(counter)).held).toBeGreaterThan(0);
    reading.leave();
    await (await upstream.request(nth)).left;
    await noneHeld(counter);
    // 6 tokens of question and 1,000 of answer.
    expect(await spentBy(counter)).toMatchObject([{ delta: -5, idempotencyKey: key }]);
    const [charged] = await auditOf(server, counter, 'ai.charged');
    expect(charged?.details).toMatchObject({ whole: false, reported: false, input: 6, output: 1_000 });
    const again = await changesNothing(server, () => ask(counter, { stream: true }, key));
    const { text, last } = heard(String(again.body));
    expect(again.status).toBe(200);
    expect(text).toHaveLength(4_000);
    expect(JSON.parse(last.slice('data: '.length))).toMatchObject({
      error: { code: 'upstream_failed', retryable: false, details: { credits: 5 } },
    });
    expect(upstream.asked.length).toBe(nth);
  });

  test('after reading too slowly, so that everything waits for him, pays the same way', async () => {
    const counter = await ownerOf(server);
    let watching: NodeJS.Timeout | undefined;
    upstream.plays((response) => {
      begin(response);
      for (let n = 0; n < 300; n += 1) piece(response, { content: 'x'.repeat(65_536) });
      watching = setInterval(() => lengths.push(response.writableLength), 5);
    });
    const lengths: number[] = [];
    const reading = await readSlowly(counter, uniqueKey(), { model: 'echo' });
    await reading.until('xxx');
    // Nothing moves any more, and the AI service still has something to say.
    await eventually(
      async () => lengths.slice(-20),
      (last) => last.length === 20 && (last[0] ?? 0) > 0 && last.every((length) => length === last[0]),
    );
    clearInterval(watching);
    reading.leave();
    await noneHeld(counter);
    expect(await spentBy(counter)).toHaveLength(1);
    expect(await auditOf(server, counter, 'ai.charged')).toMatchObject([{ details: { whole: false } }]);
  });

  test('with the client library, by breaking out of its loop, pays the same way', async () => {
    const counter = await ownerOf(server);
    upstream.plays((response) => {
      begin(response);
      for (const word of ['one', ' two', ' three']) piece(response, { content: word });
    });
    const nth = upstream.asked.length + 1;
    const stream = await clientOf(server, counter).chat.completions.create(
      { ...hello, stream: true },
      { headers: { 'Idempotency-Key': uniqueKey() } },
    );
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content === ' three') break;
    await (await upstream.request(nth)).left;
    await noneHeld(counter);
    expect(await spentBy(counter)).toMatchObject([{ delta: -1 }]);
  });

  test.each([false, true])(
    'before anything was said (stream: %s) pays nothing, and the same key runs again',
    async (stream) => {
      const counter = await ownerOf(server);
      upstream.plays(silent);
      const nth = upstream.asked.length + 1;
      const key = uniqueKey();
      const leaving = new AbortController();
      const asking = clientOf(server, counter).chat.completions.create(
        { ...hello, stream },
        { headers: { 'Idempotency-Key': key }, signal: leaving.signal },
      );
      const left = expect(asking).rejects.toThrow(OpenAI.APIUserAbortError);
      const asked = await upstream.request(nth);
      leaving.abort();
      await left;
      await asked.left;
      await noneHeld(counter);
      await expectUntouched(counter);
      upstream.plays(says('here again'));
      expect((await ask(counter, { stream }, key)).status).toBe(200);
      expect(await spentBy(counter)).toHaveLength(1);
    },
  );
});

describe('an AI service that dies in mid-stream', () => {
  test('is paid for what was streamed, and the stream ends with an error that the client library throws', async () => {
    const counter = await ownerOf(server);
    upstream.plays((response) => {
      begin(response);
      piece(response, { role: 'assistant', content: 'x'.repeat(4_000) });
      setImmediate(() => response.destroy());
    });
    const key = uniqueKey();
    const nth = upstream.asked.length + 1;
    for (let round = 0; round < 2; round += 1) {
      const stream = await clientOf(server, counter).chat.completions.create(
        { ...hello, stream: true },
        { headers: { 'Idempotency-Key': key } },
      );
      let text = '';
      const reading = (async () => {
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      })();
      await expect(reading).rejects.toThrow(/broke off/);
      expect(text).toHaveLength(4_000);
      expect(await spentBy(counter)).toMatchObject([{ delta: -5 }]);
      expect(await balanceOf(counter)).toMatchObject({ held: 0, balance: 49_995 });
    }
    expect(upstream.asked.length).toBe(nth);
  });

  test.each([
    ['that is not JSON', 'data: {oops\n\n'],
    ['that is no piece', 'data: {"choices":"none"}\n\n'],
    ['that is an error', 'data: {"error":{"message":"overloaded"}}\n\n'],
    ['without an end', `data: ${'x'.repeat(1_100_000)}`],
    ['that nothing follows', ''],
  ])('by a piece %s: the same', async (_what, text) => {
    const counter = await ownerOf(server);
    upstream.plays((response) => {
      begin(response);
      piece(response, { content: 'Aspirin is' });
      response.end(text);
    });
    const { body } = await ask(counter, { stream: true });
    const { text: said, last } = heard(String(body));
    expect(said).toBe('Aspirin is');
    expect(last).toContain('"upstream_failed"');
    expect(await spentBy(counter)).toMatchObject([{ delta: -1 }]);
    expect(await balanceOf(counter)).toMatchObject({ held: 0 });
  });

  test('after its last piece but without the closing word has said all: it is whole', async () => {
    const counter = await ownerOf(server);
    upstream.plays((response) => {
      begin(response);
      piece(response, { content: 'all of it' });
      piece(response, {}, 'stop');
      response.end();
    });
    const { body } = await ask(counter, { stream: true });
    expect(heard(String(body))).toEqual({ text: 'all of it', last: 'data: [DONE]' });
  });
});

describe('usage in a stream', () => {
  test('that came before the stream broke off is believed', async () => {
    const counter = await ownerOf(server);
    upstream.plays((response) => {
      begin(response);
      piece(response, { content: 'short' });
      const usage = { prompt_tokens: 20, completion_tokens: 800 };
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'er' } }], usage })}\n\n`);
      response.end('data: broken\n\n');
    });
    await ask(counter, { stream: true });
    expect(await spentBy(counter)).toMatchObject([{ delta: -4 }]);
    expect(await auditOf(server, counter, 'ai.charged')).toMatchObject([{ details: { reported: true, output: 800 } }]);
  });

  test('counts tool calls that come in pieces, and a repeat brings them whole', async () => {
    const counter = await ownerOf(server);
    upstream.plays((response) => {
      begin(response);
      piece(response, {
        role: 'assistant',
        tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'stock', arguments: '{"sku"' } }],
      });
      piece(response, { tool_calls: [{ index: 0, function: { arguments: ':"aspirin"}' } }] });
      end(response, { usage: null });
    });
    const key = uniqueKey();
    const client = clientOf(server, counter);
    const call = async () => {
      const stream = client.chat.completions.stream(hello, { headers: { 'Idempotency-Key': key } });
      return (await stream.finalChatCompletion()).choices[0]?.message.tool_calls;
    };
    const first = await call();
    expect(first).toMatchObject([{ id: 'call_1', function: { name: 'stock', arguments: '{"sku":"aspirin"}' } }]);
    expect(await call()).toEqual(first);
    expect(await spentBy(counter)).toHaveLength(1);
  });
});

describe('the hold of a run', () => {
  test('that expired meanwhile by the clock: the answer is not given, and nothing is taken', async () => {
    const counter = await ownerOf(server);
    upstream.plays(async (response, asked) => {
      server.clock.advance(361_000);
      await server.runDueJobs();
      await says('too late')(response, asked);
    });
    expect(await ask(counter)).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
    await expectUntouched(counter);
    const { body } = await ask(counter, { stream: true });
    expect(heard(String(body)).last).toContain('"unavailable"');
    await expectUntouched(counter);
    expect(await auditOf(server, counter, 'hold.expired')).toHaveLength(2);
  });
});

test('a server that stops lets a run end: answered, charged, and kept for the repeat', async () => {
  const counter = await ownerOf(server);
  let stopped: Promise<void> | null = null;
  upstream.plays(async (response, asked) => {
    stopped = server.restart();
    await says('in time')(response, asked);
  });
  const key = uniqueKey();
  const { status, body } = await ask(counter, { stream: true }, key);
  expect(status).toBe(200);
  expect(heard(String(body))).toEqual({ text: 'in time', last: 'data: [DONE]' });
  await stopped;
  expect(heard(String((await ask(counter, { stream: true }, key)).body)).text).toBe('in time');
  expect(await spentBy(counter)).toHaveLength(1);
});
