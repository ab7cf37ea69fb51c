// The settings of the AI service: refused in one line when malformed, and what holds where they are not set.
import { expect, test } from 'vitest';
import { readConfig } from '../../../sync-server/config.ts';

test('are an address up to before /chat/completions, a key, and how long the service may be silent', () => {
  const read = readConfig({
    AI_UPSTREAM_URL: 'https://ai.example/v1/',
    AI_UPSTREAM_KEY: 'sk-1',
    AI_UPSTREAM_TIMEOUT_MS: '5000',
  });
  expect(read).toMatchObject({
    config: { ai: { upstreamUrl: 'https://ai.example/v1', upstreamKey: 'sk-1', silenceMs: 5_000 } },
  });
  expect(readConfig({})).toMatchObject({
    config: { ai: { upstreamUrl: null, upstreamKey: null, silenceMs: 120_000 } },
  });
});

test.each([
  ['AI_UPSTREAM_URL', 'ftp://ai.example'],
  ['AI_UPSTREAM_URL', 'ai.example'],
  ['AI_UPSTREAM_KEY', 'two words'],
  ['AI_UPSTREAM_TIMEOUT_MS', '0'],
  ['AI_UPSTREAM_TIMEOUT_MS', 'soon'],
])('%s=%s is one fault that names it', (name, value) => {
  expect(readConfig({ [name]: value })).toEqual({ ok: false, faults: [expect.stringMatching(`^${name}: `)] });
});
