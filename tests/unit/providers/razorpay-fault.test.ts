import { describe, expect, test } from 'vitest';
import { Fault, failureOf } from '../../../sync-server/providers/fault.ts';
import { faultOfHttpClient, faultOfSdk } from '../../../sync-server/providers/razorpay-fault.ts';

const refusal = { error: { code: 'BAD_REQUEST_ERROR', description: 'The amount must be an integer.' } };

function kindOf(thrown: unknown): string {
  return failureOf(faultOfHttpClient(thrown)).kind;
}
function answered(status: number, data: unknown, headers: Record<string, string> = {}): unknown {
  return { code: 'ERR_BAD_REQUEST', message: `status ${status}`, response: { status, data, headers } };
}

describe('a failed call to the provider', () => {
  test('is refused when the provider answers 4xx with its own words', () => {
    for (const status of [400, 401, 403, 404, 422])
      expect(kindOf(answered(status, refusal)), `${status}`).toBe('refused');
    expect(failureOf(faultOfHttpClient(answered(400, refusal))).reason).toBe(
      'HTTP 400: BAD_REQUEST_ERROR: The amount must be an integer.',
    );
  });

  test('is unavailable on 429, and tells how long to wait', () => {
    const failure = failureOf(faultOfHttpClient(answered(429, refusal, { 'retry-after': '17' })));
    expect(failure).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 17 });
    expect(failureOf(faultOfHttpClient(answered(429, '<html>', { 'retry-after': 'Wed, 21 Oct' })))).toMatchObject({
      kind: 'unavailable',
    });
  });

  test('is unavailable when no byte of it can have left this machine', () => {
    for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']) {
      expect(kindOf({ code, message: 'connect' }), code).toBe('unavailable');
    }
  });

  test('is unknown when the connection broke or the time ran out: it may have been done', () => {
    for (const code of ['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE', 'ERR_CANCELED', 'ERR_NETWORK', undefined]) {
      expect(kindOf({ code, message: 'gone' }), code).toBe('unknown');
    }
  });

  test('is unknown on 5xx, whatever its body', () => {
    for (const status of [500, 502, 503, 504]) {
      for (const data of [refusal, '<html>Bad gateway</html>', '', null]) {
        expect(kindOf(answered(status, data)), `${status}`).toBe('unknown');
      }
    }
  });

  test('is unknown on an HTML page, a redirect or a time-out told by a proxy, whatever their status', () => {
    expect(kindOf(answered(403, '<html>Blocked</html>'))).toBe('unknown');
    expect(kindOf(answered(302, ''))).toBe('unknown');
    expect(kindOf(answered(408, refusal))).toBe('unknown');
  });

  test('is unknown when the SDK throws a TypeError of its own', () => {
    const lost = new TypeError("Cannot read properties of undefined (reading 'status')");
    expect(failureOf(faultOfSdk(lost)).kind).toBe('unknown');
    for (const thrown of [undefined, null, 'text', { statusCode: 502, error: undefined }, new Error('x')]) {
      expect(failureOf(faultOfSdk(thrown)).kind).toBe('unknown');
    }
  });

  test('keeps its cause on the way through the SDK', () => {
    const fault = new Fault({ code: 'ECONNREFUSED', description: 'connect ECONNREFUSED' });
    expect(faultOfSdk({ statusCode: 0, error: fault })).toBe(fault);
  });

  test('tells no key and no header in its reason', () => {
    const thrown = { code: 'ECONNRESET', message: 'socket hang up', config: { auth: { password: 'key-secret' } } };
    expect(JSON.stringify(failureOf(faultOfHttpClient(thrown)))).not.toContain('key-secret');
  });
});
