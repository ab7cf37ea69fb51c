// One entry whole: what a row has no room for.
import { useMemo } from 'react';
import type { LedgerEntryView } from '../../../shared/contract/ledger-views.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { SidePanel } from '../../components/dialogs.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { usePanels } from '../../panels.ts';
import { actorName, entryName, featureName, kindName } from '../../text/entry-words.ts';
import styles from './ledger.module.css';

export function EntryPanel({ entry }: { readonly entry: LedgerEntryView }) {
  const parts = useParts();
  const { text, format } = parts;
  const panels = usePanels();
  const words = text.ledgerList.entry;
  const actors = useCounter((state) => state.choices.value?.actors);
  const names = useMemo(() => new Map((actors ?? []).map(({ actor, name }) => [actor, name])), [actors]);
  const { reference, feature, more = [] } = entry;
  return (
    <SidePanel
      reading
      title={words.title(format.number(entry.seq))}
      onClose={panels.close}
      foot={
        reference?.startsWith('pur_') ? (
          <Button wide onClick={() => panels.open({ kind: 'purchase', id: reference, seen: null })}>
            {words.purchase}
          </Button>
        ) : undefined
      }
    >
      <p className={styles.entryHead}>
        <span>{entryName(parts, entry)}</span>
        <strong className={entry.delta > 0 ? styles.in : undefined}>{format.signed(entry.delta)}</strong>
      </p>
      <Facts>
        <Fact name={words.when}>{format.dateTime(entry.occurredAt)}</Fact>
        <Fact name={words.kind}>{kindName(parts, entry.kind)}</Fact>
        <Fact name={words.feature}>{feature === null ? words.none : featureName(parts, feature)}</Fact>
        <Fact name={words.reference}>{reference ?? words.none}</Fact>
        <Fact name={words.by}>{actorName(parts, names, entry.actor)}</Fact>
        <Fact name={words.before}>{format.number(entry.balanceAfter - entry.delta)}</Fact>
        <Fact name={words.after}>{format.number(entry.balanceAfter)}</Fact>
      </Facts>
      {more.length === 0 ? null : (
        <>
          <h3>{words.more}</h3>
          <Facts>
            {more.map(({ name, value }) => (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ))}
          </Facts>
          <p className={styles.note}>{words.moreNote}</p>
        </>
      )}
      <p className={styles.note}>{words.seal}</p>
    </SidePanel>
  );
}
