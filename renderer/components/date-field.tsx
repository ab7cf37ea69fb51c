// A calendar date, typed as it is written in India or chosen from a calendar: a browser's own field for dates speaks the browser's
// language and puts the month first where that is American, whatever language the counter was told to speak.
import { type KeyboardEvent, Suspense, useRef, useState } from 'react';
import { useParts } from '../app-parts.ts';
import { dateOf, dateTyped } from '../text/typed.ts';
import { classes } from './classes.ts';
import styles from './date-field.module.css';
import { part } from './fetched-part.tsx';
import fieldStyles from './field.module.css';
import { Around, useFieldIds } from './field.tsx';
import { Icon } from './icon.tsx';

const Calendar = part(async () => (await import('./calendar.tsx')).Calendar);

interface DateFieldProps {
  readonly label: string;
  /** `2026-11-22`; null for none. */
  readonly value: string | null;
  readonly fault?: string | undefined;
  /** Null while nothing, or nothing that is a day, is typed. */
  readonly onChoose: (date: string | null) => void;
}

export function DateField({ label, value, fault, onChoose }: DateFieldProps) {
  const words = useParts().text.shell.date;
  const field = useRef<HTMLInputElement>(null);
  const { typed, unread, type, settle, put } = useTyped(value, onChoose);
  const shared = { label, fault: unread ? words.fault : fault };
  const { id, control } = useFieldIds(shared);
  const choose = (date: string) => {
    put(date);
    field.current?.focus();
  };
  return (
    <Around id={id} shared={shared}>
      <div className={styles.date}>
        <input
          {...control}
          ref={field}
          className={classes(fieldStyles.input, styles.typed)}
          inputMode="numeric"
          autoComplete="off"
          placeholder={words.hint}
          maxLength={40}
          value={typed}
          onChange={({ target }) => type(target.value)}
          onBlur={settle}
          onKeyDown={({ key }) => (key === 'Enter' ? settle() : undefined)}
        />
        <CalendarButton id={`${id}-calendar`} label={label} value={value} onChoose={choose} />
      </div>
    </Around>
  );
}

/** What is typed, and the day that it means. unread: the field was left, and what stands in it is no day. */
function useTyped(value: string | null, onChoose: DateFieldProps['onChoose']) {
  const [typed, setTyped] = useState(dateTyped(value ?? ''));
  const [left, setLeft] = useState(false);
  const meant = dateOf(typed);
  // Chosen or taken away from elsewhere: what was typed goes with it.
  if (meant !== null && meant !== value) setTyped(dateTyped(value ?? ''));
  const put = (date: string) => {
    setTyped(dateTyped(date));
    if (date !== value) onChoose(date);
  };
  return {
    typed,
    unread: left && typed.trim() !== '' && meant === null,
    type: (text: string) => {
      setTyped(text);
      onChoose(dateOf(text));
    },
    settle: () => {
      const whole = dateOf(typed, true);
      setLeft(true);
      if (whole !== null) put(whole);
    },
    put,
  };
}

type CalendarButtonProps = Pick<DateFieldProps, 'label' | 'value'> & {
  readonly id: string;
  readonly onChoose: (date: string) => void;
};

/** Opens a calendar over the screen. That it closes again when something else is pressed, the browser sees to. */
function CalendarButton({ id, label, value, onChoose }: CalendarButtonProps) {
  const words = useParts().text.shell.date;
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const over = useRef<HTMLDivElement>(null);
  // Of what lies over the screen, Escape closes the uppermost alone.
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    event.preventDefault();
    over.current?.hidePopover();
    opener.current?.focus();
  };
  const choose = (date: string) => {
    over.current?.hidePopover();
    onChoose(date);
  };
  return (
    <>
      <button
        ref={opener}
        type="button"
        className={styles.open}
        aria-label={words.calendar(label)}
        aria-haspopup="dialog"
        popoverTarget={id}
      >
        <Icon name="calendar" size={18} />
      </button>
      <div
        ref={over}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        className={styles.calendar}
        onToggle={({ newState }) => setOpen(newState === 'open')}
        onKeyDown={keys}
      >
        {open ? (
          <Suspense>
            <Calendar value={value} onChoose={choose} />
          </Suspense>
        ) : null}
      </div>
    </>
  );
}
