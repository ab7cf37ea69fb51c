// What is shown when: nothing known yet, the counter away, setting up, or the screens with a panel over them.
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Suspense, startTransition, useEffect, useMemo, useState } from 'react';
import { useCounter, useParts } from './app-parts.ts';
import { Messages } from './components/messages.tsx';
import { Bones } from './components/surface.tsx';
import { type Panel, PanelsContext } from './panels.ts';
import { type Screen, screenOf } from './store/route.ts';
import { AwayScreen, StartingScreen } from './views/away.tsx';
import { useShortcuts } from './views/commands/use-shortcuts.ts';
import { fetchRest, LaterActivation, LaterPanel, laterScreens } from './views/later.tsx';
import { OverviewScreen } from './views/overview/overview.tsx';
import { Shell } from './views/shell.tsx';

const screenParts: Record<Screen, React.ComponentType> = { overview: OverviewScreen, ...laterScreens };

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
  if (session === 'none') {
    return (
      <Suspense fallback={<StartingScreen error={null} />}>
        <LaterActivation />
      </Suspense>
    );
  }
  if (session !== null) return <Screens />;
  if (link === 'down') return <AwayScreen />;
  return <StartingScreen error={error} />;
}

function Screens() {
  const { text } = useParts();
  const screen = useScreen();
  const [panel, setPanel] = useState<Panel | null>(null);
  const panels = useMemo(() => ({ open: openIn(setPanel), close: () => setPanel(null) }), []);
  useShortcuts(panel, panels);
  useEffect(fetchRest, []);
  const Shown = screenParts[screen];
  const title = `${text.shell.nav[screen]} – ${text.shell.product}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <PanelsContext value={panels}>
      <Shell screen={screen}>
        <Suspense fallback={<Fetching />}>
          <Shown />
        </Suspense>
      </Shell>
      <Suspense fallback={null}>{panel === null ? null : <LaterPanel panel={panel} />}</Suspense>
    </PanelsContext>
  );
}

/**
 * As a transition, so that the first panel is there as soon as its file is: React else shows that it waits, here nothing, and then
 * lets a third of a second pass before it shows what came.
 */
const openIn = (setPanel: (panel: Panel) => void) => (panel: Panel) => startTransition(() => setPanel(panel));

function useScreen(): Screen {
  const [screen, setScreen] = useState(() => screenOf(window.location.hash));
  useEffect(() => {
    // What is shown stays until the next screen is there.
    const follow = () => startTransition(() => setScreen(screenOf(window.location.hash)));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return screen;
}

/** A screen whose file is on its way; marked, so that nobody takes it for the screen. */
function Fetching() {
  return (
    <div data-fetching="">
      <Bones lines={9} />
    </div>
  );
}
