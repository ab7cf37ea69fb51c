// What a language has to say for the desktop shell, outside of its window.
import type { CannotStartCode } from '../cannot-start.ts';

export interface ShellWords {
  readonly locale: string;
  readonly time: Intl.DateTimeFormatOptions;
  readonly name: string;
  readonly menu: { readonly open: string; readonly sync: string; readonly quit: string };
  readonly notSetUp: string;
  readonly removed: string;
  readonly credits: (n: string) => string;
  readonly creditsLow: (n: string) => string;
  readonly creditsOut: string;
  /** left: days until due, in the grace until the lapse. Active needs no words. */
  readonly plan: Readonly<Record<'none' | 'due_soon' | 'past_due' | 'lapsed', (left: number) => string>>;
  readonly lastKnown: (line: string) => string;
  readonly online: (at: string) => string;
  readonly offline: (at: string) => string;
  readonly connecting: (at: string) => string;
  readonly notAccepted: (at: string) => string;
  readonly noData: string;
  /** place: the folder or file that it is about. */
  readonly cannotStart: { readonly title: string; readonly unknown: (reason: string) => string } & Readonly<
    Record<CannotStartCode, (place: string) => string>
  >;
}
