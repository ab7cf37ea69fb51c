// Renewing for one year: until when it is paid now, and until when then.
import { oneYearAfter } from '../../../shared/plan/service-year.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Fact, Facts, Total } from '../../components/facts.tsx';
import { BuyPanel, useShownPrice } from './buy-panel.tsx';
import styles from './purchases.module.css';
import { useQueue } from './use-queue.ts';

const sku = 'renewal.year';

export function RenewalPanel() {
  const { text, format } = useParts();
  const { renewal, total, taxIn } = text.buying;
  const queueing = useQueue();
  const price = useShownPrice(sku);
  const plan = useCounter((state) => state.overview.value?.plan ?? null);
  const due = plan?.nextDue ?? null;
  const lapsed = plan?.status === 'lapsed';
  const confirm = price === null ? null : renewal.confirm(format.rupees(price.amountPaise));
  const onConfirm = () => {
    if (price !== null) queueing.queue({ sku, quantity: 1, expectedAmountPaise: price.amountPaise });
  };
  return (
    <BuyPanel title={renewal.title} lead={renewal.lead} confirm={confirm} queueing={queueing} onConfirm={onConfirm}>
      <Facts>
        {due === null ? null : <Fact name={renewal.from}>{format.calendarDate(due)}</Fact>}
        {due === null || lapsed ? null : <Fact name={renewal.until}>{format.calendarDate(oneYearAfter(due))}</Fact>}
        {price === null ? null : (
          <Total name={total} note={taxIn(format.rupees(price.taxPaise))}>
            {format.rupees(price.amountPaise)}
          </Total>
        )}
      </Facts>
      {lapsed ? <p className={styles.note}>{renewal.lapsed}</p> : null}
    </BuyPanel>
  );
}
