// The register of a period as a file for the accountant.
import { useState } from 'react';
import type { ExportedFile, ExportPeriod } from '../../../shared/contract/document-views.ts';
import { exportPeriod } from '../../../shared/contract/document-views.ts';
import type { Result } from '../../../shared/contract/result.ts';
import { financialYearOf } from '../../../shared/gst/document-number.ts';
import { businessDate } from '../../../shared/plan/service-year.ts';
import { type AppParts, useCounter, useDataTime, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { DateField } from '../../components/date-field.tsx';
import { SidePanel } from '../../components/dialogs.tsx';
import { SelectField } from '../../components/field.tsx';
import { usePanels } from '../../panels.ts';
import { yearName } from '../../text/document-words.ts';
import { HandedNote, useHanding } from './handing.tsx';
import styles from './invoices.module.css';
import { type NamedPeriod, namedPeriods, yearPeriod, yearsToExport } from './periods.ts';

const own = 'own';

export function ExportPanel() {
  const { text, format, counter } = useParts();
  const panels = usePanels();
  const words = text.invoices.export;
  const choice = usePeriod();
  const [told, setTold] = useState<ExportedFile | null>(null);
  const handing = useHanding('download', async () => {
    setTold(null);
    if (choice.period === null) return { ok: true, value: { kind: 'cancelled' } };
    const result: Result<ExportedFile> = await counter.exportDocuments(choice.period);
    if (result.ok) setTold(result.value);
    return result.ok ? { ok: true, value: result.value.file } : result;
  });
  const source = {
    server: words.fromServer,
    held: words.fromHeld(told?.listedAt ? format.dateTime(told.listedAt) : ''),
  };
  const said = { saved: words.saved, download: words.downloading, opened: words.saved, tab: words.downloading };
  const run = () => {
    if (choice.check()) void handing.run();
  };
  return (
    <SidePanel
      title={words.title}
      lead={words.lead}
      onClose={panels.close}
      foot={
        <>
          <HandedNote handing={handing} said={said} />
          {told === null || told.file.kind === 'cancelled' ? null : (
            <p className={styles.note}>{source[told.source]}</p>
          )}
          <Button kind="primary" wide busy={handing.busy} onClick={run}>
            {handing.busy ? words.running : words.run}
          </Button>
        </>
      }
    >
      <PeriodFields choice={choice} />
    </SidePanel>
  );
}

type Choice = ReturnType<typeof usePeriod>;

/** Null where no day, or none that can be read, is typed. */
type ChosenDates = { readonly [day in keyof ExportPeriod]: string | null };

/** Which period is chosen; null while its dates are not whole. */
function usePeriod() {
  const { now } = useDataTime();
  const today = businessDate(new Date(now));
  const held = useCounter((state) => state.documents.value?.years);
  const named = namedPeriods(today);
  const [chosen, setChosen] = useState(financialYearOf(today));
  const [dates, setDates] = useState<ChosenDates>(yearPeriod(financialYearOf(today)));
  const [checked, setChecked] = useState(false);
  const found = named.find(({ name }) => name === chosen) ?? (chosen === own ? dates : yearPeriod(chosen));
  const period = exportPeriod.safeParse({ from: found.from, to: found.to });
  return {
    years: yearsToExport(today, held ?? []),
    named,
    chosen,
    choose: setChosen,
    dates,
    setDates,
    checked,
    period: period.success ? period.data : null,
    /** Whether it can be exported; from then on faults are shown. */
    check: () => {
      setChecked(true);
      return period.success;
    },
  };
}

function PeriodFields({ choice }: { readonly choice: Choice }) {
  const { text, format } = useParts();
  const words = text.invoices.export;
  const { chosen, choose, dates, setDates, period } = choice;
  const faulty = choice.checked && period === null;
  return (
    <>
      <SelectField
        label={words.period}
        data-first=""
        value={chosen}
        onChange={({ target }) => choose(target.value)}
        hint={
          period === null ? undefined : words.hint(format.calendarDate(period.from), format.calendarDate(period.to))
        }
      >
        {choice.years.map((year) => (
          <option key={year} value={year}>
            {words.year(yearName({ text }, year))}
          </option>
        ))}
        {choice.named.map((one) => (
          <option key={one.name} value={one.name}>
            {periodName(one, { text, format })}
          </option>
        ))}
        <option value={own}>{words.own}</option>
      </SelectField>
      {chosen === own ? (
        <div className={styles.two}>
          <DateField
            label={words.from}
            value={dates.from}
            fault={faulty && dates.from === null ? words.wrongFrom : undefined}
            onChoose={(from) => setDates({ ...dates, from })}
          />
          <DateField
            label={words.to}
            value={dates.to}
            fault={faulty && dates.from !== null ? words.wrongTo : undefined}
            onChoose={(to) => setDates({ ...dates, to })}
          />
        </div>
      ) : null}
    </>
  );
}

function periodName({ name, from, to }: NamedPeriod, { text, format }: Pick<AppParts, 'text' | 'format'>): string {
  const words = text.invoices.export;
  const month = (date: string) => format.month(date.slice(0, 7)) ?? '';
  if (name === 'thisMonth' || name === 'lastMonth') return words[name](month(from));
  return words[name](month(from), month(to));
}
