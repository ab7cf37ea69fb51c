// Owns what the API's routes read of a request besides its body: ids in the path, pages of a list, and up to when a list is
// complete under the lag switches.

import { z } from 'zod';
import type { SecondsName } from './faults.ts';
import { unixSeconds } from './ids.ts';
import type { SandboxParts } from './parts.ts';

export const page = z.object({
  count: z.coerce.number().int().min(1).max(100).default(10).catch(10),
  skip: z.coerce.number().int().min(0).default(0).catch(0),
});
export const timedPage = page.extend({
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
});

const idParams = z.object({ id: z.string() });
export const idOf = (request: { params: unknown }): string => idParams.parse(request.params).id;

/** Unix seconds, or undefined when the switch is off. */
export function completeUntil({ clock, faults }: SandboxParts, name: SecondsName): number | undefined {
  const lag = faults.seconds(name);
  return lag === 0 ? undefined : unixSeconds(clock) - lag;
}

/** The earlier of what was asked for and what the list has. */
export function until(parts: SandboxParts, name: SecondsName, asked: number | undefined): number | undefined {
  const complete = completeUntil(parts, name);
  return complete === undefined ? asked : Math.min(complete, asked ?? complete);
}
