// Owns the reading of an amount that a person typed in rupees: `250` or `2500.50`, into whole paise, without ever being a
// fraction on the way.

import { Refusal } from './refusal.ts';

export function paiseOf(typed: string): number {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(typed.replaceAll(/[\s,₹]/g, ''));
  if (match === null) throw new Refusal(`${typed} is not an amount in rupees`);
  return Number(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`);
}
