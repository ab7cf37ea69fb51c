// What holds for every answer of the server, and whether the API's own description knows it.
import { expect } from 'vitest';
import { errorCatalogue } from '../../../shared/contract/errors.ts';
import type { Seen, Started } from './started.ts';

/** As much of /openapi.json as the tests read. */
export interface Described {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Record<string, unknown> }>>>>;
}

export async function describedBy(server: Started): Promise<Described> {
  return (await server.request<Described>('GET', '/openapi.json')).body;
}

/** `GET /api/billing/purchases/{id}` for a path that was asked for, or null where no described route fits. */
export function routeOf(described: Described, method: string, path: string): string | null {
  const asked = path.replace(/\?.*$/, '').split('/');
  const fitting = Object.keys(described.paths).filter((route) => {
    const parts = route.split('/');
    return parts.length === asked.length && parts.every((part, at) => part.startsWith('{') || part === asked[at]);
  });
  // A route without a parameter is meant before one with.
  const route = fitting.toSorted((a, b) => a.split('{').length - b.split('{').length)[0];
  if (route === undefined || described.paths[route]?.[method.toLowerCase()] === undefined) return null;
  return `${method} ${route}`;
}

/** What is wrong with one answer's headers and envelope; empty when all is well. */
export function faultsOf({ method, path, answer }: Seen): string[] {
  const where = `${method} ${path} ${answer.status}`;
  const faults: string[] = [];
  if (answer.headers.get('cache-control') !== 'no-store') faults.push(`${where}: not no-store`);
  if (!/^[\w-]{8,}$/.test(answer.headers.get('x-request-id') ?? '')) faults.push(`${where}: no X-Request-Id`);
  if (Number.isNaN(Date.parse(answer.headers.get('date') ?? ''))) faults.push(`${where}: no Date`);
  if (answer.status < 400) return faults;
  if (answer.headers.get('content-type') !== 'application/json; charset=utf-8') faults.push(`${where}: not JSON`);
  faults.push(...faultsOfEnvelope(answer.status, answer.body).map((fault) => `${where}: ${fault}`));
  const mayWait = [429, 503].includes(answer.status);
  const retryAfter = answer.headers.get('retry-after');
  if (mayWait && !/^[1-9]\d*$/.test(retryAfter ?? '')) faults.push(`${where}: no Retry-After`);
  if (!mayWait && retryAfter !== null) faults.push(`${where}: a Retry-After that nobody asked for`);
  return faults;
}

function faultsOfEnvelope(status: number, body: unknown): string[] {
  const faults: string[] = [];
  const keysOf = (value: unknown) => (typeof value === 'object' && value !== null ? Object.keys(value).sort() : []);
  if (keysOf(body).join() !== 'error') return ['the body is not the envelope'];
  const { error } = body as { error: Record<string, unknown> };
  const keys = keysOf(error).filter((key) => key !== 'details');
  if (keys.join() !== 'code,message,retryable') faults.push(`error has ${keys.join()}`);
  const known = Object.entries(errorCatalogue).find(([code]) => code === error.code)?.[1];
  if (known === undefined) return [...faults, `no such code ${String(error.code)}`];
  if (known.status !== status) faults.push(`${String(error.code)} is a ${known.status}`);
  if (known.retryable !== error.retryable) faults.push('retryable is not as in the catalogue');
  if (typeof error.message !== 'string' || error.message === '') faults.push('no message');
  if ('details' in error && keysOf(error.details).length === 0) faults.push('details without anything in them');
  return faults;
}

/** All that was answered since the start, but the sandbox's own answers, keeps the rules and is described. */
export async function expectEveryAnswerKeptTheRules(server: Started): Promise<void> {
  const described = await describedBy(server);
  const ours = server.seen.filter(({ path }) => !path.startsWith('/sandbox'));
  expect(ours.length).toBeGreaterThan(3);
  expect(ours.flatMap(faultsOf)).toEqual([]);
  const undescribed = ours.flatMap(({ method, path, answer }) => {
    const route = routeOf(described, method, path);
    if (route === null) return [];
    const known = described.paths[route.slice(method.length + 1)]?.[method.toLowerCase()]?.responses[answer.status];
    return known === undefined ? [`${route} answered ${answer.status}`] : [];
  });
  expect([...new Set(undescribed)]).toEqual([]);
}
