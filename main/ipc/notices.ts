// Use cases on notices: what is to be told, and that it is told now. The renderer has the words; the host is told them as
// well, for the operating system. Whoever asks second for the same notice is not the first, and says nothing.
import type { CallInput, CallOutput } from '../../shared/contract/ipc.ts';
import type { OverviewView } from '../../shared/contract/overview-view.ts';
import { remindersAt } from '../../shared/plan/reminders.ts';
import { newestInflow } from '../mirror/entries.ts';
import { readPosition } from '../mirror/position.ts';
import { countUnread, keepNotice, markRead, readKept } from '../notices/kept.ts';
import { newsOf } from '../notices/news.ts';
import { markTold, wasTold } from '../notices/told.ts';
import { readSetting, saveSetting } from '../outbox/settings.ts';
import { type OverviewParts, viewOverview } from './overview.ts';
import { viewPurchases } from './purchase-view.ts';
import { isShownOutside } from './settings.ts';

export interface NoticeParts extends OverviewParts {
  /** Hears what is told, once each, unless the user wants no notification of its kind. */
  readonly onTold: (words: Words) => void;
  readonly changed: () => void;
}

export interface Words {
  readonly title: string;
  readonly body: string;
}

export function listNotices(parts: NoticeParts): CallOutput<'notices.list'> {
  const { outbox, mirror, time } = parts;
  const position = readPosition(mirror);
  if (parts.session.state() === 'none' || position === null) return { items: [] };
  const overview = viewOverview(parts);
  const facts = { serviceRenewalNextDue: overview.plan?.nextDue ?? null };
  const items = newsOf({
    overview,
    purchases: viewPurchases(parts),
    reminders: position.status?.reminders ?? [],
    // Only what is certainly so: a clock that is ahead tells of no lapse.
    calendar: remindersAt(facts, time.window().least).map(({ kind }) => kind),
    inflow: newestInflow(mirror),
    since: tellingSince(parts),
    wasTold: (key) => wasTold(outbox, key),
  });
  return { items };
}

export function tellNotice(
  parts: NoticeParts,
  { key, title, body }: CallInput<'notices.tell'>,
): CallOutput<'notices.tell'> {
  const news = listNotices(parts).items.find((notice) => notice.key === key);
  const now = parts.time.now();
  const tell = parts.outbox.sqlite.transaction(() => {
    if (news === undefined || !markTold(parts.outbox, key, now)) return false;
    keepNotice(parts.outbox, news, now);
    return true;
  });
  const first = tell.immediate();
  if (first && news !== undefined && isShownOutside(parts.outbox, news.kind)) parts.onTold({ title, body });
  return { first };
}

export function toldNotices({ outbox }: NoticeParts, { limit }: CallInput<'notices.told'>): CallOutput<'notices.told'> {
  return { items: readKept(outbox, limit), unread: countUnread(outbox) };
}

export function readNotices(
  { outbox, time }: NoticeParts,
  { upTo }: CallInput<'notices.read'>,
): CallOutput<'notices.read'> {
  markRead(outbox, upTo, time.now());
  return { unread: countUnread(outbox) };
}

export function setLowCredits(parts: NoticeParts, { below }: CallInput<'settings.lowCredits'>): OverviewView {
  saveSetting(parts.outbox, 'lowCreditsBelow', below);
  parts.changed();
  return viewOverview(parts);
}

function tellingSince({ outbox, time }: NoticeParts): string {
  const saved = readSetting(outbox, 'tellingSince');
  if (saved !== null) return saved;
  const now = time.now().toISOString();
  saveSetting(outbox, 'tellingSince', now);
  return now;
}
