// What just happened to purchases: read out by screen readers, shown at the corner until dismissed.
import { useEffect } from 'react';
import { useCounter, useParts } from '../app-parts.ts';
import type { Message } from '../store/state.ts';
import { messageSentence } from '../text/purchase-words.ts';
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
  const { kind, num } = message;
  useEffect(() => {
    if (kind !== 'paid') return;
    const timer = setTimeout(() => dismiss(num), goodNewsMs);
    return () => clearTimeout(timer);
  }, [kind, num, dismiss]);
  return (
    <div className={classes(styles.message, styles[kind])}>
      <span>{messageSentence(parts, message)}</span>
      <IconButton icon="close" label={parts.text.shell.dismiss} onClick={() => dismiss(num)} />
    </div>
  );
}
