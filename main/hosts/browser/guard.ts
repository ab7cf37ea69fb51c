// Who may talk to a counter on 127.0.0.1: a page that this very host served, holding this counter's token. Any web page in
// the world can make a browser knock here, so Host (against rebinding), Origin (against other pages) and token (against
// other programs' pages on other ports) are all checked. Pure, so that a table of attacks can test it.
import { createHash, timingSafeEqual } from 'node:crypto';

/** The WebSocket's sub-protocol, said by both sides. The token rides beside it: a page can set no header of its own. */
export const bridgeProtocol = 'pharmapulse.v1';
const tokenPrefix = 'token.';

export function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

export interface Knock {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-WebSocket-Protocol` as sent. */
  readonly protocols: string | undefined;
}

export function mayBridge(knock: Knock, port: number, token: string): boolean {
  if (!isOwnHost(knock.host, port) || knock.origin !== `http://${knock.host}`) return false;
  const said = (knock.protocols ?? '').split(',').map((protocol) => protocol.trim());
  const given = said.find((protocol) => protocol.startsWith(tokenPrefix))?.slice(tokenPrefix.length);
  return said.includes(bridgeProtocol) && given !== undefined && same(given, token);
}

/** In constant time, whatever the lengths. */
function same(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
