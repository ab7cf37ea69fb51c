// What the three panels that ask for a purchase have in common: the total, the word about being offline, the button.
import { type ReactNode, useState } from 'react';
import type { OverviewView } from '../../../shared/contract/overview-view.ts';
import type { Sku } from '../../../shared/plan/catalogue.ts';
import { useCounter, useOffline, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { SidePanel } from '../../components/dialogs.tsx';
import { Problem } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import styles from './purchases.module.css';
import type { Queueing } from './use-queue.ts';

export type Price = NonNullable<NonNullable<OverviewView['prices']>[Sku]>;

/** The price as it was when the panel opened: what the user is shown is what is sent. */
export function useShownPrice(sku: Sku): Price | null {
  const price = useCounter((state) => state.overview.value?.prices?.[sku] ?? null);
  const [first, setFirst] = useState(price);
  if (first === null && price !== null) setFirst(price);
  return first ?? price;
}

interface BuyPanelProps {
  readonly title: string;
  readonly lead: string;
  readonly confirm: string | null;
  /** What stands in the way, where it is not the price that is missing. */
  readonly blocked?: string | undefined;
  readonly queueing: Queueing;
  readonly onConfirm: () => void;
  readonly children: ReactNode;
}

export function BuyPanel({ title, lead, confirm, blocked, queueing, onConfirm, children }: BuyPanelProps) {
  const { text } = useParts();
  const panels = usePanels();
  const offline = useOffline();
  const { busy, problem } = queueing;
  const foot = (
    <>
      {problem === null ? null : <Problem error={problem} />}
      <p className={styles.note}>{offline ? text.buying.offline : text.buying.online}</p>
      <Button kind="primary" wide busy={busy} disabled={confirm === null} onClick={onConfirm}>
        {busy ? text.buying.working : (confirm ?? blocked ?? text.buying.noPrice)}
      </Button>
      <Button kind="quiet" wide onClick={panels.close}>
        {text.buying.notNow}
      </Button>
    </>
  );
  return (
    <SidePanel title={title} lead={lead} onClose={panels.close} foot={foot}>
      {children}
    </SidePanel>
  );
}
