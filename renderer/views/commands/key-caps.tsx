// Keys as they are written on a keyboard. Apart from the list of them, so that the frame of every screen loads no panel for it.
import styles from './commands.module.css';

export function Keys({ keys }: { readonly keys: readonly string[] }) {
  return (
    <span className={styles.keys}>
      {keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
