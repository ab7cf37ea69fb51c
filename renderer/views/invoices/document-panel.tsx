// One tax document with everything that is printed on it, and its PDF to save and to print.
import { useEffect, useState } from 'react';
import type { DocumentView } from '../../../shared/contract/document-views.ts';
import type { Refusal } from '../../../shared/contract/result.ts';
import { useCounter, useOffline, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { SidePanel } from '../../components/dialogs.tsx';
import { Bones, Problem } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import { DocumentBody } from './document-body.tsx';
import { HandedNote, useHanding } from './handing.tsx';
import styles from './invoices.module.css';

export function DocumentPanel({ id }: { readonly id: string }) {
  const { text, counter } = useParts();
  const panels = usePanels();
  const [view, setView] = useState<DocumentView | null>(null);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [tries, setTries] = useState(0);
  // Whatever is new among the documents may be this one's PDF, or a credit note on it.
  const seen = useCounter((state) => state.documents.answeredAt);
  useEffect(() => void counter.read('documents'), [counter]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when something is new, or at the user's wish.
  useEffect(() => {
    let wanted = true;
    void counter.document(id).then((result) => {
      if (!wanted) return;
      if (result.ok) setView(result.value);
      setProblem(result.ok ? null : result.error);
    });
    return () => {
      wanted = false;
    };
  }, [counter, id, seen, tries]);
  if (view === null) {
    return (
      <SidePanel title={text.invoices.title} onClose={panels.close}>
        {problem === null ? (
          <Bones lines={8} />
        ) : (
          <Problem error={problem} onRetry={() => setTries((before) => before + 1)} />
        )}
      </SidePanel>
    );
  }
  const { kind, number } = view.document;
  return (
    <SidePanel
      title={`${text.invoices.kinds[kind]} ${number}`}
      onClose={panels.close}
      reading
      foot={<PdfActions id={id} held={view.pdfHeld} />}
    >
      <DocumentBody view={view} />
    </SidePanel>
  );
}

function PdfActions({ id, held }: { readonly id: string; readonly held: boolean }) {
  const { text, counter } = useParts();
  const offline = useOffline();
  const words = text.invoices.panel;
  const save = useHanding('download', () => counter.saveDocument(id));
  const print = useHanding('tab', () => counter.printDocument(id));
  const run = (what: typeof save, other: typeof save) => {
    other.clear();
    void what.run();
  };
  const said = { saved: words.saved, download: words.downloading, opened: words.openedHere, tab: words.openedTab };
  return (
    <>
      {offline && !held && save.problem === null && print.problem === null ? (
        <p className={styles.note}>{words.pdfMissing}</p>
      ) : null}
      <HandedNote handing={save} said={said} />
      <HandedNote handing={print} said={said} />
      <div className={styles.two}>
        <Button data-first="" kind="primary" busy={save.busy} onClick={() => run(save, print)}>
          {save.busy ? words.saving : words.save}
        </Button>
        <Button busy={print.busy} onClick={() => run(print, save)}>
          {print.busy ? words.opening : words.print}
        </Button>
      </div>
    </>
  );
}
