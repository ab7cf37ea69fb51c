// What of the ledger is shown: chosen from what it holds, typed, or by days.
import { memo, useEffect, useState } from 'react';
import type { LedgerChoices, LedgerFilter } from '../../../shared/contract/ledger-views.ts';
import { useParts } from '../../app-parts.ts';
import { DateField } from '../../components/date-field.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { type ActorNames, actorName, featureName, featuresNamed, kindName } from '../../text/entry-words.ts';
import styles from './ledger.module.css';

interface FilterProps {
  readonly choices: LedgerChoices;
  readonly names: ActorNames;
  readonly filter: LedgerFilter;
  readonly onChoose: (filter: LedgerFilter) => void;
}

const orNull = (value: string) => (value === '' ? null : value);

/** Drawn anew when something of it changes, and not with every piece of the ledger that comes while it is scrolled. */
export const LedgerFilterBar = memo(function LedgerFilterBar({ choices, names, filter, onChoose }: FilterProps) {
  const parts = useParts();
  const words = parts.text.ledgerList.filter;
  const wrongOrder = filter.from !== null && filter.to !== null && filter.to < filter.from;
  return (
    <search className={styles.filter} aria-label={words.label}>
      <SearchField choices={choices} filter={filter} onChoose={onChoose} />
      <Choice
        label={words.kind}
        all={words.allKinds}
        options={choices.kinds.map((kind) => [kind, kindName(parts, kind)])}
        value={filter.kind}
        onChoose={(kind) => onChoose({ ...filter, kind })}
      />
      <Choice
        label={words.feature}
        all={words.allFeatures}
        options={choices.features.map((feature) => [feature, featureName(parts, feature)])}
        value={filter.feature}
        onChoose={(feature) => onChoose({ ...filter, feature })}
      />
      <Choice
        label={words.actor}
        all={words.allActors}
        options={choices.actors.map(({ actor }) => [actor, actorName(parts, names, actor)])}
        value={filter.actor}
        onChoose={(actor) => onChoose({ ...filter, actor })}
      />
      <DateField label={words.from} value={filter.from} onChoose={(from) => onChoose({ ...filter, from })} />
      <DateField
        label={words.to}
        value={filter.to}
        fault={wrongOrder ? words.wrongOrder : undefined}
        onChoose={(to) => onChoose({ ...filter, to })}
      />
    </search>
  );
});

/** Asked when the typing rests, so that a word is one question and not one a letter. */
const restMs = 200;

function SearchField({ choices, filter, onChoose }: Omit<FilterProps, 'names'>) {
  const parts = useParts();
  const words = parts.text.ledgerList.filter;
  const [typed, setTyped] = useState(filter.text);
  const [shown, setShown] = useState(filter.text);
  // Shown all again from elsewhere: what was typed goes as well.
  if (shown !== filter.text) {
    setShown(filter.text);
    setTyped(filter.text);
  }
  useEffect(() => {
    if (typed === filter.text) return;
    const timer = setTimeout(() => {
      setShown(typed);
      onChoose({ ...filter, text: typed, named: featuresNamed(parts, choices.features, typed) });
    }, restMs);
    return () => clearTimeout(timer);
  });
  return (
    <TextField
      label={words.search}
      type="search"
      placeholder={words.searchHint}
      maxLength={200}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
    />
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly all: string;
  readonly options: readonly (readonly [value: string, name: string])[];
  readonly value: string | null;
  readonly onChoose: (value: string | null) => void;
}

function Choice({ label, all, options, value, onChoose }: ChoiceProps) {
  return (
    <SelectField label={label} value={value ?? ''} onChange={({ target }) => onChoose(orNull(target.value))}>
      <option value="">{all}</option>
      {options.map(([option, name]) => (
        <option key={option} value={option}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
