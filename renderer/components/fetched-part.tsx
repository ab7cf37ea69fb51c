// A part of the screen whose file is fetched when it is first needed.
import { type ComponentType, lazy } from 'react';
import { Problem } from './surface.tsx';

/** A part whose file does not come says so; the page is loaded anew, since a browser remembers that a file did not come. */
function NotFetched() {
  return <Problem error={{ code: 'counter_away', retryable: true }} onRetry={() => window.location.reload()} />;
}

export const part = <P,>(fetch: () => Promise<ComponentType<P>>) =>
  lazy(() =>
    fetch().then(
      (shown) => ({ default: shown }),
      () => ({ default: NotFetched as ComponentType<P> }),
    ),
  );
