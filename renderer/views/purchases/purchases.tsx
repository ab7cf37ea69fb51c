// All purchases of the pharmacy, the waiting ones first.
import { useEffect } from 'react';
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Bones, Empty, Problem } from '../../components/surface.tsx';
import table from '../../components/table.module.css';
import { PurchaseRow } from './purchase-row.tsx';
import styles from './purchases.module.css';

export function PurchasesScreen() {
  const { text, format, counter } = useParts();
  const { value, error, asking } = useCounter((state) => state.purchases);
  useEffect(() => void counter.read('purchases'), [counter]);
  const { empty, more, shown, title } = text.purchases;
  return (
    <>
      {error === null ? null : (
        <Problem error={error} stale={value !== null} onRetry={() => void counter.read('purchases')} />
      )}
      {value === null && error !== null ? null : (
        <section
          className={classes(table.sheet, table.roomy, styles.list)}
          aria-label={title}
          aria-busy={value === null && asking}
        >
          {value === null ? <Bones lines={9} /> : null}
          {value?.items.length === 0 ? <Empty title={empty.title} body={empty.body} /> : null}
          {value === null || value.items.length === 0 ? null : (
            <ul>
              {value.items.map((purchase) => (
                <PurchaseRow key={purchase.id} purchase={purchase} />
              ))}
            </ul>
          )}
        </section>
      )}
      {value !== null && value.total > value.items.length ? (
        <div className={styles.more}>
          <Button busy={asking} onClick={() => void counter.morePurchases()}>
            {more}
          </Button>
          <span className={styles.note}>{shown(format.number(value.items.length), format.number(value.total))}</span>
        </div>
      ) : null}
    </>
  );
}
