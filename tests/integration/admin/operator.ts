// A server with an operator's token, and what a test asks of it in the operator's name.
import type { VerifyAnswer } from '../../../shared/contract/admin.ts';
import { type Answer, type PlayedClock, type RequestOptions, type Started, started } from '../server/started.ts';

export const adminToken = 'operator-token-ø-of-the-test';

export interface Operated {
  readonly server: Started;
  ask<T = unknown>(method: string, path: string, options?: Omit<RequestOptions, 'token'>): Promise<Answer<T>>;
  verify(orgId?: string): Promise<VerifyAnswer>;
}

/** Header bytes are Latin-1: a token of other letters is sent as UTF-8. */
export const bearer = (token: string): string => `Bearer ${Buffer.from(token, 'utf8').toString('latin1')}`;

export async function operated(env: Record<string, string> = {}, clock?: PlayedClock): Promise<Operated> {
  const server = await started({ ADMIN_TOKEN: adminToken, ...env }, clock);
  const ask = <T>(method: string, path: string, options: Omit<RequestOptions, 'token'> = {}) =>
    server.request<T>(method, path, { ...options, headers: { ...options.headers, authorization: bearer(adminToken) } });
  return {
    server,
    ask,
    verify: async (orgId) => {
      const answer = await ask<VerifyAnswer>('GET', `/api/admin/verify${orgId === undefined ? '' : `?org=${orgId}`}`);
      if (answer.status !== 200) throw new Error(`verify: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
  };
}
