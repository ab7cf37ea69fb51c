// Notices of the operating system: what the user is told, in the screen's own words. That each is told once is the
// counter's to keep; here it is only shown, and a click brings the window forward.
import { Notification } from 'electron';
import type { Counter } from '../../counter.ts';

/** Kept while they stand: a notification that is collected takes its click with it. */
const standing = new Set<Notification>();

export function showNotices(counter: Pick<Counter, 'onTold'>, open: () => void): void {
  if (!Notification.isSupported()) return;
  counter.onTold(({ title, body }) => {
    const notification = new Notification({ title, body });
    standing.add(notification);
    notification.on('click', open);
    notification.on('close', () => standing.delete(notification));
    notification.show();
  });
}
