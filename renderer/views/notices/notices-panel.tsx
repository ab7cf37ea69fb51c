// What was told, newest first, in the language that is chosen now. What is seen here counts as read from the next opening on, so
// that what is new can be told from the rest while it is read.
import { useEffect, useState } from 'react';
import type { ToldNotice } from '../../../shared/contract/notice-views.ts';
import { useCounter, useDataTime, useParts } from '../../app-parts.ts';
import { SidePanel } from '../../components/dialogs.tsx';
import { Bones, Chip, Empty } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import { sayNotice } from '../../text/notice-words.ts';
import styles from './notices.module.css';

export function NoticesPanel() {
  const { text, counter } = useParts();
  const panels = usePanels();
  const words = text.noticeList;
  const told = useCounter((state) => state.told.value);
  const newest = told?.items[0]?.num ?? 0;
  const [fresh] = useState(() => new Set(told?.items.filter(({ read }) => !read).map(({ num }) => num)));
  useEffect(() => {
    if (newest > 0) void counter.readNotices(newest);
  }, [counter, newest]);
  return (
    <SidePanel reading title={words.title} lead={words.lead} onClose={panels.close}>
      {told === null ? <Bones lines={5} /> : null}
      {told?.items.length === 0 ? <Empty title={words.empty.title} body={words.empty.body} /> : null}
      <ul className={styles.list}>
        {told?.items.map((one) => (
          <Line key={one.num} told={one} isNew={fresh.has(one.num) || !one.read} />
        ))}
      </ul>
    </SidePanel>
  );
}

function Line({ told, isNew }: { readonly told: ToldNotice; readonly isNew: boolean }) {
  const parts = useParts();
  const { now } = useDataTime();
  const { title, body, tone } = sayNotice(parts, told.notice);
  return (
    <li className={styles.line}>
      <div className={styles.head}>
        <strong>{title}</strong>
        {isNew ? <Chip tone={tone}>{parts.text.noticeList.isNew}</Chip> : null}
      </div>
      <p>{body}</p>
      <time dateTime={told.toldAt}>{parts.format.timeSeen(told.toldAt, now)}</time>
    </li>
  );
}
