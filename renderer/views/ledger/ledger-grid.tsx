// Rows of the ledger, the newest on top. Only those in sight are in the page, however many there are; the table says how many
// that is. Each row opens its entry by a button, and keys move from button to button through all of them.
import { memo, useLayoutEffect, useRef } from 'react';
import type { LedgerEntryView } from '../../../shared/contract/ledger-views.ts';
import { useParts } from '../../app-parts.ts';
import { classes } from '../../components/classes.ts';
import { usePanels } from '../../panels.ts';
import { type LedgerRows, rowAt } from '../../store/ledger-rows.ts';
import { type ActorNames, actorName, entryDetail, entryName } from '../../text/entry-words.ts';
import styles from './ledger.module.css';
import { useGrid } from './use-grid.ts';

interface GridProps {
  readonly rows: LedgerRows;
  readonly names: ActorNames;
}

export function LedgerGrid({ rows, names }: GridProps) {
  const { text } = useParts();
  const grid = useGrid(rows.total);
  return (
    <div ref={grid.scroller} className={styles.scroller}>
      <table className={styles.grid} aria-label={text.ledger.caption} aria-rowcount={rows.total + 1}>
        <HeadRow />
        <tbody className={styles.bodyRows} style={{ height: grid.height }} onKeyDown={grid.onKeyDown}>
          {grid.shown.map(({ index, start }) => {
            const number = rows.total - index;
            return (
              <Row
                key={number}
                index={index}
                start={start}
                number={number}
                entry={rowAt(rows, number)}
                names={names}
                reached={grid.reached === number}
                takeFocus={grid.takesFocus(number)}
                onReach={grid.reach}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function HeadRow() {
  const { text } = useParts();
  const { columns } = text.ledger;
  return (
    <thead className={styles.headRows}>
      <tr className={styles.row} aria-rowindex={1}>
        <th scope="col" className={styles.date}>
          {columns.date}
        </th>
        <th scope="col">{columns.what}</th>
        <th scope="col" className={styles.by}>
          {text.ledgerList.entry.by}
        </th>
        <th scope="col" className={styles.right}>
          {columns.credits}
        </th>
        <th scope="col" className={styles.right}>
          {columns.balance}
        </th>
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly index: number;
  readonly start: number;
  readonly number: number;
  /** Undefined while it is asked for. */
  readonly entry: LedgerEntryView | undefined;
  readonly names: ActorNames;
  /** The one row that Tab comes to. */
  readonly reached: boolean;
  /** A key has brought the user here. */
  readonly takeFocus: boolean;
  readonly onReach: (number: number) => void;
}

const Row = memo(function Row({ index, start, number, entry, names, reached, takeFocus, onReach }: RowProps) {
  const parts = useParts();
  const { text, format } = parts;
  const panels = usePanels();
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (takeFocus) button.current?.focus({ preventScroll: true });
  }, [takeFocus]);
  return (
    <tr
      className={classes(styles.row, styles.entry)}
      style={{ transform: `translateY(${start}px)` }}
      aria-rowindex={index + 2}
    >
      <td className={styles.date}>{entry === undefined ? null : format.dateTime(entry.occurredAt)}</td>
      <th scope="row">
        <button
          ref={button}
          type="button"
          tabIndex={reached ? 0 : -1}
          className={styles.open}
          onFocus={() => onReach(number)}
          onClick={() => (entry === undefined ? undefined : panels.open({ kind: 'entry', entry }))}
        >
          {entry === undefined ? text.ledgerList.loadingRow : entryName(parts, entry)}
        </button>
        <span className={styles.small}>{entry === undefined ? null : entryDetail(parts, entry)}</span>
      </th>
      <td className={classes(styles.by, styles.small)}>
        {entry === undefined ? null : actorName(parts, names, entry.actor)}
      </td>
      <td className={classes(styles.right, entry !== undefined && entry.delta > 0 ? styles.in : styles.out)}>
        {entry === undefined ? null : format.signed(entry.delta)}
      </td>
      <td className={styles.right}>{entry === undefined ? null : format.number(entry.balanceAfter)}</td>
    </tr>
  );
});
