// The table of documents. The number opens the document, so that there is one thing to press in each row.
import type { DocumentRow } from '../../../shared/contract/document-views.ts';
import { useOffline, useParts } from '../../app-parts.ts';
import { classes } from '../../components/classes.ts';
import { Chip, Hidden } from '../../components/surface.tsx';
import table from '../../components/table.module.css';
import { usePanels } from '../../panels.ts';
import { signedTotal, soldName } from '../../text/document-words.ts';
import styles from './invoices.module.css';

export function DocumentTable({ rows }: { readonly rows: readonly DocumentRow[] }) {
  const { text } = useParts();
  const offline = useOffline();
  // Where none has its PDF, the sentence above the table says it once for all.
  const mark = offline && rows.some(({ pdfHeld }) => pdfHeld);
  const { caption, columns } = text.invoices;
  return (
    <table className={classes(table.table, styles.table)}>
      <caption>
        <Hidden>{caption}</Hidden>
      </caption>
      <thead>
        <tr>
          <th scope="col">{columns.number}</th>
          <th scope="col">{columns.date}</th>
          <th scope="col">{columns.what}</th>
          <th scope="col">{columns.gstin}</th>
          <th scope="col" className={table.right}>
            {columns.total}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} mark={mark} />
        ))}
      </tbody>
    </table>
  );
}

/** mark: says of a document whose PDF is not here that it is not. */
function Row({ row, mark }: { readonly row: DocumentRow; readonly mark: boolean }) {
  const parts = useParts();
  const { text, format } = parts;
  const panels = usePanels();
  const { kinds, noGstin, open, pdfMissing, takesBack, unknown } = text.invoices;
  const note = row.kind === 'credit_note';
  return (
    <tr>
      <th scope="row">
        {row.kind === 'unknown' ? (
          row.number
        ) : (
          <button
            type="button"
            className={styles.number}
            aria-label={open(kinds[row.kind].toLowerCase(), row.number)}
            onClick={() => panels.open({ kind: 'document', id: row.id })}
          >
            {row.number}
          </button>
        )}
      </th>
      <td className={styles.date}>{format.calendarDate(row.issuedOn)}</td>
      <td className={styles.what}>
        {row.kind === 'unknown' ? unknown : soldName(parts, row.what)}
        {note ? (
          <span className={styles.small}>
            <Chip tone="warn">{kinds.credit_note}</Chip>{' '}
            {row.originalNumber === null ? null : takesBack(row.originalNumber)}
          </span>
        ) : null}
        {mark && !row.pdfHeld && row.kind !== 'unknown' ? <span className={styles.small}>{pdfMissing}</span> : null}
      </td>
      <td className={styles.gstin}>{row.kind === 'unknown' ? '–' : (row.buyerGstin ?? noGstin)}</td>
      <td className={classes(table.right, styles.sum, note && styles.back)}>{signedTotal(format, row)}</td>
    </tr>
  );
}
