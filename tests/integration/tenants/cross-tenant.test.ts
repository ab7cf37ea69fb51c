// One pharmacy never reads or changes what is another's: every route of the server is asked with the other's ids, keys and
// tokens. First as the server is; then with the scoping taken out of its queries, so that row-level security alone holds;
// and then without that too, to show that the questions would find what they look for.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminToken, bearer } from '../admin/operator.ts';
import { watch } from '../server/event-stream.ts';
import { describedBy } from '../server/every-answer.ts';
import { goodBodies } from '../server/refusal-bodies.ts';
import { type Answer, type Started, started, uniqueKey } from '../server/started.ts';
import { type Pharmacy, pharmacy, rowsOf, tenantTables } from './two-orgs.ts';
import { unscope, withoutScoping } from './unscoping.ts';

const seed = Number(process.env.TENANT_SEED ?? 20261122);
const bodies: Readonly<Record<string, unknown>> = {
  ...goodBodies,
  '/api/devices/{id}': { name: 'A name of mine' },
  '/api/credits/holds': { amount: 1, feature: 'ai.assist', ttlSeconds: 60 },
  '/api/credits/holds/{id}/capture': { amount: 1 },
  '/api/ai/v1/chat/completions': { model: 'echo', messages: [{ role: 'user', content: 'a b c' }] },
};
/** Routes that act for whoever signs up, moves the clock or sends an event: no org of the caller's. The stream has its own test. */
const nobodys =
  /^(POST \/api\/orgs|GET \/api\/sync\/events|\w+ \/test\/clock|POST \/api\/billing\/webhook|\w+ \/(healthz|readyz|metrics))$/;

const takesBody = (method: string): boolean => ['POST', 'PUT', 'PATCH'].includes(method);

interface Question {
  readonly route: string;
  readonly what: string;
  readonly ask: () => Promise<Answer>;
  /** Whether the path names something of the other's, so that only 404 (or a refusal before that) can be the answer. */
  readonly named: boolean;
}

