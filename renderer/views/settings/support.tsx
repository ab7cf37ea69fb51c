// The file that support asks for.
import { useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/surface.tsx';
import { HandedNote, useHanding } from '../invoices/handing.tsx';
import styles from './settings.module.css';

export function Support() {
  const { text, counter } = useParts();
  const words = text.settings.support;
  const handing = useHanding('download', () => counter.exportDiagnostics());
  const said = { saved: words.saved, opened: words.saved, download: words.downloading, tab: words.downloading };
  return (
    <Card title={words.title}>
      <div className={styles.fields}>
        <div className={styles.line}>
          <p className={styles.lead}>{words.lead}</p>
          <Button busy={handing.busy} onClick={() => void handing.run()}>
            {handing.busy ? words.running : words.run}
          </Button>
        </div>
        <HandedNote handing={handing} said={said} />
      </div>
    </Card>
  );
}
