// Everything that can be done now, by name: screens to go to, and what the buttons of all screens do.
import { useCounter, useParts } from '../../app-parts.ts';
import { usePanels } from '../../panels.ts';
import { addressOf, screens } from '../../store/route.ts';
import { useOpenPurchase, useRenew } from '../overview/use-renew.ts';
import { keysOf, screenKeys } from './keys.ts';

export interface Command {
  readonly name: string;
  readonly keys: readonly string[] | null;
  readonly run: () => void;
}

export function useCommands(): readonly Command[] {
  const { text, counter } = useParts();
  const panels = usePanels();
  const revoked = useCounter((state) => state.overview.value?.session.state === 'revoked');
  const words = text.commands;
  const panel = (
    name: string,
    kind: 'joinCode' | 'joinAgain' | 'export' | 'profile' | 'notices' | 'shortcuts',
  ): Command => ({
    name,
    keys: kind === 'shortcuts' ? keysOf.shortcuts : null,
    run: () => panels.open({ kind }),
  });
  const go = screens.map((screen) => ({
    name: words.go(text.shell.nav[screen]),
    keys: screenKeys(screen),
    run: () => {
      panels.close();
      window.location.hash = addressOf(screen);
    },
  }));
  const refresh = {
    name: text.shell.refresh,
    keys: keysOf.refresh,
    run: () => {
      panels.close();
      void counter.syncNow();
    },
  };
  return [
    ...useBuying(revoked),
    ...go,
    refresh,
    revoked ? panel(text.sync.revoked.action, 'joinAgain') : panel(text.counters.add, 'joinCode'),
    panel(text.invoices.exportAction, 'export'),
    panel(text.invoices.profileAction, 'profile'),
    panel(text.noticeList.title, 'notices'),
    panel(words.shortcuts.title, 'shortcuts'),
  ];
}

/** What can be bought or paid, in the words of its own button. */
function useBuying(revoked: boolean): readonly Command[] {
  const { text } = useParts();
  const panels = usePanels();
  const renew = useRenew();
  const openPlan = useOpenPurchase('plan.pharmapulse-one');
  const plan = useCounter((state) => state.overview.value?.plan ?? null);
  const priced = useCounter((state) => (state.overview.value?.prices ?? null) !== null);
  if (plan === null) return [];
  if (!plan.owned) {
    const run = () =>
      panels.open(openPlan === null ? { kind: 'plan' } : { kind: 'purchase', id: openPlan.id, seen: openPlan });
    return openPlan === null && !priced ? [] : [{ name: text.overview.start.buy, keys: null, run }];
  }
  const { topUp, limit } = text.overview.credits;
  return [
    ...(revoked ? [] : [{ name: topUp, keys: keysOf.topUp, run: () => panels.open({ kind: 'topUp' }) }]),
    ...(renew.disabled ? [] : [{ name: renew.word, keys: null, run: renew.run }]),
    { name: limit.title, keys: null, run: () => panels.open({ kind: 'lowCredits' }) },
  ];
}
