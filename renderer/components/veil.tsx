// The dark behind a panel, apart from the panels: it is there before their file is.
import styles from './dialogs.module.css';

/** The page is darkened as soon as a panel is asked for, which answers the press while the panel is still being made. */
export function Veil() {
  return <div className={styles.backdrop} data-veil="" aria-hidden="true" />;
}
