// Banners that stand on every screen, because they change what can be done on all of them.
import { useCounter, useParts } from '../app-parts.ts';
import { AwayBanner } from '../components/away-banner.tsx';
import { Button } from '../components/button.tsx';
import { Banner, Problem } from '../components/surface.tsx';
import { usePanels } from '../panels.ts';

/** The line above every screen says it already: offline, with data from when. */
const toldByTheLine: ReadonlySet<string> = new Set(['offline', 'unreachable', 'timeout']);

export function SharedBanners() {
  const { text, counter } = useParts();
  const panels = usePanels();
  const link = useCounter((state) => state.link);
  const { value, error } = useCounter((state) => state.overview);
  // What the server asked for the line says too: there is nothing to try again before that.
  const problem = value?.sync.waitUntil == null ? (value?.sync.problem ?? null) : null;
  return (
    <>
      <AwayBanner />
      {value?.session.state === 'revoked' ? (
        <Banner
          tone="bad"
          title={text.sync.revoked.title}
          body={text.sync.revoked.body}
          action={<Button onClick={() => panels.open({ kind: 'joinAgain' })}>{text.sync.revoked.action}</Button>}
        />
      ) : null}
      {value?.sync.clock === 'wrong' ? (
        <Banner tone="warn" title={text.sync.clockWrong.title} body={text.sync.clockWrong.body} />
      ) : null}
      {problem !== null && !toldByTheLine.has(problem) && value?.session.state !== 'revoked' ? (
        <Problem error={{ code: problem, retryable: true }} stale onRetry={() => void counter.syncNow()} />
      ) : null}
      {error !== null && link === 'up' ? (
        <Problem error={error} stale={value !== null} onRetry={() => void counter.read('overview')} />
      ) : null}
    </>
  );
}
