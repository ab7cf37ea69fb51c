// What is shown when: nothing known yet, the counter away, setting up, or the screens with a panel over them.
import { CSPProvider } from '@base-ui/react/csp-provider';
import { useEffect, useMemo, useState } from 'react';
import { useCounter, useParts } from './app-parts.ts';
import { Messages } from './components/messages.tsx';
import { type Panel, PanelsContext } from './panels.ts';
import { type Screen, screenOf } from './store/route.ts';
import { ActivationScreen } from './views/activation/activation.tsx';
import { AwayScreen, StartingScreen } from './views/away.tsx';
import { CountersScreen } from './views/counters/counters.tsx';
import { InvoicesScreen } from './views/invoices/invoices.tsx';
import { LedgerScreen } from './views/ledger/ledger.tsx';
import { OverviewScreen } from './views/overview/overview.tsx';
import { PanelOf } from './views/panel-of.tsx';
import { PurchasesScreen } from './views/purchases/purchases.tsx';
import { SettingsScreen } from './views/settings/settings.tsx';
import { Shell } from './views/shell.tsx';
import { UsageScreen } from './views/usage/usage.tsx';

const screenParts: Record<Screen, () => React.ReactNode> = {
  overview: OverviewScreen,
  purchases: PurchasesScreen,
  invoices: InvoicesScreen,
  ledger: LedgerScreen,
  usage: UsageScreen,
  counters: CountersScreen,
  settings: SettingsScreen,
};

export function App() {
  return (
    <CSPProvider disableStyleElements>
      <Inside />
      <Messages />
    </CSPProvider>
  );
}

function Inside() {
  const link = useCounter((state) => state.link);
  const session = useCounter((state) => state.overview.value?.session.state ?? null);
  const error = useCounter((state) => state.overview.error);
  if (session === 'none') return <ActivationScreen />;
  if (session !== null) return <Screens />;
  if (link === 'down') return <AwayScreen />;
  return <StartingScreen error={error} />;
}

function Screens() {
  const { text } = useParts();
  const screen = useScreen();
  const [panel, setPanel] = useState<Panel | null>(null);
  const panels = useMemo(() => ({ open: setPanel, close: () => setPanel(null) }), []);
  const Shown = screenParts[screen];
  const title = `${text.shell.nav[screen]} – ${text.shell.product}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <PanelsContext value={panels}>
      <Shell screen={screen}>
        <Shown />
      </Shell>
      {panel === null ? null : <PanelOf panel={panel} />}
    </PanelsContext>
  );
}

function useScreen(): Screen {
  const [screen, setScreen] = useState(() => screenOf(window.location.hash));
  useEffect(() => {
    const follow = () => setScreen(screenOf(window.location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return screen;
}
