// What is printed on a tax document, to read on the screen: parties, lines, heads of tax, words, and what belongs to it.
import type { DocumentView } from '../../../shared/contract/document-views.ts';
import type { DocumentLine, TaxDocument } from '../../../shared/gst/document.ts';
import { rateText } from '../../../shared/gst/register.ts';
import type { StateCode } from '../../../shared/gst/states.ts';
import { useParts } from '../../app-parts.ts';
import { Fact, Facts, Total } from '../../components/facts.tsx';
import { Chip } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import { signedTotal, taxHeads } from '../../text/document-words.ts';
import styles from './invoices.module.css';

export function DocumentBody({ view }: { readonly view: DocumentView }) {
  const { text } = useParts();
  const { document, notes } = view;
  const words = text.invoices.panel;
  return (
    <>
      <Head document={document} />
      <Party
        title={words.buyer}
        name={document.buyer.legalName}
        address={`${document.buyer.address}, ${words.pin} ${document.buyer.pin}`}
        stateCode={document.buyer.stateCode}
        gstin={document.buyer.gstin}
      />
      <Party title={words.seller} {...document.seller} />
      <section aria-label={document.kind === 'invoice' ? words.lines : words.linesBack} className={styles.part}>
        <h3>{document.kind === 'invoice' ? words.lines : words.linesBack}</h3>
        {document.lines.map((line) => (
          <Line key={`${line.sac} ${line.description}`} line={line} />
        ))}
      </section>
      <Amounts document={document} />
      {notes.length === 0 ? null : <Notes notes={notes} />}
      <p className={styles.note}>
        {words.purchase}: {document.purchaseId}
      </p>
    </>
  );
}

function Head({ document }: { readonly document: TaxDocument }) {
  const { text, format } = useParts();
  const panels = usePanels();
  const { kinds, panel: words } = text.invoices;
  const { original } = document;
  return (
    <div className={styles.part}>
      <div className={styles.headline}>
        <strong className={styles.amount}>{signedTotal(format, document)}</strong>
        <Chip tone={document.kind === 'invoice' ? 'good' : 'warn'}>{kinds[document.kind]}</Chip>
      </div>
      <Facts>
        <Fact name={words.issued}>{format.calendarDate(document.issuedOn)}</Fact>
        <Fact name={words.year}>{document.financialYear}</Fact>
        {original === null ? null : (
          <Fact name={words.original}>
            <button
              type="button"
              className={styles.number}
              onClick={() => panels.open({ kind: 'document', id: original.id })}
            >
              {words.originalOf(original.number, format.calendarDate(original.issuedOn))}
            </button>
          </Fact>
        )}
        <Fact name={words.place}>{`${document.placeOfSupply}-${text.stateNames[document.placeOfSupply]}`}</Fact>
        <Fact name={words.reverseCharge}>{words.no}</Fact>
      </Facts>
    </div>
  );
}

interface PartyProps {
  readonly title: string;
  readonly name: string;
  readonly address: string;
  readonly stateCode: StateCode;
  readonly gstin: string | null;
}

function Party({ title, name, address, stateCode, gstin }: PartyProps) {
  const { text } = useParts();
  const words = text.invoices.panel;
  return (
    <section className={styles.part} aria-label={title}>
      <h3>{title}</h3>
      <p>
        <strong>{name}</strong>
        <br />
        {address}
      </p>
      <Facts>
        <Fact name={words.gstin}>{gstin ?? words.noGstin}</Fact>
        <Fact name={words.state}>{`${stateCode} ${text.stateNames[stateCode]}`}</Fact>
      </Facts>
    </section>
  );
}

function Line({ line }: { readonly line: DocumentLine }) {
  const { text, format } = useParts();
  const words = text.invoices.panel;
  return (
    <>
      <p>
        <strong lang="en">{line.description}</strong>
      </p>
      <Facts>
        <Fact name={words.sac}>{line.sac}</Fact>
        <Fact name={words.quantity}>{format.number(line.quantity)}</Fact>
        <Fact name={words.unit}>{format.exactRupees(line.unitPaise)}</Fact>
        <Fact name={words.rate}>{`${rateText(line.rateBp)}%`}</Fact>
      </Facts>
    </>
  );
}

function Amounts({ document }: { readonly document: TaxDocument }) {
  const parts = useParts();
  const { text, format } = parts;
  const words = text.invoices.panel;
  return (
    <div className={styles.part}>
      <Facts>
        <Fact name={words.taxable}>{format.exactRupees(document.taxablePaise)}</Fact>
        {taxHeads(parts, document).map(({ name, paise }) => (
          <Fact key={name} name={name}>
            {format.exactRupees(paise)}
          </Fact>
        ))}
        <Total name={document.kind === 'invoice' ? words.total : words.totalBack} note={document.totalInWords}>
          {format.exactRupees(document.totalPaise)}
        </Total>
      </Facts>
    </div>
  );
}

function Notes({ notes }: Pick<DocumentView, 'notes'>) {
  const { text, format } = useParts();
  const panels = usePanels();
  const words = text.invoices.panel;
  return (
    <section className={styles.part} aria-label={words.notes}>
      <h3>{words.notes}</h3>
      <Facts>
        {notes.map((note) => (
          <Fact key={note.id} name={format.calendarDate(note.issuedOn)}>
            <button
              type="button"
              className={styles.number}
              onClick={() => panels.open({ kind: 'document', id: note.id })}
            >
              {note.number}
            </button>{' '}
            {signedTotal(format, { kind: 'credit_note', totalPaise: note.totalPaise })}
          </Fact>
        ))}
      </Facts>
    </section>
  );
}
