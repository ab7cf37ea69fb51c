// Owns the calendar of mandates: when the nth cycle of a plan begins. Pure; times are unix seconds, in UTC.

export const periods = ['daily', 'weekly', 'monthly', 'quarterly', 'yearly'] as const;
export type Period = (typeof periods)[number];

const DAYS: Partial<Record<Period, number>> = { daily: 1, weekly: 7 };
const MONTHS: Partial<Record<Period, number>> = { monthly: 1, quarterly: 3, yearly: 12 };

/** `count` periods after `from`; a day that a month lacks becomes its last one. */
export function after(from: number, period: Period, count: number): number {
  const days = DAYS[period];
  if (days !== undefined) return from + days * count * 86_400;
  const start = new Date(from * 1000);
  const end = new Date(from * 1000);
  end.setUTCDate(1);
  end.setUTCMonth(start.getUTCMonth() + (MONTHS[period] ?? 0) * count);
  const daysInMonth = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  end.setUTCDate(Math.min(start.getUTCDate(), daysInMonth));
  return end.getTime() / 1000;
}
