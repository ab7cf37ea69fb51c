// One purchase, live: from saved on this PC over the payment to paid, with what to do at each step.
import { useEffect } from 'react';
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import { useCounter, useOffline, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { SidePanel } from '../../components/dialogs.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { Icon } from '../../components/icon.tsx';
import { Bones, Chip } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import { priceText, purchaseName, purchaseStep, stateTone } from '../../text/purchase-words.ts';
import { useAskAgain } from './ask-again.ts';
import { CancelButton } from './cancel-button.tsx';
import { NewPrice, Payment } from './payment.tsx';
import styles from './purchases.module.css';

interface PurchasePanelProps {
  readonly id: string;
  readonly seen: PurchaseView | null;
}

export function PurchasePanel({ id, seen }: PurchasePanelProps) {
  const parts = useParts();
  const { text, counter } = parts;
  const panels = usePanels();
  const listed = useCounter((state) => state.purchases.value?.items.find((item) => item.id === id));
  const purchase = listed ?? seen;
  useEffect(() => void counter.read('purchases'), [counter]);
  if (purchase === null) {
    return (
      <SidePanel title={text.purchases.title} onClose={panels.close}>
        <Bones lines={4} />
      </SidePanel>
    );
  }
  const name = purchaseName(parts, purchase);
  return (
    <SidePanel title={name} onClose={panels.close} foot={<Foot purchase={purchase} />}>
      <StateNow purchase={purchase} />
      {purchase.state === 'awaiting_payment' ? <Payment purchase={purchase} name={name} /> : null}
      <Details purchase={purchase} />
    </SidePanel>
  );
}

/** The states in which its credits are still to come. */
const brings: ReadonlySet<PurchaseView['state']> = new Set([
  'queued',
  'awaiting_payment',
  'needs_confirmation',
  'under_review',
]);

function StateNow({ purchase }: { readonly purchase: PurchaseView }) {
  const parts = useParts();
  const { text, format } = parts;
  const offline = useOffline();
  const { panel, states, gives } = text.purchases;
  const thanksOf = {
    'plan.pharmapulse-one': panel.paid.plan,
    'renewal.year': panel.paid.renewal(
      purchase.renewedUntil === null ? null : format.calendarDate(purchase.renewedUntil),
    ),
    'topup.50k': panel.paid.topup(format.number(purchase.credits)),
  };
  const thanks = purchase.sku === null ? null : thanksOf[purchase.sku];
  const paid = purchase.state === 'paid';
  // A second Enter of the press that bought it meets what is said here, and not the Close button; where there is something to pay,
  // that comes first.
  const first = purchase.state === 'awaiting_payment' ? {} : { 'data-first': '', tabIndex: -1 };
  return (
    <output className={styles.now} {...first}>
      {paid ? (
        <span className={styles.done}>
          <Icon name="check" size={28} />
        </span>
      ) : null}
      <span className={styles.nowHead}>
        <Chip tone={stateTone(purchase.state)}>{states[purchase.state]}</Chip>
        <strong className={styles.nowAmount}>{priceText(parts, purchase)}</strong>
      </span>
      {paid ? <span>{thanks}</span> : null}
      <span className={styles.step}>{purchaseStep(parts, purchase, offline)}</span>
      {purchase.credits > 0 && brings.has(purchase.state) ? (
        <span className={styles.note}>
          {panel.gives}: {gives(format.number(purchase.credits))}
        </span>
      ) : null}
    </output>
  );
}

function Details({ purchase }: { readonly purchase: PurchaseView }) {
  const { text, format } = useParts();
  const { panel, askedOn, thisCounter, unknownCounter } = text.purchases;
  const where = purchase.mine ? thisCounter : (purchase.deviceName ?? unknownCounter);
  return (
    <div className={styles.details}>
      <Facts>
        <Fact name={panel.asked}>
          {format.dateTime(purchase.createdAt)} {askedOn(where)}
        </Fact>
        <Fact name={panel.number}>
          <span className={styles.number}>{purchase.id}</span>
        </Fact>
      </Facts>
    </div>
  );
}

function Foot({ purchase }: { readonly purchase: PurchaseView }) {
  const { text } = useParts();
  const panels = usePanels();
  const { actions, panel } = text.purchases;
  const { invoiceId, state } = purchase;
  const again = useAskAgain(purchase);
  return (
    <>
      {state === 'needs_confirmation' ? <NewPrice purchase={purchase} /> : null}
      {again === null ? null : (
        <Button kind="primary" wide onClick={() => panels.open(again)}>
          {actions.again}
        </Button>
      )}
      <Button kind={state === 'paid' ? 'primary' : 'plain'} wide onClick={panels.close}>
        {state === 'paid' ? panel.done : text.shell.close}
      </Button>
      {invoiceId === null ? null : (
        <Button wide onClick={() => panels.open({ kind: 'document', id: invoiceId })}>
          {text.invoices.fromPurchase}
        </Button>
      )}
      {purchase.cancellable ? <CancelButton purchase={purchase} wide /> : null}
    </>
  );
}
