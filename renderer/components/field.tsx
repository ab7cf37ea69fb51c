// A labelled field with its hint and its fault, tied together for screen readers.
import { type ComponentPropsWithRef, useId } from 'react';
import { useParts } from '../app-parts.ts';
import { classes } from './classes.ts';
import styles from './field.module.css';

/** What every field has. */
export interface Shared {
  readonly label: string;
  readonly optional?: boolean;
  readonly hint?: string | undefined;
  /** Worth a second look, and no fault. */
  readonly warning?: string | undefined;
  readonly fault?: string | undefined;
}

export function useFieldIds({ hint, warning, fault }: Shared) {
  const id = useId();
  const described = [hint && `${id}-hint`, warning && `${id}-warning`, fault && `${id}-fault`]
    .filter(Boolean)
    .join(' ');
  return { id, control: { id, 'aria-invalid': fault !== undefined, 'aria-describedby': described || undefined } };
}

/** Its label above it, and what is to be said of it below. */
export function Around({
  id,
  shared,
  children,
}: {
  readonly id: string;
  readonly shared: Shared;
  readonly children: React.ReactNode;
}) {
  const { text } = useParts();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {shared.label} {shared.optional ? <span className={styles.optional}>{text.activation.optional}</span> : null}
      </label>
      {children}
      {shared.hint ? (
        <p id={`${id}-hint`} className={styles.hint}>
          {shared.hint}
        </p>
      ) : null}
      {shared.warning ? (
        <p id={`${id}-warning`} className={styles.warning}>
          {shared.warning}
        </p>
      ) : null}
      {shared.fault ? (
        <p id={`${id}-fault`} className={styles.fault}>
          {shared.fault}
        </p>
      ) : null}
    </div>
  );
}

type InputProps = Shared & Omit<ComponentPropsWithRef<'input'>, 'id' | 'className'> & { readonly code?: boolean };

export function TextField({ label, optional = false, hint, warning, fault, code = false, ...rest }: InputProps) {
  const shared = { label, optional, hint, warning, fault };
  const { id, control } = useFieldIds(shared);
  return (
    <Around id={id} shared={shared}>
      <input {...rest} {...control} className={classes(styles.input, code && styles.code)} />
    </Around>
  );
}

type AreaProps = Shared & Omit<ComponentPropsWithRef<'textarea'>, 'id' | 'className'>;

export function TextArea({ label, optional = false, hint, warning, fault, ...rest }: AreaProps) {
  const shared = { label, optional, hint, warning, fault };
  const { id, control } = useFieldIds(shared);
  return (
    <Around id={id} shared={shared}>
      <textarea {...rest} {...control} className={styles.input} />
    </Around>
  );
}

type SelectProps = Shared & Omit<ComponentPropsWithRef<'select'>, 'id' | 'className'>;

export function SelectField({ label, optional = false, hint, warning, fault, ...rest }: SelectProps) {
  const shared = { label, optional, hint, warning, fault };
  const { id, control } = useFieldIds(shared);
  return (
    <Around id={id} shared={shared}>
      <select {...rest} {...control} className={styles.input} />
    </Around>
  );
}
