// One purchase in a list: what, how much, where it stands in words, and the next step.
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import { useOffline, useParts } from '../../app-parts.ts';
import { Chip } from '../../components/surface.tsx';
import { priceText, purchaseName, purchaseStep, stateTone } from '../../text/purchase-words.ts';
import { CancelButton } from './cancel-button.tsx';
import { NextAction } from './next-action.tsx';
import styles from './purchases.module.css';

export function PurchaseRow({ purchase }: { readonly purchase: PurchaseView }) {
  const parts = useParts();
  const { text, format } = parts;
  const offline = useOffline();
  const { askedOn, gives, states, thisCounter, unknownCounter } = text.purchases;
  const where = purchase.mine ? thisCounter : (purchase.deviceName ?? unknownCounter);
  const name = purchaseName(parts, purchase);
  return (
    <li className={styles.row} aria-label={name}>
      <div className={styles.what}>
        <strong>{name}</strong>
        {purchase.credits > 0 ? <span className={styles.note}>{gives(format.number(purchase.credits))}</span> : null}
      </div>
      <div className={styles.amount}>{priceText(parts, { ...purchase, newAmountPaise: null })}</div>
      <div className={styles.when}>
        {format.dateTime(purchase.createdAt)} <span className={styles.where}>{askedOn(where)}</span>
      </div>
      <div className={styles.state}>
        <Chip tone={stateTone(purchase.state)}>{states[purchase.state]}</Chip>
        <span className={styles.step}>{purchaseStep(parts, purchase, offline)}</span>
      </div>
      <div className={styles.actions}>
        <NextAction purchase={purchase} />
        {purchase.cancellable ? <CancelButton purchase={purchase} small /> : null}
      </div>
    </li>
  );
}
