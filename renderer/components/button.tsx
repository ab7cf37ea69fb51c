// A button. While busy it keeps the focus and ignores presses, so that a double click does one thing.
import type { ComponentPropsWithRef } from 'react';
import styles from './button.module.css';
import { classes } from './classes.ts';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'className' | 'type'> {
  /** danger: asks whether to take something away; remove: does it. */
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger' | 'remove';
  readonly type?: 'button' | 'submit';
  readonly small?: boolean;
  readonly wide?: boolean;
  /** It ends a row: for quiet and danger, which have words and nothing around them. */
  readonly last?: boolean;
  readonly busy?: boolean;
}

export function Button(props: ButtonProps) {
  const { kind = 'plain', type = 'button', small, wide, last, busy, onClick, ...rest } = props;
  const look = classes(
    ...[styles.button, styles[kind], small && styles.small, wide && styles.wide, last && styles.last],
  );
  return (
    <button {...rest} type={type} className={look} aria-disabled={busy || undefined} onClick={busy ? hold : onClick} />
  );
}

function hold(event: { readonly preventDefault: () => void }) {
  event.preventDefault();
}

interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'className' | 'type' | 'children'> {
  readonly icon: IconName;
  readonly label: string;
}

export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return (
    <button {...rest} type="button" aria-label={label} className={classes(styles.button, styles.quiet, styles.icon)}>
      <Icon name={icon} />
    </button>
  );
}
