// A file on its way out of the app: asked for once, fetched by the page where the host says so, and told where it went.
import { useState } from 'react';
import type { HandedFile } from '../../../shared/contract/document-views.ts';
import type { Refusal, Result } from '../../../shared/contract/result.ts';
import { useParts } from '../../app-parts.ts';
import { Problem } from '../../components/surface.tsx';
import styles from './invoices.module.css';

/** What the page does with a link that it is given. */
type How = 'download' | 'tab';

export interface Handing {
  readonly how: How;
  readonly busy: boolean;
  readonly problem: Refusal | null;
  readonly handed: HandedFile | null;
  readonly run: () => Promise<HandedFile | null>;
  readonly clear: () => void;
}

export function useHanding(how: How, ask: () => Promise<Result<HandedFile>>): Handing {
  const { download, openTab } = useParts();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [handed, setHanded] = useState<HandedFile | null>(null);
  const clear = () => {
    setProblem(null);
    setHanded(null);
  };
  return {
    how,
    busy,
    problem,
    handed,
    clear,
    async run() {
      clear();
      setBusy(true);
      const result = await ask();
      setBusy(false);
      if (!result.ok) {
        setProblem(result.error);
        return null;
      }
      if (result.value.kind === 'link') (how === 'tab' ? openTab : download)(result.value.path);
      setHanded(result.value);
      return result.value;
    },
  };
}

interface HandedNoteProps {
  readonly handing: Handing;
  readonly said: { readonly saved: string; readonly download: string; readonly opened: string; readonly tab: string };
}

/** What was pressed may stand at the lower edge of the window, and the answer to it below. */
const bringIntoSight = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' });

export function HandedNote({ handing, said }: HandedNoteProps) {
  const { text } = useParts();
  const { handed, how, problem } = handing;
  const words = text.invoices.panel;
  const sentence = { saved: said.saved, opened: said.opened, cancelled: null, link: said[how] };
  return (
    <>
      {problem === null ? null : (
        <div ref={bringIntoSight}>
          <Problem error={problem} />
        </div>
      )}
      <output className={styles.handed}>{handed === null ? null : sentence[handed.kind]}</output>
      {handed?.kind === 'link' && how === 'tab' ? (
        <p className={styles.note}>
          {words.notOpened}{' '}
          <a href={handed.path} target="_blank" rel="noopener noreferrer">
            {words.link}
          </a>
        </p>
      ) : null}
    </>
  );
}
