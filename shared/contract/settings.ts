// What the user of one counter has chosen for it. Kept on that PC, never sent to the server.
import { z } from 'zod';

/** A BCP 47 tag such as `hi`. Which languages there are, the screen knows; a tag that it does not have means the system's. */
export const languageTag = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/);

/** system: as the operating system says. contrast: the strongest, black and white. */
export const themeChoice = z.enum(['system', 'light', 'dark', 'contrast']);
export type ThemeChoice = z.infer<typeof themeChoice>;

/**
 * Of what the operating system shows a notification; in the app all is told in any case. payments: paid, failed, a decision.
 * renewal: due, past due, lapsed. credits: running low, out. A counter that was removed is always told.
 */
export const noticeChoice = z.object({ payments: z.boolean(), renewal: z.boolean(), credits: z.boolean() });
export type NoticeChoice = z.infer<typeof noticeChoice>;

/**
 * language: null for the operating system's. systemNotices: whether this host can show notifications of the operating system.
 * startsWithPc: null where the host cannot be started by the operating system, as in a browser.
 */
export const settingsView = z.object({
  language: languageTag.nullable(),
  theme: themeChoice,
  notices: noticeChoice,
  systemNotices: z.boolean(),
  startsWithPc: z.boolean().nullable(),
});
export type SettingsView = z.infer<typeof settingsView>;

/** What is to be another from now on; the rest stays. */
export const settingsWish = z
  .strictObject({
    language: languageTag.nullable(),
    theme: themeChoice,
    notices: noticeChoice.strict(),
    startsWithPc: z.boolean(),
  })
  .partial();
export type SettingsWish = z.infer<typeof settingsWish>;
