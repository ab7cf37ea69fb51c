// The plain pieces that screens are built of: card, chip, banner, problem, emptiness and the bones shown while loading.
import { type ReactNode, useId } from 'react';
import type { Refusal } from '../../shared/contract/result.ts';
import { useCounter, useParts } from '../app-parts.ts';
import { explain } from '../text/explain.ts';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';
import styles from './surface.module.css';

export type Tone = 'calm' | 'good' | 'warn' | 'bad';

interface CardProps {
  readonly title: string;
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}

export function Card({ title, beside, children }: CardProps) {
  const id = useId();
  return (
    <section className={styles.card} aria-labelledby={id}>
      <div className={styles.cardHead}>
        <h2 id={id}>{title}</h2>
        {beside}
      </div>
      {children}
    </section>
  );
}

export function Chip({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return <span className={classes(styles.chip, styles[tone])}>{children}</span>;
}

interface BannerProps {
  readonly tone: 'calm' | 'warn' | 'bad';
  readonly title: string;
  readonly body: ReactNode;
  readonly action?: ReactNode;
}

export function Banner({ tone, title, body, action }: BannerProps) {
  const id = useId();
  return (
    <section className={classes(styles.banner, styles[tone])} aria-labelledby={id}>
      <span className={styles.bannerIcon}>
        <Icon name={tone === 'calm' ? 'info' : 'alert'} size={22} />
      </span>
      <div className={styles.bannerText}>
        <h2 id={id}>{title}</h2>
        <p>{body}</p>
      </div>
      {action}
    </section>
  );
}

interface ProblemProps {
  readonly error: Refusal;
  readonly onRetry?: (() => void) | undefined;
  /** True while older data stays visible below. */
  readonly stale?: boolean;
}

/** Nothing is wrong but the network. */
const awayCodes = ['offline', 'not_held', 'documents_missing'];

export function Problem({ error, onRetry, stale = false }: ProblemProps) {
  const { text } = useParts();
  const isAway = useCounter((state) => state.link === 'down');
  const { sentence, nextStep } = explain(text, error.code);
  // The banner above every screen says it already, and that what is shown is from before.
  if (isAway && stale && error.code === 'counter_away') return null;
  return (
    <div
      className={classes(styles.problem, awayCodes.includes(error.code) && styles.warn)}
      role="alert"
      data-code={error.code}
    >
      <div className={styles.problemText}>
        <strong>{sentence}</strong> {nextStep} {stale ? text.shell.olderData : null}
      </div>
      {onRetry === undefined ? null : (
        <Button small onClick={onRetry}>
          {text.shell.retry}
        </Button>
      )}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly body: string;
  readonly action?: ReactNode;
}

export function Empty({ title, body, action }: EmptyProps) {
  return (
    <div className={styles.empty}>
      <h2>{title}</h2>
      <p>{body}</p>
      {action}
    </div>
  );
}

/** Bars where lines of text will be. */
export function Bones({ lines, big = false }: { readonly lines: number; readonly big?: boolean }) {
  const { text } = useParts();
  const rows = Array.from({ length: lines }, (_, index) => `line ${index}`);
  return (
    <div className={styles.bones}>
      <output className={styles.hidden}>{text.shell.loading}</output>
      {big ? <span className={classes(styles.bone, styles.big)} /> : null}
      {rows.map((row, index) => (
        <span key={row} className={classes(styles.bone, index % 3 === 2 && styles.short)} />
      ))}
    </div>
  );
}

export function Hidden({ children }: { readonly children: ReactNode }) {
  return <span className={styles.hidden}>{children}</span>;
}
