// Paying: the payment page in the browser, or the same page on a phone through a QR code. The screen only follows; what
// counts as paid is decided elsewhere.
import { useState } from 'react';
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import type { Refusal } from '../../../shared/contract/result.ts';
import { useCounter, useOffline, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { Qr } from '../../components/qr.tsx';
import { Problem } from '../../components/surface.tsx';
import { isWebAddress } from '../../store/web-address.ts';
import styles from './purchases.module.css';

export function Payment({ purchase, name }: { readonly purchase: PurchaseView; readonly name: string }) {
  const { text, counter, openTab } = useParts();
  const { panel, actions } = text.purchases;
  const isOffline = useOffline();
  const follows = useCounter((state) => state.link === 'up') && !isOffline;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [link, setLink] = useState<{ readonly url: string; readonly opened: boolean } | null>(null);

  const pay = async () => {
    setBusy(true);
    setProblem(null);
    const result = await counter.pay(purchase.id);
    setBusy(false);
    if (!result.ok) return setProblem(result.error);
    if (!isWebAddress(result.value.url)) return setProblem({ code: 'bad_answer', retryable: true });
    if (!result.value.opened) openTab(result.value.url);
    setLink(result.value);
  };
  const url = purchase.checkoutUrl;
  if (url === null) return null;
  return (
    <div className={styles.payment}>
      <Button data-first="" kind="primary" wide busy={busy} onClick={() => void pay()}>
        {busy ? actions.opening : actions.payNow}
      </Button>
      {problem === null ? null : <Problem error={problem} />}
      <output className={styles.note}>{link === null ? null : follows ? panel.opened : panel.openedAway}</output>
      {link !== null && !link.opened ? (
        <p className={styles.note}>
          {panel.notOpened}{' '}
          <a href={link.url} target="_blank" rel="noopener noreferrer">
            {panel.link}
          </a>
        </p>
      ) : null}
      <div className={styles.phone}>
        <Qr data={url} label={panel.qrLabel(name)} />
        <div>
          <h3>{panel.qrTitle}</h3>
          <p className={styles.note}>{panel.qrBody}</p>
        </div>
      </div>
    </div>
  );
}

/** The price went up or down since it was asked for; nothing happens until the user agrees. */
export function NewPrice({ purchase }: { readonly purchase: PurchaseView }) {
  const { text, format, counter } = useParts();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const price = purchase.newAmountPaise;
  if (price === null) return null;
  const agree = async () => {
    setBusy(true);
    const result = await counter.confirmPrice(purchase.id, price);
    setBusy(false);
    setProblem(result.ok ? null : result.error);
  };
  return (
    <>
      {problem === null ? null : <Problem error={problem} />}
      <Button kind="primary" wide busy={busy} onClick={() => void agree()}>
        {text.purchases.actions.agree(format.rupees(price))}
      </Button>
    </>
  );
}
