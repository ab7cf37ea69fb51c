// A whole number between two bounds, by buttons, arrow keys or typing. What is typed stays as it is typed, with what is wrong in it
// said beside it: a number that was put right unasked would be bought unasked.
import { type KeyboardEvent, useId, useState } from 'react';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';
import styles from './stepper.module.css';

interface StepperProps {
  readonly label: string;
  readonly hint: string;
  /** Said when what is typed is no number between 1 and `most`. */
  readonly fault: string;
  readonly fewer: string;
  readonly more: string;
  /** Null while what is typed is no such number. */
  readonly value: number | null;
  readonly most: number;
  /** From what is typed to the number that it means; null where it means none. */
  readonly read: (typed: string) => number | null;
  readonly onChange: (value: number | null) => void;
}

const stepOf: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 };

export function Stepper({ label, hint, fault, fewer, more, value, most, read, onChange }: StepperProps) {
  const id = useId();
  const [typed, setTyped] = useState(String(value ?? ''));
  // From a number that cannot be, the next step leads to one that can.
  const near = Math.min(most, Math.max(1, read(typed) ?? 1));
  const put = (next: number) => {
    const within = Math.min(most, Math.max(1, next));
    setTyped(String(within));
    onChange(within);
  };
  const step = (by: number) => put(value === null ? near : value + by);
  const type = (text: string) => {
    setTyped(text);
    const meant = read(text);
    onChange(meant !== null && meant >= 1 && meant <= most ? meant : null);
  };
  const keys = (event: KeyboardEvent) => {
    const by = stepOf[event.key];
    if (by === undefined) return;
    event.preventDefault();
    step(by);
  };
  const wrong = value === null;
  return (
    <div className={styles.root}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.group}>
        <button
          type="button"
          className={styles.step}
          aria-label={fewer}
          disabled={value !== null && value <= 1}
          onClick={() => step(-1)}
        >
          <Icon name="minus" />
        </button>
        <input
          id={id}
          data-first=""
          inputMode="numeric"
          autoComplete="off"
          className={styles.input}
          value={typed}
          aria-invalid={wrong}
          aria-describedby={`${id}-hint`}
          onChange={(event) => type(event.target.value)}
          onKeyDown={keys}
        />
        <button
          type="button"
          className={styles.step}
          aria-label={more}
          disabled={value !== null && value >= most}
          onClick={() => step(1)}
        >
          <Icon name="plus" />
        </button>
      </div>
      <p id={`${id}-hint`} className={classes(styles.hint, wrong && styles.fault)} aria-live="polite">
        {wrong ? fault : hint}
      </p>
    </div>
  );
}