async function routesOf(server: Started): Promise<string[]> {
  const { paths } = await describedBy(server);
  return Object.entries(paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .filter((route) => !nobodys.test(route));
}

/** Everything that `mine` can ask about what is `theirs`. */
async function questions(server: Started, mine: Pharmacy, theirs: Pharmacy): Promise<Question[]> {
  const asked: Question[] = [];
  for (const route of await routesOf(server)) {
    const [method = '', path = ''] = route.split(' ');
    const body = takesBody(method) ? (bodies[path] ?? {}) : undefined;
    const ask = (filled: string, key: string) => () =>
      mine.counter.request(method, filled, { key, ...(body === undefined ? {} : { body }) });
    if (path.includes('{')) {
      for (const [kind, id] of Object.entries(theirs.ids)) {
        const filled = path.replace(/\{\w+\}/, encodeURIComponent(id));
        asked.push({ route, what: `with the other's ${kind}`, ask: ask(filled, uniqueKey()), named: true });
      }
    } else {
      asked.push({ route, what: 'as it is', ask: ask(path + queryOf(path), uniqueKey()), named: false });
      for (const key of takesBody(method) ? theirs.keys : []) {
        asked.push({ route, what: "with the other's key", ask: ask(path, key), named: false });
      }
    }
  }
  return asked;
}

function queryOf(path: string): string {
  return path === '/api/credits/usage' ? '?from=2026-01-01&to=2026-12-31&by=device' : '';
}

/** Asks in an order by the seed; `until` ends it early. Says which answers held something of the other's. */
async function leaksOf(asked: readonly Question[], theirs: Pharmacy): Promise<string[]> {
  const [order = []] = fc.sample(fc.shuffledSubarray([...asked], { minLength: asked.length }), { numRuns: 1, seed });
  const leaks: string[] = [];
  for (const { route, what, ask, named } of order) {
    const answer = await ask();
    const text = JSON.stringify(answer.body);
    const found = [...theirs.values].find(([value]) => text.includes(value));
    if (found !== undefined) leaks.push(`${route} ${what} shows ${found[0]} of ${found[1]}`);
    if (named && answer.status < 400) leaks.push(`${route} ${what} answers ${answer.status}`);
  }
  return leaks;
}

describe(`one pharmacy and another's things (seed ${seed})`, () => {
  let server: Started;
  let mine: Pharmacy;
  let theirs: Pharmacy;
  beforeAll(async () => {
    server = await started({ ADMIN_TOKEN: adminToken, TEST_CLOCK: '1' });
    mine = await pharmacy(server, 'Asha Medicals');
    theirs = await pharmacy(server, 'Bharat Medicals');
    expect(theirs.values.size).toBeGreaterThan(40);
  });
  afterAll(() => server.dispose());

  test('every route, asked with the ids and keys of the other, answers 404 or of its own org; nothing is read or changed', async () => {
    const before = await rowsOf(server, theirs.counter.orgId);
    const asked = await questions(server, mine, theirs);
    expect(asked.length).toBeGreaterThan(150);
    expect(await leaksOf(asked, theirs)).toEqual([]);
    expect(await rowsOf(server, theirs.counter.orgId)).toEqual(before);
  });

  test('a path with an id that exists for the other is answered word for word like one that exists for nobody', async () => {
    for (const route of (await routesOf(server)).filter((at) => at.includes('{') && !/admin|pay/.test(at))) {
      const [method = '', path = ''] = route.split(' ');
      const body = takesBody(method) ? { body: bodies[path] ?? {} } : {};
      const ask = async (id: string) => {
        const { status, body: got } = await mine.counter.request(method, path.replace(/\{\w+\}/, id), {
          key: uniqueKey(),
          ...body,
        });
        return { status, got };
      };
      const nobodysAnswer = await ask('pur_nobodys');
      expect(nobodysAnswer.status, route).toBe(404);
      for (const [kind, id] of Object.entries(theirs.ids)) {
        expect(await ask(encodeURIComponent(id)), `${route} ${kind}`).toEqual(nobodysAnswer);
      }
    }
  });

  test("a pay page's link opens its own purchase only, and a token of a counter is none of an operator's", async () => {
    const token = theirs.ids['pay token'];
    for (const id of [mine.ids['open purchase'], theirs.ids['paid purchase'], mine.ids.order]) {
      expect((await server.request('GET', `/pay/${id}?t=${token}`)).status).toBe(404);
    }
    for (const route of (await routesOf(server)).filter((at) => at.includes('/admin/'))) {
      const [method = '', path = ''] = route.split(' ');
      const answer = await mine.counter.request(method, path.replace(/\{\w+\}/, theirs.counter.orgId), {
        ...(takesBody(method) ? { body: bodies[path] ?? {} } : {}),
      });
      expect(answer.status, route).toBe(401);
    }
    for (const route of (await routesOf(server)).filter((at) => !/admin|pay|join$/.test(at))) {
      const [method = '', path = ''] = route.split(' ');
      const answer = await server.request(method, path.replace(/\{\w+\}/, 'x'), {
        headers: { authorization: bearer(adminToken) },
        ...(takesBody(method) ? { body: bodies[path] ?? {} } : {}),
      });
      expect(answer.status, route).toBe(401);
    }
  });
});

test('the event stream of one pharmacy tells of its own entries alone', async () => {
  const server = await started({ ADMIN_TOKEN: adminToken });
  try {
    const mine = await pharmacy(server, 'Asha Medicals');
    const theirs = await pharmacy(server, 'Bharat Medicals');
    const spend = ({ counter }: Pharmacy) =>
      counter.request('POST', '/api/credits/spend', { key: uniqueKey(), body: { amount: 1, feature: 'ai.assist' } });
    for (let more = 0; more < 9; more += 1) await spend(theirs);
    const stream = await watch(server, mine.counter.deviceToken);
    await expect.poll(() => stream.events.length).toBe(1);
    const first = JSON.parse(stream.events[0]?.data ?? '{}') as { seq: number };
    await spend(theirs);
    await spend(mine);
    await expect.poll(() => stream.events.at(-1)?.data).toBe(JSON.stringify({ seq: first.seq + 1 }));
    const told = new Set(stream.events.map(({ data }) => data));
    expect([...told]).toEqual([JSON.stringify(first), JSON.stringify({ seq: first.seq + 1 })]);
    stream.close();
    await stream.ended;
  } finally {
    await server.dispose();
  }
});

describe("with the scoping taken out of the server's queries", () => {
  test('the words that scope are taken out, and only those', () => {
    expect(withoutScoping('select * from "purchase" where ("purchase"."org_id" = $1 and "a"."b" = $2)')).toBe(
      'select * from "purchase" where (($1::text is not null) and "a"."b" = $2)',
    );
    expect(withoutScoping('where org_id = any($1::text[]) order by org_id')).toBe(
      'where ($1::text[] is not null) order by org_id',
    );
    expect(withoutScoping('on k.org_id = e.org and k.key = e.key')).toBe('on k.org_id = e.org and k.key = e.key');
  });

  test.each([
    ['row-level security alone keeps one from the other', true],
    ['and without it the same questions find and change what is the other’s', false],
  ])('%s', async (_rule, secured) => {
    const server = await started({ ADMIN_TOKEN: adminToken, TEST_CLOCK: '1' });
    try {
      const mine = await pharmacy(server, 'Asha Medicals');
      const theirs = await pharmacy(server, 'Bharat Medicals');
      const before = await rowsOf(server, theirs.counter.orgId);
      if (!secured) {
        for (const table of await tenantTables(server)) {
          await server.sql(`alter table ${table} disable row level security`);
        }
      }
      const asked = await questions(server, mine, theirs);
      const unscoped = unscope(server);
      const leaks = await leaksOf(asked, theirs);
      expect(unscoped.changed()).toBeGreaterThan(200);
      const after = await rowsOf(server, theirs.counter.orgId);
      if (secured) {
        expect(leaks).toEqual([]);
        expect(after).toEqual(before);
      } else {
        expect(new Set(leaks.map((leak) => leak.split(' ')[1])).size).toBeGreaterThan(4);
        expect(after).not.toEqual(before);
      }
    } finally {
      await server.dispose();
    }
  });
});
