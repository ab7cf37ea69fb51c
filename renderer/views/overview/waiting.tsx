// What waits for somebody: purchases to be sent, paid or decided, each with its next step.
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import { useCounter, useOffline, useParts } from '../../app-parts.ts';
import { Bones, Card, Chip, Problem } from '../../components/surface.tsx';
import { addressOf } from '../../store/route.ts';
import { isWaiting, priceText, purchaseName, purchaseStep, stateTone } from '../../text/purchase-words.ts';
import { NextAction } from '../purchases/next-action.tsx';
import styles from './overview.module.css';

export function Waiting() {
  const { text, counter } = useParts();
  const words = text.overview.waiting;
  const { value, error } = useCounter((state) => state.purchases);
  const waiting = value?.items.filter(isWaiting) ?? [];
  return (
    <Card title={words.title} beside={<a href={addressOf('purchases')}>{words.all}</a>}>
      {error === null ? null : <Problem error={error} onRetry={() => void counter.read('purchases')} />}
      {value === null && error === null ? <Bones lines={2} /> : null}
      {value !== null && waiting.length === 0 ? (
        <p>
          {words.none} <span className={styles.note}>{words.noneHint}</span>
        </p>
      ) : null}
      {waiting.length === 0 ? null : (
        <ul className={styles.waiting}>
          {waiting.map((purchase) => (
            <WaitingLine key={purchase.id} purchase={purchase} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function WaitingLine({ purchase }: { readonly purchase: PurchaseView }) {
  const parts = useParts();
  const offline = useOffline();
  const name = purchaseName(parts, purchase);
  return (
    <li aria-label={name}>
      <div className={styles.waitingText}>
        <div className={styles.waitingHead}>
          <strong>{name}</strong>
          <Chip tone={stateTone(purchase.state)}>{parts.text.purchases.states[purchase.state]}</Chip>
        </div>
        <span className={styles.note}>{purchaseStep(parts, purchase, offline)}</span>
      </div>
      <span className={styles.waitingAmount}>{priceText(parts, purchase)}</span>
      <NextAction purchase={purchase} />
    </li>
  );
}
