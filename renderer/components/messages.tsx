// What the user is told: read out by screen readers, shown at the corner until dismissed.
import { useEffect } from 'react';
import { useCounter, useParts } from '../app-parts.ts';
import type { Message } from '../store/state.ts';
import { IconButton } from './button.tsx';
import { classes } from './classes.ts';
import styles from './messages.module.css';

/** Good news goes by itself; everything else stays until dismissed. */
const goodNewsMs = 12_000;

export function Messages() {
  const messages = useCounter((state) => state.messages);
  return (
    <output className={styles.area}>
      {messages.map((message) => (
        <MessageLine key={message.num} message={message} />
      ))}
    </output>
  );
}

function MessageLine({ message }: { readonly message: Message }) {
  const parts = useParts();
  const { dismiss } = parts.counter;
  const { tone, num, title, body } = message;
  useEffect(() => {
    if (tone !== 'good') return;
    const timer = setTimeout(() => dismiss(num), goodNewsMs);
    return () => clearTimeout(timer);
  }, [tone, num, dismiss]);
  return (
    <div className={classes(styles.message, styles[tone])}>
      <span>
        <strong>{title}</strong>
        <br />
        {body}
      </span>
      <IconButton icon="close" label={parts.text.shell.dismiss} onClick={() => dismiss(num)} />
    </div>
  );
}
