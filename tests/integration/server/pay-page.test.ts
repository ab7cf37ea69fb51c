// The pay page over HTTP: whom it answers how, and in which language.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Started, started } from './started.ts';

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const look = async (path: string, headers: Record<string, string> = browser) => {
  const answer = await fetch(`${server.url}${path}`, { headers, redirect: 'manual' });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};
const asked = async () => {
  const counter = await server.signUp();
  const { id, checkoutUrl } = await counter.buyPlan();
  const { pathname, search } = new URL(checkoutUrl ?? '');
  return { id, path: `${pathname}${search}` };
};

test('a link that names no purchase is told in plain words to a person, and by the envelope to a program', async () => {
  const { id } = await asked();
  const known = await look(`/pay/${id}?t=wrong`);
  expect(known.status).toBe(404);
  expect(known.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(known.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(known.headers.get('cache-control')).toBe('no-store');
  expect(known.text).toContain('This link does not work');
  // Nobody learns from it which purchases there are.
  for (const path of ['/pay/pur_none?t=wrong', `/pay/${id}`, `/pay/${id}/return?t=wrong`])
    expect(await look(path)).toMatchObject({ status: 404, text: known.text });
  for (const headers of [{}, { accept: 'application/json' }]) {
    const { status, text } = await look(`/pay/${id}?t=wrong`, headers);
    expect(status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'not_found', retryable: false } });
  }
});

test('the page is in the language of its link, else in the browser’s, and the way back keeps it', async () => {
  const { path } = await asked();
  const hindi = { ...browser, 'accept-language': 'hi-IN,hi;q=0.9,en;q=0.8' };
  const langOf = async (lang: string, headers: Record<string, string>) =>
    /<html lang="([^"]*)">/.exec((await look(`${path}${lang}`, headers)).text)?.[1];
  expect(await langOf('', browser)).toBe('en-IN');
  expect(await langOf('', hindi)).toBe('hi-IN');
  expect(await langOf('&lang=en', hindi)).toBe('en-IN');
  expect(await langOf('&lang=hi', browser)).toBe('hi-IN');
  expect(await langOf('&lang=kn', hindi)).toBe('hi-IN');
  expect(await langOf('&lang=%00', browser)).toBe('en-IN');
  const back = await look(`${path.replace('?', '/return?')}&lang=hi`);
  expect(back.status).toBe(303);
  expect(back.headers.get('location')).toBe(`${path}&lang=hi`);
  expect((await look(path.replace('?', '/return?'))).headers.get('location')).toBe(path);
});
