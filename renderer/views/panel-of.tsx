// From the name of a panel to the panel.
import type { Panel } from '../panels.ts';
import { Palette } from './commands/palette.tsx';
import { ShortcutsPanel } from './commands/shortcuts.tsx';
import { JoinAgainPanel, JoinCodePanel } from './counters/code-panel.tsx';
import { DocumentPanel } from './invoices/document-panel.tsx';
import { ExportPanel } from './invoices/export-panel.tsx';
import { ProfilePanel } from './invoices/profile-panel.tsx';
import { EntryPanel } from './ledger/entry-panel.tsx';
import { NoticesPanel } from './notices/notices-panel.tsx';
import { LowCreditsPanel } from './overview/low-credits-panel.tsx';
import { PlanPanel } from './purchases/plan-panel.tsx';
import { PurchasePanel } from './purchases/purchase-panel.tsx';
import { RenewalPanel } from './purchases/renewal-panel.tsx';
import { TopUpPanel } from './purchases/top-up-panel.tsx';

export function PanelOf({ panel }: { readonly panel: Panel }) {
  switch (panel.kind) {
    case 'topUp':
      return <TopUpPanel packs={panel.packs ?? 1} />;
    case 'plan':
      return <PlanPanel />;
    case 'renewal':
      return <RenewalPanel />;
    case 'joinCode':
      return <JoinCodePanel />;
    case 'joinAgain':
      return <JoinAgainPanel />;
    case 'profile':
      return <ProfilePanel />;
    case 'export':
      return <ExportPanel />;
    case 'document':
      return <DocumentPanel key={panel.id} id={panel.id} />;
    case 'commands':
      return <Palette />;
    case 'shortcuts':
      return <ShortcutsPanel />;
    case 'notices':
      return <NoticesPanel />;
    case 'entry':
      return <EntryPanel entry={panel.entry} />;
    case 'lowCredits':
      return <LowCreditsPanel />;
    case 'purchase':
      return <PurchasePanel key={panel.id} id={panel.id} seen={panel.seen} />;
  }
}
