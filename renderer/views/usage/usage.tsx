// What credits were used for: a picture of the days, and tables with the same numbers.
import { useDeferredValue, useEffect } from 'react';
import { type UsageView, usagePeriod } from '../../../shared/contract/usage-views.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Fact, Facts } from '../../components/facts.tsx';
import { SelectField } from '../../components/field.tsx';
import { Bones, Card, Empty, Problem } from '../../components/surface.tsx';
import { OlderNote } from '../older-note.tsx';
import styles from './usage.module.css';
import { UsageChart } from './usage-chart.tsx';
import { DayTable, FeatureTable } from './usage-tables.tsx';

export function UsageScreen() {
  const { text, format, counter } = useParts();
  const words = text.usage;
  const { value, error } = useCounter((state) => state.usage);
  useEffect(() => void counter.usageOf('days_30'), [counter]);
  // The chart first: the tables say the same in more lines, and come with the frame after it.
  const tables = useDeferredValue(value, null);
  const by = value?.period === 'months_12' ? 'month' : 'day';
  return (
    <>
      <Top value={value} />
      <OlderNote />
      {error === null ? null : (
        <Problem error={error} stale={value !== null} onRetry={() => void counter.read('usage')} />
      )}
      {value === null && error !== null ? null : (
        <div className={styles.cards}>
          <Card title={words.chart.title[by]}>{value === null ? <Waiting /> : <Picture usage={value} />}</Card>
          {tables === null ? null : <Tables usage={tables} />}
        </div>
      )}
      {value?.since == null || value.since <= value.from ? null : (
        <p className={styles.note}>{words.since(format.calendarDate(value.since))}</p>
      )}
    </>
  );
}

function Tables({ usage }: { readonly usage: UsageView }) {
  const { text } = useParts();
  const words = text.usage;
  if (usage.spent + Math.abs(usage.granted) === 0) return null;
  const by = usage.period === 'months_12' ? 'month' : 'day';
  return (
    <div className={styles.tables}>
      {usage.spent === 0 ? null : (
        <Card title={words.byFeature}>
          <FeatureTable usage={usage} />
        </Card>
      )}
      <Card title={words.byDay[by]}>
        <DayTable usage={usage} by={by} />
      </Card>
    </div>
  );
}

function Top({ value }: { readonly value: UsageView | null }) {
  const { text, counter } = useParts();
  const words = text.usage;
  return (
    <div className={styles.top}>
      <p>{words.lead}</p>
      <div className={styles.period}>
        <SelectField
          label={words.period.label}
          value={value?.period ?? 'days_30'}
          onChange={({ target }) => {
            const period = usagePeriod.options.find((option) => option === target.value);
            if (period !== undefined) void counter.usageOf(period);
          }}
        >
          {usagePeriod.options.map((period) => (
            <option key={period} value={period}>
              {words.period[period]}
            </option>
          ))}
        </SelectField>
      </div>
    </div>
  );
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      <Bones lines={6} />
    </div>
  );
}

function Picture({ usage }: { readonly usage: UsageView }) {
  const { text, format } = useParts();
  const words = text.usage;
  if (usage.spent === 0) {
    return <Empty title={words.none.title} body={words.none.body} />;
  }
  const most = Math.max(...usage.slices.map(({ spent }) => spent));
  return (
    <>
      <div className={styles.facts}>
        <Facts>
          <Fact name={words.total}>{format.number(usage.spent)}</Fact>
          <Fact name={usage.period === 'months_12' ? words.mostMonth : words.most}>{format.number(most)}</Fact>
          <Fact name={words.granted}>{usage.granted === 0 ? format.number(0) : format.signed(usage.granted)}</Fact>
        </Facts>
      </div>
      <UsageChart usage={usage} />
    </>
  );
}
