// What the tray says of the counter: credits, plan, and from when that is. In words alone: an icon's colour tells nobody enough.
import type { OverviewView } from '../../../shared/contract/overview-view.ts';
import type { ShellWords } from '../../words/shell-words.ts';

export interface TrayLines {
  /** One below the other, the most important first. */
  readonly lines: readonly string[];
  /** All of it with the app's name, as short as the strictest desktop wants it. */
  readonly tip: string;
  /** Something is to be done: credits run low, the renewal is overdue, the counter was removed. */
  readonly urgent: boolean;
}

/** Windows cuts a longer one. */
const longestTip = 127;

export function trayLines(view: OverviewView, words: ShellWords): TrayLines {
  const credits = creditsLine(view, words);
  const plan = planLine(view, words);
  const lines = [...stateLines(view, words), credits.line, plan.line, freshLine(view, words)].filter(
    (line) => line !== null,
  );
  const whole = [words.name, ...lines].join('\n');
  const tip = whole.length <= longestTip ? whole : lines.join('\n').slice(0, longestTip);
  return { lines, tip, urgent: credits.urgent || plan.urgent || view.session.state === 'revoked' };
}

interface Line {
  readonly line: string | null;
  readonly urgent: boolean;
}
const silent: Line = { line: null, urgent: false };

function stateLines({ session }: OverviewView, words: ShellWords): string[] {
  if (session.state === 'none') return [words.notSetUp];
  return session.state === 'revoked' ? [words.removed] : [];
}

function creditsLine({ credits, plan }: OverviewView, words: ShellWords): Line {
  if (credits === null || plan?.owned !== true) return silent;
  const n = new Intl.NumberFormat(words.locale).format(credits.available);
  if (credits.available <= 0) return { line: words.creditsOut, urgent: true };
  if (credits.available < credits.lowBelow) return { line: words.creditsLow(n), urgent: true };
  return { line: words.credits(n), urgent: false };
}

function planLine({ plan, session }: OverviewView, words: ShellWords): Line {
  if (plan === null || plan.status === 'active' || session.state === 'none') return silent;
  const line = words.plan[plan.status](plan.daysLeft ?? 0);
  // Where nobody can say what day it is, it is told as what was known last.
  const sure = plan.asOf == null;
  return { line: sure ? line : words.lastKnown(line), urgent: plan.status === 'past_due' || plan.status === 'lapsed' };
}

/** Never "synced": from when the data is, and whether the server answers. */
function freshLine({ session, sync }: OverviewView, words: ShellWords): string | null {
  if (session.state === 'none') return null;
  if (sync.verifiedAt === null) return words.noData;
  const at = new Intl.DateTimeFormat(words.locale, { ...words.time, timeZone: 'Asia/Kolkata' });
  const seen = at.format(new Date(sync.verifiedAt));
  switch (sync.connection) {
    case 'online':
      return words.online(seen);
    case 'offline':
      return words.offline(seen);
    case 'connecting':
      return words.connecting(seen);
    case 'refused':
      return words.notAccepted(seen);
  }
}
