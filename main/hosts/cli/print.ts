// What the command line prints for people. Plain lines, no colours; the same facts as --json.
import { errorCatalogue } from '../../../shared/contract/errors.ts';
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import { rupeesText } from '../../../shared/ledger/money.ts';
import type { ItemReport, StatusReport } from './report.ts';

const products: Readonly<Record<string, string>> = {
  'plan.pharmapulse-one': 'plan',
  'renewal.year': 'renewal',
  'topup.50k': 'credits',
};

const product = (sku: string | null, quantity: number) =>
  `${sku === null ? 'another kind of purchase' : (products[sku] ?? sku)}${quantity > 1 ? ` x ${quantity}` : ''}`;

const rupees = (paise: number | null) => (paise === null ? 'price not known' : `₹${rupeesText(paise)}`);

export function statusLines(status: StatusReport, running: boolean): string[] {
  if (status.session === 'none') return ['nobody has signed up on this data folder'];
  const states = Object.entries(status.items).map(([state, many]) => `${many} ${state}`);
  return [
    `org       ${status.orgId}`,
    `counter   ${status.deviceId}${status.session === 'revoked' ? `, shut out since ${status.revokedAt}` : ''}${running ? ', running' : ''}`,
    `data      ${status.verifiedAt === null ? 'nothing was checked yet' : `checked ${status.verifiedAt}, ${status.seq} entries`}`,
    `credits   ${status.balance}`,
    `plan      ${status.plan ?? 'none'}${status.nextDue === null ? '' : `, renewal due ${status.nextDue}`}`,
    `purchases ${states.length === 0 ? 'none' : states.join(', ')}`,
  ];
}

export function itemLines(items: readonly ItemReport[]): string[] {
  if (items.length === 0) return ['no purchases on this counter'];
  return items.map((item) => {
    const notes = [
      item.sentAt === null && item.state === 'queued' ? 'not sent yet' : null,
      item.nextAttemptAt === null ? null : `next try ${item.nextAttemptAt}`,
      item.cancelWantedAt !== null && item.state !== 'cancelled' ? 'to be cancelled' : null,
      item.reason,
      item.followsId === null ? null : `follows ${item.followsId}`,
    ].filter((note) => note !== null);
    const what = product(item.sku, item.quantity);
    return `${item.queuedAt}  ${item.id}  ${what}  ${rupees(item.amountPaise)}  ${item.state}${notes.length === 0 ? '' : `  (${notes.join('; ')})`}`;
  });
}

export const purchaseLine = (purchase: PurchaseView) =>
  `${purchase.state} ${purchase.id}: ${product(purchase.sku, purchase.quantity)}, ${rupees(purchase.amountPaise)}`;

/** The counter's own refusals that a command can meet; those of the server say themselves what they mean. */
const meanings: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(errorCatalogue).map(([code, { meaning }]) => [code, meaning])),
  not_found: 'There is no such purchase.',
  offline: 'There is no answer from the server.',
  not_activated: 'Nobody has signed up on this data folder.',
  server_too_old: 'The server is too old for this app.',
  app_too_old: 'This app is too old for the server.',
  storage_failed: 'The disk refused.',
};

export const refusalLine = (code: string) => `refused: ${meanings[code] ?? 'This cannot be done.'} (${code})`;
