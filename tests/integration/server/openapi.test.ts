// The API describes itself: OpenAPI 3.1, every route that the server has and no other, with every status that it gives.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../../sync-server/app.ts';
import { type Described, describedBy } from './every-answer.ts';
import { type Started, started } from './started.ts';

/** The contract's routes with their success, as http-api.md has them. */
const contract: Readonly<Record<string, readonly number[]>> = {
  'POST /api/orgs': [200, 201],
  'POST /api/devices/join-codes': [201],
  'POST /api/devices/join': [200, 201],
  'GET /api/devices': [200],
  'PATCH /api/devices/{id}': [200],
  'DELETE /api/devices/{id}': [204],
  'POST /api/branches': [201],
  'POST /api/billing/plan/purchase': [200, 201],
  'POST /api/billing/renewal/subscribe': [200, 201],
  'POST /api/billing/renewal/autopay/cancel': [200],
  'POST /api/billing/credits/topup': [200, 201],
  'GET /api/billing/purchases': [200],
  'GET /api/billing/purchases/{id}': [200],
  'POST /api/billing/purchases/{id}/cancel': [200],
  'GET /api/billing/status': [200],
  'GET /api/billing/invoices': [200],
  'GET /api/billing/invoices/{id}': [200],
  'GET /api/billing/invoices/{id}/pdf': [200],
  'GET /api/billing/invoices.csv': [200],
  'GET /api/billing/profile': [200],
  'PUT /api/billing/profile': [200],
  'POST /api/billing/webhook': [200],
  'GET /pay/{purchaseId}': [200],
  'GET /api/credits/balance': [200],
  'POST /api/credits/spend': [200],
  'POST /api/credits/holds': [200, 201],
  'POST /api/credits/holds/{id}/capture': [200],
  'POST /api/credits/holds/{id}/release': [200],
  'GET /api/credits/usage': [200],
  'POST /api/ai/v1/chat/completions': [200],
  'GET /api/sync/feed': [200],
  'GET /api/sync/events': [200],
  'GET /api/admin/invoices/{id}/inv01': [200],
  'GET /api/admin/alarms': [200],
  'POST /api/admin/alarms/{id}/close': [200],
  'POST /api/admin/reconcile': [200],
  'GET /healthz': [200],
  'GET /readyz': [200],
  'GET /metrics': [200],
  'GET /test/clock': [200],
  'POST /test/clock': [200],
};

/** Routes of the server that are no part of the API: pages' own files, the way back from paying, the description itself. */
const hidden = [
  'GET /pay/assets/pay.css',
  'GET /pay/assets/pay.js',
  'GET /pay/assets/icon.svg',
  'GET /pay/{purchaseId}/return',
  'POST /pay/{purchaseId}/return',
  'GET /openapi.json',
];

let server: Started;
let described: Described;
beforeAll(async () => {
  server = await started({ TEST_CLOCK: '1' });
  described = await describedBy(server);
});
afterAll(() => server.dispose());

const operations = () =>
  Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
  );

describe('/openapi.json', () => {
  test('is OpenAPI 3.1', () => {
    expect(described.openapi).toMatch(/^3\.1\.\d+$/);
  });

  test.each(Object.keys(contract))('has %s with its success, and the errors that any route can give', (route) => {
    const found = operations().find((one) => one.route === route);
    const statuses = Object.keys(found?.operation.responses ?? {}).map(Number);
    expect(statuses.filter((status) => status < 300)).toEqual(contract[route]);
    expect(statuses).toEqual(expect.arrayContaining([500, 503]));
    if (!/^(GET|DELETE)/.test(route)) expect(statuses).toEqual(expect.arrayContaining([400, 413, 415]));
  });

  test('has a 401 on every route that needs a token', () => {
    const open = /^(POST \/api\/(orgs|devices\/join|billing\/webhook)|\w+ \/(pay\/|healthz|readyz|metrics|test\/).*)$/;
    const signedIn = operations().filter(({ route }) => !open.test(route) && !route.includes('/api/admin/'));
    expect(signedIn.length).toBeGreaterThanOrEqual(15);
    expect(signedIn.filter(({ operation }) => operation.responses[401] === undefined)).toEqual([]);
  });

  test('has every route that the server has, and no other', async () => {
    const app = await createApp({
      parts: server.parts,
      jobsRun: () => true,
      afterClockMoved: async () => undefined,
      replayWebhook: async () => undefined,
      testClock: { now: server.clock.now, set: async () => true },
    });
    const listed = operations().map(({ route }) => route);
    await app.ready();
    const existing = [...listed, ...hidden].filter((route) => {
      const [method, path = ''] = route.split(' ');
      return app.hasRoute({ method: method as 'GET', url: path.replace(/\{(\w+)\}/g, ':$1') });
    });
    expect(existing).toEqual([...listed, ...hidden]);
    expect(routesIn(app.printRoutes({ commonPrefix: false }))).toBe(listed.length + hidden.length);
    await app.close();
  });

  test('describes success of the stream and of the page as what they are', () => {
    const media = (path: string) => {
      const ok = described.paths[path]?.get?.responses[200] as { content?: Record<string, unknown> } | undefined;
      return Object.keys(ok?.content ?? {});
    };
    expect(media('/api/sync/events')).toEqual(['text/event-stream']);
    expect(media('/pay/{purchaseId}')).toEqual(['text/html']);
    expect(media('/api/billing/invoices/{id}/pdf')).toEqual(['application/pdf']);
    expect(media('/api/billing/invoices.csv')).toEqual(['text/csv']);
    expect(media('/api/billing/status')).toEqual(['application/json']);
  });
});

/** How many method-and-path pairs a printed tree of routes has; HEAD comes with each GET and is not counted. */
function routesIn(tree: string): number {
  return [...tree.matchAll(/\(([A-Z, ]+)\)/g)]
    .flatMap(([, methods = '']) => methods.split(', '))
    .filter((method) => method !== 'HEAD').length;
}
