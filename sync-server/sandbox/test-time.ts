// Owns what a person may do to time on the operator page: read it, and move it forward. Whose time it is, and what is done
// when it has moved, is the host's affair; without a clock that can be moved there is none of this on the page.

import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { Refusal } from './refusal.ts';

const ZONE = 'Asia/Kolkata';

/** Something that will happen by the calendar, to jump to. */
export interface Moment {
  /** `Asha Medicals: renewal due`. */
  readonly title: string;
  readonly at: Date;
}

export interface TestTime {
  now(): Date;
  /** Moves the time and does all that falls due; false, and nothing done, when that lies before now. */
  moveTo(to: Date): Promise<boolean>;
  /** What lies ahead, soonest first. */
  moments(): Promise<readonly Moment[]>;
}

export const steps = ['hour', 'day', 'month', 'year'] as const;
type Step = (typeof steps)[number];

/** A step from now, an instant, or date and time as India's clocks show them (`2027-11-22T00:00`, seconds optional). */
export const movePressed = z.object({
  do: z.literal('clock'),
  by: z.enum(steps).optional(),
  at: z.iso.datetime({ offset: true }).optional(),
  to: z.string().max(30).optional(),
});
type Move = z.infer<typeof movePressed>;

export async function moveTime(time: TestTime | undefined, move: Move): Promise<void> {
  if (time === undefined) throw new Refusal('This clock cannot be moved: the server runs without TEST_CLOCK.');
  if (!(await time.moveTo(targetOf(move, time.now())))) {
    throw new Refusal('The test clock never goes back: choose a later time.');
  }
}

function targetOf({ by, at, to }: Move, now: Date): Date {
  if (by !== undefined) return later(now, by);
  if (at !== undefined) return new Date(at);
  try {
    return new Date(Temporal.PlainDateTime.from(to ?? '').toZonedDateTime(ZONE).epochMilliseconds);
  } catch {
    throw new Refusal('That is no date and time.');
  }
}

/** By India's calendar: a month after 31 January is the last day of February. */
function later(now: Date, by: Step): Date {
  const here = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(ZONE);
  return new Date(here.add({ [`${by}s`]: 1 }, { overflow: 'constrain' }).epochMilliseconds);
}

/** As a date field takes it, to the second. */
export function inField(instant: Date): string {
  const here = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(ZONE);
  return here.toPlainDateTime().toString({ smallestUnit: 'second' });
}
