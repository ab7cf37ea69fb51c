// A whole number between two bounds, by buttons, arrow keys or typing.
import { NumberField } from '@base-ui/react/number-field';
import { useId } from 'react';
import { Icon } from './icon.tsx';
import styles from './stepper.module.css';

interface StepperProps {
  readonly label: string;
  readonly hint: string;
  readonly fewer: string;
  readonly more: string;
  readonly value: number;
  readonly most: number;
  readonly onChange: (value: number) => void;
}

export function Stepper({ label, hint, fewer, more, value, most, onChange }: StepperProps) {
  const id = useId();
  return (
    <NumberField.Root
      id={id}
      className={styles.root}
      value={value}
      min={1}
      max={most}
      onValueChange={(next) => (next === null ? undefined : onChange(Math.trunc(next)))}
    >
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <NumberField.Group className={styles.group}>
        <NumberField.Decrement className={styles.step} aria-label={fewer}>
          <Icon name="minus" />
        </NumberField.Decrement>
        <NumberField.Input data-first="" className={styles.input} aria-describedby={`${id}-hint`} />
        <NumberField.Increment className={styles.step} aria-label={more}>
          <Icon name="plus" />
        </NumberField.Increment>
      </NumberField.Group>
      <p id={`${id}-hint`} className={styles.hint}>
        {hint}
      </p>
    </NumberField.Root>
  );
}
