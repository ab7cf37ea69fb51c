// Above data from before, on every screen and in every panel: the counter program is not there, so nothing here follows anything.
import { useCounter, useParts } from '../app-parts.ts';
import { Banner } from './surface.tsx';

export function AwayBanner() {
  const { text } = useParts();
  const isAway = useCounter((state) => state.link === 'down');
  const { away } = text.shell;
  if (!isAway) return null;
  return (
    <div role="alert">
      <Banner tone="bad" title={away.title} body={`${away.body} ${away.kept}`} />
    </div>
  );
}
