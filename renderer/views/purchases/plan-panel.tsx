// Buying the plan: what it costs, what is in it, and what comes after the first year.
import { useCounter, useParts } from '../../app-parts.ts';
import { Facts, Total } from '../../components/facts.tsx';
import { Included } from '../overview/included.tsx';
import { BuyPanel, useShownPrice } from './buy-panel.tsx';
import styles from './purchases.module.css';
import { useQueue } from './use-queue.ts';

const sku = 'plan.pharmapulse-one';

export function PlanPanel() {
  const { text, format } = useParts();
  const { plan, total, taxIn } = text.buying;
  const queueing = useQueue();
  const price = useShownPrice(sku);
  const yearly = useCounter((state) => state.overview.value?.prices?.['renewal.year']?.amountPaise ?? null);
  const confirm = price === null ? null : plan.confirm(format.rupees(price.amountPaise));
  const onConfirm = () => {
    if (price !== null) queueing.queue({ sku, quantity: 1, expectedAmountPaise: price.amountPaise });
  };
  return (
    <BuyPanel title={plan.title} lead={plan.lead} confirm={confirm} queueing={queueing} onConfirm={onConfirm}>
      <Included />
      {price === null ? null : (
        <Facts>
          <Total name={total} note={taxIn(format.rupees(price.taxPaise))}>
            {format.rupees(price.amountPaise)}
          </Total>
        </Facts>
      )}
      {yearly === null ? null : <p className={styles.note}>{plan.after(format.rupees(yearly))}</p>}
    </BuyPanel>
  );
}
