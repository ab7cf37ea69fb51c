// When to look again while all is well. Push makes most looks unnecessary; these are for when it is silent.
import type { Random } from '../ports.ts';

/** While the user pays, the screen should follow within seconds; long unpaid ones need not be watched like that. */
const payingMs = 4_000;
export const payingFor = 15 * 60_000;
const withPushMs = 300_000;
/** With the way there and back, what is new is seen within 30 s. */
const withoutPushMs = { from: 12_000, to: 25_000 };

/**
 * pushed: the event stream has shown life. paying: a purchase is unpaid and was made or opened a short while ago.
 * dueInMs: when the next waiting purchase may be sent; null when there is none.
 */
export function nextLookMs(now: { pushed: boolean; paying: boolean; dueInMs: number | null }, random: Random): number {
  const idle = now.pushed ? withPushMs : withoutPushMs.from + random() * (withoutPushMs.to - withoutPushMs.from);
  const look = now.paying ? Math.min(payingMs, idle) : idle;
  return Math.max(1_000, Math.round(now.dueInMs === null ? look : Math.min(look, now.dueInMs)));
}
