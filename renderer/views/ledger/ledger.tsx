// The ledger: every credit in and out, newest first, and the way to the one entry that is looked for.
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { LedgerFilter } from '../../../shared/contract/ledger-views.ts';
import { wholeLedger } from '../../../shared/contract/whole-ledger.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Bones, Empty, Problem } from '../../components/surface.tsx';
import table from '../../components/table.module.css';
import type { FilteredRows } from '../../store/ledger-rows.ts';
import { HandedNote, useHanding } from '../invoices/handing.tsx';
import { OlderNote } from '../older-note.tsx';
import styles from './ledger.module.css';
import { LedgerFilterBar } from './ledger-filter.tsx';
import { LedgerGrid } from './ledger-grid.tsx';

const noChoices = { kinds: [], features: [], actors: [] };

export function LedgerScreen() {
  const { text, counter } = useParts();
  const { value, error, asking } = useCounter((state) => state.ledger);
  const choices = useCounter((state) => state.choices.value) ?? noChoices;
  const names = useMemo(() => new Map(choices.actors.map(({ actor, name }) => [actor, name])), [choices]);
  const [filter, setFilter] = useState(wholeLedger);
  const choose = useCallback(
    (next: LedgerFilter) => {
      setFilter(next);
      void counter.filterEntries(next);
    },
    [counter],
  );
  // What was chosen last is on its way; what is still there shows that it is something else.
  const old = value !== null && value.filter !== filter;
  useEffect(() => {
    // A filter of before would narrow the list unseen.
    void counter.filterEntries(wholeLedger);
    void counter.read('choices');
  }, [counter]);
  return (
    <>
      {error === null ? null : (
        <Problem error={error} stale={value !== null} onRetry={() => void counter.read('ledger')} />
      )}
      {(value === null ? error !== null : value.held === 0) ? null : (
        <LedgerFilterBar choices={choices} names={names} filter={filter} onChoose={choose} />
      )}
      <OlderNote />
      {value === null && error !== null ? null : (
        <section
          className={classes(table.sheet, styles.wrap, old && styles.old)}
          aria-label={text.ledger.title}
          aria-busy={asking}
        >
          <Shown rows={value} names={names} onAll={() => choose(wholeLedger)} />
        </section>
      )}
      {value === null || value.held === 0 ? null : <Foot rows={value} filter={filter} old={old} />}
    </>
  );
}

interface ShownProps {
  readonly rows: FilteredRows | null;
  readonly names: ReadonlyMap<string, string | null>;
  readonly onAll: () => void;
}

function Shown({ rows, names, onAll }: ShownProps) {
  const { text } = useParts();
  const { nothingFits } = text.ledgerList;
  if (rows === null) {
    return (
      <div className={styles.waiting}>
        <Bones lines={9} />
      </div>
    );
  }
  if (rows.held === 0) return <Empty title={text.ledger.empty.title} body={text.ledger.empty.body} />;
  if (rows.total === 0) {
    return (
      <Empty
        title={nothingFits.title}
        body={nothingFits.body}
        action={<Button onClick={onAll}>{nothingFits.action}</Button>}
      />
    );
  }
  return <LedgerGrid key={JSON.stringify(rows.filter)} rows={rows} names={names} />;
}

interface FootProps {
  readonly rows: FilteredRows;
  readonly filter: LedgerFilter;
  readonly old: boolean;
}

function Foot({ rows, filter, old }: FootProps) {
  const { text, format, counter } = useParts();
  const words = text.ledgerList;
  const [exported, setExported] = useState(0);
  const handing = useHanding('download', async () => {
    const result = await counter.exportEntries(filter);
    if (!result.ok) return result;
    setExported(result.value.rows);
    return { ok: true, value: result.value.file };
  });
  const done = words.export.done(exported, format.number(exported));
  const said = { saved: done, opened: done, download: `${done} ${words.export.downloading}`, tab: done };
  const whole = rows.total === rows.held;
  return (
    <div className={styles.foot}>
      <output className={classes(old && styles.old)}>
        {whole
          ? words.count(rows.held, format.number(rows.held))
          : words.countOf(format.number(rows.total), format.number(rows.held))}
      </output>
      <div className={styles.export}>
        <HandedNote handing={handing} said={said} />
        <Button disabled={rows.total === 0} busy={handing.busy} onClick={() => void handing.run()}>
          {handing.busy ? words.export.running : words.export.action}
        </Button>
      </div>
    </div>
  );
}
