// The numbers of the chart as tables: by feature, the greatest first, and by day or month, the newest first.
import type { UsageView } from '../../../shared/contract/usage-views.ts';
import { useParts } from '../../app-parts.ts';
import { classes } from '../../components/classes.ts';
import { Hidden } from '../../components/surface.tsx';
import table from '../../components/table.module.css';
import { partsOf, sliceName } from '../../text/usage-words.ts';
import styles from './usage.module.css';

export function FeatureTable({ usage }: { readonly usage: UsageView }) {
  const parts = useParts();
  const { text, format } = parts;
  const { columns, byFeature } = text.usage;
  return (
    <table className={classes(table.table, styles.table)}>
      <caption>
        <Hidden>{byFeature}</Hidden>
      </caption>
      <thead>
        <tr>
          <th scope="col">{columns.feature}</th>
          <th scope="col" className={table.right}>
            {columns.used}
          </th>
          <th scope="col" className={table.right}>
            {columns.share}
          </th>
        </tr>
      </thead>
      <tbody>
        {partsOf(parts, usage).map(({ name, look, spent }) => (
          <tr key={name}>
            <th scope="row">
              <span className={classes(styles.swatch, styles[look])} />
              {name}
            </th>
            <td className={table.right}>{format.number(spent)}</td>
            <td className={table.right}>{format.share(spent / usage.spent)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function DayTable({ usage, by }: { readonly usage: UsageView; readonly by: 'day' | 'month' }) {
  const parts = useParts();
  const { text, format } = parts;
  const { columns, byDay } = text.usage;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reached by keys.
    // biome-ignore lint/a11y/useSemanticElements: the card around it is the section; this is only what scrolls in it.
    <div role="group" className={styles.scroll} aria-label={byDay[by]} tabIndex={0}>
      <table className={classes(table.table, styles.table)}>
        <thead>
          <tr>
            <th scope="col">{columns[by]}</th>
            <th scope="col" className={table.right}>
              {columns.used}
            </th>
            <th scope="col" className={table.right}>
              {columns.granted}
            </th>
          </tr>
        </thead>
        <tbody>
          {usage.slices.toReversed().map(({ key, spent, granted }) => (
            <tr key={key}>
              <th scope="row">{sliceName(parts, usage.period, key)}</th>
              <td className={table.right}>{format.number(spent)}</td>
              <td className={table.right}>{granted === 0 ? format.number(0) : format.signed(granted)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
