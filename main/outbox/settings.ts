// Small facts that must outlive a start, by name, each with its shape.
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { device } from '../../shared/contract/devices.ts';
import { languageTag, noticeChoice, themeChoice } from '../../shared/contract/settings.ts';
import { instant } from '../../shared/ledger/entry.ts';
import { left } from '../mirror/stamp.ts';
import type { Outbox } from './open.ts';
import { setting } from './schema.ts';

export const settings = {
  /** The newest trusted time. A contact sets it, also downwards: a server's own mistake must heal. */
  trustedTime: instant,
  /** The last entitlement that was believed. */
  entitlement: z.string(),
  /** Fewer available credits than this are told as running low. */
  lowCreditsBelow: z.int().min(0),
  /** The user's own; null: as the operating system says. */
  language: languageTag.nullable(),
  theme: themeChoice,
  /** Of what the operating system shows a notification. */
  notices: noticeChoice,
  /** When this counter began to tell its user what happens. */
  tellingSince: instant,
  /** What went wrong with the files on this PC and was put right, newest first. */
  incidents: z.array(z.object({ at: instant, what: z.string(), detail: z.string() })),
  /** How the mirror was left by the start before. */
  mirrorLeft: left,
  /** The believed statements about keys, oldest first; they begin at the keys of the session. */
  entitlementKeyChain: z.array(z.string()),
  /** This pharmacy's counters as the server last listed them, and when. */
  counters: z.object({ at: instant, items: z.array(device) }),
  /** Sign-up or join under way: the same request gets the same key, so that a lost answer makes no second org. */
  activation: z.object({ digest: z.string(), key: z.string() }),
} as const;

type Settings = { readonly [N in keyof typeof settings]: z.infer<(typeof settings)[N]> };

export function readSetting<N extends keyof Settings>(outbox: Outbox, name: N): Settings[N] | null {
  const row = outbox.db.select().from(setting).where(eq(setting.name, name)).get();
  if (row === undefined) return null;
  const shape: z.ZodType<Settings[N]> = settings[name] as unknown as z.ZodType<Settings[N]>;
  const parsed = shape.safeParse(JSON.parse(row.value));
  return parsed.success ? parsed.data : null;
}

export function saveSetting<N extends keyof Settings>(outbox: Outbox, name: N, value: Settings[N]): void {
  const row = { name, value: JSON.stringify(value) };
  outbox.db.insert(setting).values(row).onConflictDoUpdate({ target: setting.name, set: row }).run();
}

export function forgetSetting(outbox: Outbox, name: keyof Settings): void {
  outbox.db.delete(setting).where(eq(setting.name, name)).run();
}
