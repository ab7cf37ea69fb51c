// An AI service that fails, in every way that we could think of: nobody pays for it, and the same key may try again.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatCompletion } from '../../../shared/contract/ai.ts';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { type Counter, type Started, started, uniqueKey } from '../server/started.ts';
import { json, type Play, type PlayedUpstream, playedUpstream, says, silent } from './played-upstream.ts';
import { balanceOf, chat, expectUntouched, ownerOf, spentBy } from './stage.ts';

let upstream: PlayedUpstream;
let server: Started;
beforeAll(async () => {
  upstream = await playedUpstream();
  server = await started({ AI_UPSTREAM_URL: upstream.url, AI_UPSTREAM_TIMEOUT_MS: '1000' });
});
afterAll(async () => {
  await server.dispose();
  await upstream.close();
});

const hello = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Is paracetamol in stock?' }] };
const ask = (counter: Counter, more: object = {}, key = uniqueKey()) =>
  counter.request<ChatCompletion>('POST', chat, { body: { ...hello, ...more }, key });

describe('an AI service that fails', () => {
  const failing: Record<string, Play> = {
    'answers 500': (response) => json(response, 500, { error: { message: 'boom' } }),
    'answers 401, which is our key and not the caller': (response) => json(response, 401, {}),
    'answers 429': (response) => json(response, 429, { error: { message: 'slow down' } }),
    'answers 404': (response) => json(response, 404, {}),
    'sends the request, and our key with it, elsewhere': async (response, asked) => {
      if (asked.path.startsWith('/elsewhere')) return says('here')(response, asked);
      response.writeHead(307, { location: '/elsewhere' });
      response.end();
    },
    'hangs up': (response) => void response.destroy(),
    'hangs up in the middle of its answer': (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '900' });
      response.write('{"choices":[');
      setImmediate(() => response.destroy());
    },
    'says nothing for too long': silent,
    'begins and then says nothing for too long': (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    },
    'answers no JSON': (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('<html>');
    },
    'answers no completion': (response) => json(response, 200, { choices: [] }),
  };

  test.each(Object.keys(failing))(
    'and %s: 502 upstream_failed, nothing charged, and the same key may succeed',
    async (how) => {
      const counter = await ownerOf(server);
      for (const stream of [false, true]) {
        const key = uniqueKey();
        upstream.plays(failing[how] ?? silent);
        const answer = await ask(counter, { stream }, key);
        expect(answer).toMatchObject({ status: 502, body: { error: { code: 'upstream_failed', retryable: true } } });
        expect(await spentBy(counter)).toHaveLength(stream ? 1 : 0);
        expect(await balanceOf(counter)).toMatchObject({ held: 0 });
        upstream.plays(says('better now'));
        expect((await ask(counter, { stream }, key)).status).toBe(200);
      }
      expect(await spentBy(counter)).toHaveLength(2);
    },
  );

  test('says that the request is wrong: 400 invalid_request in its words, and nothing charged', async () => {
    const counter = await ownerOf(server);
    upstream.plays((response) => json(response, 400, { error: { message: 'temperature is too high' } }));
    for (const stream of [false, true]) {
      expect(await ask(counter, { temperature: 9, stream })).toMatchObject({
        status: 400,
        body: { error: { details: { faults: [{ path: 'body', reason: 'temperature is too high' }] } } },
      });
    }
    await expectUntouched(counter);
  });
});

test('a service that nobody runs: 502, and nothing charged', async () => {
  const gone = await playedUpstream();
  await gone.close();
  const lonely = await started({ AI_UPSTREAM_URL: gone.url });
  try {
    const counter = await ownerOf(lonely);
    expect(await ask(counter)).toMatchObject({ status: 502, body: { error: { code: 'upstream_failed' } } });
    await expectUntouched(counter);
  } finally {
    await lonely.dispose();
  }
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
