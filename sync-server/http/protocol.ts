// Which counters this server still, or already, understands. Asked before a token is: a counter that must be updated is told so
// whoever it is, and nothing that it sent is taken as refused for good.
import type { onRequestAsyncHookHandler } from 'fastify';
import { type ProtocolRange, protocolHeader } from '../../shared/contract/protocol.ts';
import { refuse } from '../verdict.ts';
import { sendRefusal } from './answers.ts';

export function requireProtocol({ oldest, newest }: ProtocolRange): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const said = request.headers[protocolHeader];
    if (said === undefined || !request.url.startsWith('/api/')) return undefined;
    const version = typeof said === 'string' && /^[0-9]{1,6}$/.test(said) ? Number(said) : 0;
    const isUnderstood = version >= oldest && version <= newest;
    return isUnderstood ? undefined : sendRefusal(reply, refuse('protocol_unsupported', { oldest, newest }));
  };
}
