// Whose program this is: mark and name.
import { useParts } from '../app-parts.ts';
import styles from './brand.module.css';
import { Icon } from './icon.tsx';

export function Brand() {
  const { text } = useParts();
  return (
    <div className={styles.brand}>
      <span className={styles.mark}>
        <Icon name="pulse" size={24} />
      </span>
      <span>
        <b>{text.shell.product}</b>
        <span>{text.shell.section}</span>
      </span>
    </div>
  );
}
