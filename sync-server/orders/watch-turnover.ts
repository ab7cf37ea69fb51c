// Warns the operator before the law asks for more: when the turnover of a financial year comes near the limit above which every
// B2B invoice needs an IRN. Once a year; what the seller earns elsewhere under the same PAN is not known here.

import { financialYearOf } from '../../shared/gst/document-number.ts';
import { turnoverShare } from '../../shared/gst/limits.ts';
import { rupeesText } from '../../shared/ledger/money.ts';
import { businessDate } from '../../shared/plan/service-year.ts';
import { wasEverRaised } from '../store/alarms.ts';
import { turnoverOf } from '../store/register.ts';
import { type AlarmParts, soundAlarm } from './sound-alarm.ts';

export async function watchTurnover(parts: AlarmParts): Promise<void> {
  const { acrossOrgs } = parts.database;
  const today = businessDate(parts.clock.now());
  const financialYear = financialYearOf(today);
  const subject = `turnover ${financialYear}`;
  // Once told, the year's documents are not summed again: the sum is never over more than the limit.
  if (await wasEverRaised(acrossOrgs, 'e_invoice_turnover', subject)) return;
  const { invoicedPaise, creditedPaise } = await turnoverOf(acrossOrgs, financialYear);
  const { near, limitPaise } = turnoverShare(invoicedPaise - creditedPaise, today);
  if (!near) return;
  const details = {
    financialYear,
    turnoverRupees: rupeesText(invoicedPaise - creditedPaise),
    limitRupees: rupeesText(limitPaise),
    invoicedRupees: rupeesText(invoicedPaise),
    creditedRupees: rupeesText(creditedPaise),
  };
  await soundAlarm(parts, { kind: 'e_invoice_turnover', subject, orgId: null, details });
}
