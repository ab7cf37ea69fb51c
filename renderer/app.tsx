// What is shown when: nothing known yet, the counter away, setting up, or the screens with a panel over them.
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Suspense, useEffect } from 'react';
import { useCounter, useParts } from './app-parts.ts';
import { Messages } from './components/messages.tsx';
import { Bones } from './components/surface.tsx';
import type { Screen } from './store/route.ts';
import { AwayScreen, StartingScreen } from './views/away.tsx';
import { fetchRest, LaterActivation, laterScreens } from './views/later.tsx';
import { OverviewScreen } from './views/overview/overview.tsx';
import { PanelsOver } from './views/panels-over.tsx';
import { Shell } from './views/shell.tsx';
import { useShownScreen } from './views/use-screen.ts';

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
  const { text, counter } = useParts();
  const screen = useShownScreen();
  useEffect(() => fetchRest(counter), [counter]);
  const Shown = screenParts[screen];
  const title = `${text.shell.nav[screen]} – ${text.shell.product}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <PanelsOver>
      <Shell screen={screen}>
        <Suspense fallback={<Fetching />}>
          <Shown />
        </Suspense>
      </Shell>
    </PanelsOver>
  );
}

/** A screen whose file is on its way; marked, so that nobody takes it for the screen. */
function Fetching() {
  return (
    <div data-fetching="">
      <Bones lines={9} />
    </div>
  );
}
