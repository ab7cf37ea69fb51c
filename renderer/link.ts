// A bridge that knows whether anybody is at its other end.
import type { Bridge } from '../shared/contract/frames.ts';

/** connecting: the first try is under way. up: calls go through. down: the counter program is away; trying again. */
export type Link = 'connecting' | 'up' | 'down';

export interface LinkedBridge extends Bridge {
  /** Calls back with the state now and at every change; returns how to stop. */
  readonly onLink: (listener: (link: Link) => void) => () => void;
}
