// Invoices and credit notes of the pharmacy, newest first, by financial year; with or without a network.
import { useEffect, useState } from 'react';
import type { DocumentFilter, DocumentPage } from '../../../shared/contract/document-views.ts';
import { useCounter, useOffline, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { SelectField } from '../../components/field.tsx';
import { Banner, Bones, Empty, Problem } from '../../components/surface.tsx';
import table from '../../components/table.module.css';
import { usePanels } from '../../panels.ts';
import { offlineSentence, yearName } from '../../text/document-words.ts';
import { DocumentTable } from './document-table.tsx';
import styles from './invoices.module.css';

const everything: DocumentFilter = { financialYear: null, kind: null };

export function InvoicesScreen() {
  const { text, counter } = useParts();
  const { value, error, asking } = useCounter((state) => state.documents);
  const [filter, setFilter] = useState(everything);
  const choose = (next: DocumentFilter) => {
    setFilter(next);
    void counter.filterDocuments(next);
  };
  // A filter of before would narrow the list unseen.
  useEffect(() => void counter.filterDocuments(everything), [counter]);
  // While it is being asked for most of it will be there: what stands above the list keeps its place.
  const nothing = value === null ? error !== null : value.held === 0;
  return (
    <>
      <Top none={nothing} />
      {error === null ? null : (
        <Problem error={error} stale={value !== null} onRetry={() => void counter.read('documents')} />
      )}
      {value === null ? null : <OfflineNote page={value} />}
      {nothing ? null : <Filter years={value?.years ?? []} filter={filter} onChoose={choose} />}
      {value === null && error !== null ? null : (
        <section
          className={classes(table.sheet, table.roomy)}
          aria-label={text.invoices.title}
          aria-busy={value === null && asking}
        >
          {value === null ? <Bones lines={7} /> : null}
          {value === null || value.items.length > 0 ? null : (
            <NothingHere page={value} onAll={() => choose(everything)} />
          )}
          {value === null || value.items.length === 0 ? null : <DocumentTable rows={value.items} />}
        </section>
      )}
      {value === null || value.items.length === 0 ? null : <Count page={value} busy={asking} />}
    </>
  );
}

function Top({ none }: { readonly none: boolean }) {
  const { text } = useParts();
  const panels = usePanels();
  return (
    <div className={styles.top}>
      <p>{text.invoices.lead}</p>
      {none ? null : (
        <div className={styles.actions}>
          <Button onClick={() => panels.open({ kind: 'profile' })}>{text.invoices.profileAction}</Button>
          <Button kind="primary" onClick={() => panels.open({ kind: 'export' })}>
            {text.invoices.exportAction}
          </Button>
        </div>
      )}
    </div>
  );
}

/** The last contact did not work: what of the list can be used all the same. */
function OfflineNote({ page }: { readonly page: DocumentPage }) {
  const parts = useParts();
  const connection = useCounter((state) => state.overview.value?.sync.connection ?? 'connecting');
  const { offline, mayBeMissing } = parts.text.invoices;
  const away = connection === 'offline' || connection === 'refused';
  if (!away || page.items.length === 0) return null;
  const missing = page.listedAt === null ? ` ${mayBeMissing}` : '';
  return <Banner tone="calm" title={offline.title} body={`${offlineSentence(parts, page.items)}${missing}`} />;
}

interface FilterProps {
  readonly years: DocumentPage['years'];
  readonly filter: DocumentFilter;
  readonly onChoose: (filter: DocumentFilter) => void;
}

function Filter({ years, filter, onChoose }: FilterProps) {
  const { text } = useParts();
  const words = text.invoices.filter;
  const kinds = ['invoice', 'credit_note'] as const;
  return (
    <search className={styles.filter} aria-label={words.label}>
      <SelectField
        label={words.year}
        value={filter.financialYear ?? ''}
        onChange={({ target }) => onChoose({ ...filter, financialYear: target.value === '' ? null : target.value })}
      >
        <option value="">{words.allYears}</option>
        {years.map((year) => (
          <option key={year} value={year}>
            {yearName({ text }, year)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={words.kind}
        value={filter.kind ?? ''}
        onChange={({ target }) => onChoose({ ...filter, kind: kinds.find((kind) => kind === target.value) ?? null })}
      >
        <option value="">{words.all}</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {words[kind]}
          </option>
        ))}
      </SelectField>
    </search>
  );
}

function NothingHere({ page, onAll }: { readonly page: DocumentPage; readonly onAll: () => void }) {
  const { text } = useParts();
  const panels = usePanels();
  const offline = useOffline();
  const { empty, notFetched, nothingFits, profileAction } = text.invoices;
  if (page.held > 0) {
    return (
      <Empty
        title={nothingFits.title}
        body={nothingFits.body}
        action={<Button onClick={onAll}>{nothingFits.action}</Button>}
      />
    );
  }
  const { title, body } = page.listedAt === null && offline ? notFetched : empty;
  const check = <Button onClick={() => panels.open({ kind: 'profile' })}>{profileAction}</Button>;
  return <Empty title={title} body={body} action={check} />;
}

function Count({ page, busy }: { readonly page: DocumentPage; readonly busy: boolean }) {
  const { text, format, counter } = useParts();
  const { count, countOf, more } = text.invoices;
  const shown = page.items.length;
  const whole = shown === page.total;
  return (
    <div className={styles.more}>
      {whole ? null : (
        <Button busy={busy} onClick={() => void counter.moreDocuments()}>
          {more}
        </Button>
      )}
      <output>
        {whole
          ? count(shown, format.number(shown))
          : countOf(page.total, format.number(shown), format.number(page.total))}
      </output>
    </div>
  );
}
