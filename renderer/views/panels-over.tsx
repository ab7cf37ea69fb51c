// What lies over the screen. The screen below is not drawn anew when a panel comes or goes.
import { type ReactNode, Suspense, useMemo, useState, useTransition } from 'react';
import { Veil } from '../components/veil.tsx';
import { type Panel, PanelsContext } from '../panels.ts';
import { useShortcuts } from './commands/use-shortcuts.ts';
import { LaterPanel } from './later.tsx';

export function PanelsOver({ children }: { readonly children: ReactNode }) {
  const [panel, setPanel] = useState<Panel | null>(null);
  // As a transition, so that the first panel is there as soon as its file is: React else shows that it waits, here nothing, and then
  // lets a third of a second pass before it shows what came.
  const [opening, startOpening] = useTransition();
  const panels = useMemo(
    () => ({
      open: (next: Panel) => startOpening(() => setPanel(next)),
      close: () => setPanel(null),
    }),
    [],
  );
  useShortcuts(panel, panels);
  return (
    <PanelsContext value={panels}>
      {children}
      {opening && panel === null ? <Veil /> : null}
      <Suspense fallback={null}>{panel === null ? null : <LaterPanel panel={panel} />}</Suspense>
    </PanelsContext>
  );
}
