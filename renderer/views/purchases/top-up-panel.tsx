// Top-up: how many packs, what they cost, what there will be after.
import { useEffect, useState } from 'react';
import { linePaise } from '../../../shared/gst/tax.ts';
import { mostPacks } from '../../../shared/plan/catalogue.ts';
import { useCounter, useDataTime, useParts } from '../../app-parts.ts';
import { Question } from '../../components/dialogs.tsx';
import { Fact, Facts, Total } from '../../components/facts.tsx';
import { Stepper } from '../../components/stepper.tsx';
import { isSecondTopUp } from '../../store/same-top-up.ts';
import { wholeNumber } from '../../text/typed.ts';
import { BuyPanel, useShownPrice } from './buy-panel.tsx';
import { useQueue } from './use-queue.ts';

/** packs: how many are proposed. */
export function TopUpPanel({ packs: first }: { readonly packs: number }) {
  const { text, format, counter } = useParts();
  const { topUp, total, onePiece, same } = text.buying;
  const [packs, setPacks] = useState<number | null>(first);
  const [asking, setAsking] = useState(false);
  const queueing = useQueue();
  const price = useShownPrice('topup.50k');
  const available = useCounter((state) => state.overview.value?.credits?.available ?? null);
  const isSecond = useSecondTopUp();
  const amountPaise = price === null || packs === null ? null : linePaise(price.amountPaise, packs);
  const credits = price === null || packs === null ? null : price.credits * packs;

  useEffect(() => void counter.read('purchases'), [counter]);
  const send = () => {
    setAsking(false);
    if (packs === null || amountPaise === null) return;
    queueing.queue({ sku: 'topup.50k', quantity: packs, expectedAmountPaise: amountPaise });
  };
  const confirm = amountPaise === null ? null : topUp.confirm(format.rupees(amountPaise));
  const onConfirm = () => (packs !== null && isSecond(packs) ? setAsking(true) : send());
  const blocked = packs === null ? topUp.choosePacks : undefined;
  const buying = { confirm, blocked, queueing, onConfirm };
  return (
    <BuyPanel title={topUp.title} lead={topUp.lead} {...buying}>
      <Stepper
        label={topUp.packs}
        hint={topUp.range(mostPacks)}
        fault={topUp.wrongPacks(mostPacks)}
        fewer={topUp.fewer}
        more={topUp.more}
        value={packs}
        most={mostPacks}
        read={wholeNumber}
        onChange={setPacks}
      />
      {price === null || amountPaise === null || credits === null ? null : (
        <Facts>
          {available === null ? null : <Fact name={topUp.now}>{format.number(available)}</Fact>}
          <Fact name={topUp.plus}>{format.signed(credits)}</Fact>
          {available === null ? null : <Fact name={topUp.after}>{format.number(available + credits)}</Fact>}
          <Total name={total} note={onePiece(format.rupees(price.amountPaise), format.rupees(price.taxPaise))}>
            {format.rupees(amountPaise)}
          </Total>
        </Facts>
      )}
      <Question
        open={asking}
        title={same.title}
        body={same.body(text.purchases.names.topup(packs ?? 1))}
        yes={same.yes}
        no={same.no}
        onYes={send}
        onNo={() => setAsking(false)}
      />
    </BuyPanel>
  );
}

/** Whether the same top-up was asked for within the last minute, as of the press. */
function useSecondTopUp(): (packs: number) => boolean {
  const { clock } = useParts();
  const { now } = useDataTime();
  const renderedAt = clock.monotonic();
  const purchases = useCounter((state) => state.purchases.value?.items ?? null) ?? [];
  const lastTopUp = useCounter((state) => state.lastTopUp);
  return (packs) => {
    const monotonicNow = clock.monotonic();
    return isSecondTopUp({ packs, purchases, lastTopUp, serverNow: now + (monotonicNow - renderedAt), monotonicNow });
  };
}
