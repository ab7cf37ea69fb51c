// Which screen the page's address asks for, and which one is there already.
import { startTransition, useEffect, useState } from 'react';
import { type Screen, screenOf } from '../store/route.ts';

/** The one that was asked for last: the press is answered at once, while its screen may still be on its way. */
export const useAskedScreen = (): Screen => useAddress((set) => set());

/** What is shown stays until the next screen is there. */
export const useShownScreen = (): Screen => useAddress(startTransition);

function useAddress(change: (set: () => void) => void): Screen {
  const [screen, setScreen] = useState(() => screenOf(window.location.hash));
  useEffect(() => {
    const follow = () => change(() => setScreen(screenOf(window.location.hash)));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [change]);
  return screen;
}
