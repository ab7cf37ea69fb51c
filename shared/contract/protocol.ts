// The version of what server and counter say to each other, sent by the counter as `X-Protocol-Version`.
//
// History
// 1  devices, billing, credits, feed and events as first released
export const protocolVersion = 1;
/** The oldest counter that this server still understands. */
export const oldestProtocolVersion = 1;

export interface ProtocolRange {
  readonly oldest: number;
  readonly newest: number;
}
/** What this server understands. */
export const understood: ProtocolRange = { oldest: oldestProtocolVersion, newest: protocolVersion };

/** What a counter sends its version in; whoever sends none is taken as it is. */
export const protocolHeader = 'x-protocol-version';
