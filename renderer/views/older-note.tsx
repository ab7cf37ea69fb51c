// Says that the past is still on its way: what is searched, counted and summed is only what is here.
import { useCounter, useParts } from '../app-parts.ts';
import { Banner } from '../components/surface.tsx';

export function OlderNote() {
  const { text, format } = useParts();
  const older = useCounter((state) => state.overview.value?.sync.older) ?? null;
  if (older === null) return null;
  const { title, body } = text.ledgerList.older;
  return <Banner tone="calm" title={title} body={body(format.number(older.held), format.number(older.total))} />;
}
