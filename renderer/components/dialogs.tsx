// The two ways to lay something over the screen: a panel at the side, and a question in the middle. Both trap the focus,
// close on Escape and give the focus back; Base UI does that, and no styles of its own are injected.
import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog } from '@base-ui/react/dialog';
import { type ReactNode, useRef } from 'react';
import { useParts } from '../app-parts.ts';
import { AwayBanner } from './away-banner.tsx';
import { Button, IconButton } from './button.tsx';
import styles from './dialogs.module.css';

interface SidePanelProps {
  readonly title: string;
  readonly lead?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
  /** What is inside is read and not filled in: without a field to go to, keys could not scroll it. */
  readonly reading?: boolean;
}

export function SidePanel({ title, lead, onClose, children, foot, reading = false }: SidePanelProps) {
  const { text } = useParts();
  const popup = useRef<HTMLDivElement>(null);
  // What is marked as first takes the focus; without a mark it is the Close button, so that Enter buys nothing.
  const first = () => popup.current?.querySelector<HTMLElement>('[data-first]') ?? true;
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup ref={popup} className={styles.side} initialFocus={first}>
          <div className={styles.head}>
            <Dialog.Title className={styles.title}>{title}</Dialog.Title>
            <Dialog.Close render={<IconButton icon="close" label={text.shell.close} />} />
          </div>
          <div className={styles.body} {...(reading ? { role: 'group', 'aria-label': title, tabIndex: 0 } : {})}>
            <AwayBanner />
            {lead === undefined ? null : <Dialog.Description className={styles.lead}>{lead}</Dialog.Description>}
            {children}
          </div>
          {foot === undefined ? null : <div className={styles.foot}>{foot}</div>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface QuestionProps {
  readonly open: boolean;
  readonly title: string;
  readonly body: string;
  readonly yes: string;
  readonly no: string;
  readonly busy?: boolean;
  /** Yes takes something away. */
  readonly removes?: boolean;
  readonly problem?: ReactNode;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

export function Question(props: QuestionProps) {
  const { open, title, body, yes, no, busy = false, removes = false, problem, onYes, onNo } = props;
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => (next ? undefined : onNo())}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.backdrop} />
        <AlertDialog.Popup className={styles.confirm}>
          <AlertDialog.Title>{title}</AlertDialog.Title>
          <AlertDialog.Description className={styles.lead}>{body}</AlertDialog.Description>
          {problem}
          <div className={styles.choices}>
            <AlertDialog.Close render={<Button>{no}</Button>} />
            <Button kind={removes ? 'remove' : 'primary'} busy={busy} onClick={onYes}>
              {yes}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
