// What the user of this counter has chosen: language, theme, notifications, and whether the PC starts it. All is kept in the
// outbox's file, which is never dropped; only starting with the PC is the operating system's to keep, so it is asked.

import type { NoticeView } from '../../shared/contract/notice-views.ts';
import type { NoticeChoice, SettingsView, SettingsWish } from '../../shared/contract/settings.ts';
import type { Outbox } from '../outbox/open.ts';
import { readSetting, saveSetting } from '../outbox/settings.ts';
import type { Desktop } from '../ports.ts';

export interface SettingParts {
  readonly outbox: Outbox;
  /** Absent where the host is a browser. */
  readonly desktop?: Desktop | undefined;
  readonly changed: () => void;
}

const allNotices: NoticeChoice = { payments: true, renewal: true, credits: true };

export function viewSettings({ outbox, desktop }: SettingParts): SettingsView {
  return {
    language: readSetting(outbox, 'language'),
    theme: readSetting(outbox, 'theme') ?? 'system',
    notices: readSetting(outbox, 'notices') ?? allNotices,
    systemNotices: desktop?.showsNotices() ?? false,
    startsWithPc: desktop?.startsWithPc() ?? null,
  };
}

/** A wish that this host cannot fulfil changes nothing; the view that comes back says how it is. */
export function saveSettings(parts: SettingParts, wish: SettingsWish): SettingsView {
  const { outbox, desktop } = parts;
  const save = outbox.sqlite.transaction(() => {
    if (wish.language !== undefined) saveSetting(outbox, 'language', wish.language);
    if (wish.theme !== undefined) saveSetting(outbox, 'theme', wish.theme);
    if (wish.notices !== undefined) saveSetting(outbox, 'notices', wish.notices);
  });
  save.immediate();
  if (wish.startsWithPc !== undefined && desktop?.startsWithPc() != null) desktop.startWithPc(wish.startsWithPc);
  parts.changed();
  return viewSettings(parts);
}

/** Whether the operating system is to show this one too. */
export function isShownOutside(outbox: Outbox, kind: NoticeView['kind']): boolean {
  const { payments, renewal, credits } = readSetting(outbox, 'notices') ?? allNotices;
  switch (kind) {
    case 'paid':
    case 'failed':
    case 'decision':
    case 'moved':
      return payments;
    case 'reminder':
      return renewal;
    case 'credits_low':
    case 'credits_out':
      return credits;
    case 'revoked':
      return true;
  }
}
