// Which panel lies over the screen. One at a time, and a purchase that was just asked for takes the place of its question.
import { createContext, use } from 'react';
import type { LedgerEntryView } from '../shared/contract/ledger-views.ts';
import type { PurchaseView } from '../shared/contract/purchase-view.ts';

export type Panel =
  | { readonly kind: 'plan' | 'renewal' | 'joinCode' | 'joinAgain' | 'profile' | 'export' | 'lowCredits' }
  /** packs: how many are proposed; one where nothing is said. */
  | { readonly kind: 'topUp'; readonly packs?: number }
  | { readonly kind: 'commands' | 'shortcuts' | 'notices' }
  | { readonly kind: 'document'; readonly id: string }
  | { readonly kind: 'entry'; readonly entry: LedgerEntryView }
  /** seen: as it was last answered, shown until the list has it. */
  | { readonly kind: 'purchase'; readonly id: string; readonly seen: PurchaseView | null };

export interface Panels {
  readonly open: (panel: Panel) => void;
  readonly close: () => void;
}

export const PanelsContext = createContext<Panels | null>(null);

export function usePanels(): Panels {
  const panels = use(PanelsContext);
  if (panels === null) throw new Error('panels are opened below App only');
  return panels;
}

/** The panel in which a thing is asked for, by what is sold. */
export const panelOfSku = {
  'plan.pharmapulse-one': { kind: 'plan' },
  'renewal.year': { kind: 'renewal' },
  'topup.50k': { kind: 'topUp' },
} as const satisfies Record<NonNullable<PurchaseView['sku']>, Panel>;
