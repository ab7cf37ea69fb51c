// Listens for the keys that work on every screen. While a panel is open they rest: it has the keyboard for itself.
import { useEffect } from 'react';
import { useCounter, useParts } from '../../app-parts.ts';
import type { Panel, Panels } from '../../panels.ts';
import { addressOf } from '../../store/route.ts';
import { type Shortcut, shortcutOf } from './keys.ts';

export function useShortcuts(panel: Panel | null, panels: Panels): void {
  const { counter } = useParts();
  const canTopUp = useCounter(
    ({ overview: { value } }) => value?.plan?.owned === true && value.session.state !== 'revoked',
  );
  useEffect(() => {
    const act = (shortcut: Shortcut) => {
      switch (shortcut.kind) {
        case 'screen':
          window.location.hash = addressOf(shortcut.screen);
          return;
        case 'refresh':
          void counter.syncNow();
          return;
        case 'topUp':
          if (canTopUp) panels.open({ kind: 'topUp' });
          return;
        case 'commands':
        case 'shortcuts':
          panels.open({ kind: shortcut.kind });
      }
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = shortcutOf({
        key: event.key,
        code: event.code,
        ctrlKey: event.ctrlKey,
        metaKey: event.metaKey,
        altKey: event.altKey,
        typing: event.target instanceof Element && event.target.matches('input, textarea, select'),
      });
      if (shortcut === null || event.defaultPrevented) return;
      // The browser has uses of its own for some of these keys.
      event.preventDefault();
      if (panel === null) act(shortcut);
      else if (panel.kind === 'commands' && shortcut.kind === 'commands') panels.close();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [counter, panel, panels, canTopUp]);
}
