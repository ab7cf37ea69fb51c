// One month of days to choose from. The days, their names and their keys are Cally's.
import 'cally';
import { type Ref, useEffect, useRef } from 'react';
import { businessDate } from '../../shared/plan/service-year.ts';
import { useDataTime, useParts } from '../app-parts.ts';
import styles from './date-field.module.css';
import { Icon } from './icon.tsx';
import { Hidden } from './surface.tsx';

interface Day extends HTMLElement {
  readonly value: string;
  /** Resolves when the days are there. */
  readonly updated: Promise<void>;
}

interface CalendarDate extends React.HTMLAttributes<HTMLElement> {
  readonly ref?: Ref<Day>;
  readonly value?: string | undefined;
  readonly today?: string;
  readonly locale?: string;
  readonly firstDayOfWeek?: number;
  readonly onchange?: (event: { readonly target: Day }) => void;
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'calendar-date': CalendarDate;
      'calendar-month': React.HTMLAttributes<HTMLElement>;
    }
  }
}

interface CalendarProps {
  /** `2026-11-22`; null for none. */
  readonly value: string | null;
  readonly onChoose: (date: string) => void;
}

/** Weeks begin with it in India. */
const sunday = 0;

export function Calendar({ value, onChoose }: CalendarProps) {
  const { text } = useParts();
  const { now } = useDataTime();
  const days = useRef<Day>(null);
  useEffect(() => {
    void days.current?.updated.then(() => days.current?.focus());
  }, []);
  return (
    <calendar-date
      ref={days}
      className={styles.days}
      locale={text.locale}
      today={businessDate(new Date(now))}
      firstDayOfWeek={sunday}
      value={value ?? undefined}
      onchange={({ target }) => onChoose(target.value)}
    >
      <span slot="previous">
        <Icon name="back" />
        <Hidden>{text.shell.date.previous}</Hidden>
      </span>
      <span slot="next">
        <Icon name="forth" />
        <Hidden>{text.shell.date.next}</Hidden>
      </span>
      <calendar-month className={styles.month} />
    </calendar-date>
  );
}
