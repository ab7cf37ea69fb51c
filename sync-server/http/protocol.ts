// Which counters this server still, or already, understands. Asked before a token is: a counter that must be updated is told so
// whoever it is, and nothing that it sent is taken as refused for good.
import type { onRequestAsyncHookHandler } from 'fastify';
import { oldestProtocolVersion, protocolHeader, protocolVersion } from '../../shared/contract/protocol.ts';
import { refuse } from '../verdict.ts';
import { sendRefusal } from './answers.ts';

const range = { oldest: oldestProtocolVersion, newest: protocolVersion };

export const requireProtocol: onRequestAsyncHookHandler = async (request, reply) => {
  const said = request.headers[protocolHeader];
  if (said === undefined || !request.url.startsWith('/api/')) return undefined;
  const version = typeof said === 'string' && /^[0-9]{1,6}$/.test(said) ? Number(said) : 0;
  const understood = version >= range.oldest && version <= range.newest;
  return understood ? undefined : sendRefusal(reply, refuse('protocol_unsupported', range));
};
