// The operator's command line as words: which command with which arguments, or what is wrong with it. Pure.
import {
  adjustRequest,
  type RefundRequest,
  refundRequest,
  type WebhookState,
  webhookState,
} from '../../shared/contract/admin.ts';
import { type AlarmState, alarmState } from '../../shared/contract/alarms.ts';
import { idempotencyKey } from '../../shared/contract/ids.ts';
import { invoicesCsvQuery } from '../../shared/contract/invoices.ts';

export type Command =
  | { readonly name: 'verify'; readonly org: string | null }
  | { readonly name: 'orgs'; readonly query: string }
  | { readonly name: 'org'; readonly org: string }
  | {
      readonly name: 'credits';
      readonly org: string;
      readonly delta: number;
      readonly reason: string;
      readonly key: string | null;
    }
  | { readonly name: 'refund'; readonly purchase: string; readonly wish: RefundRequest; readonly key: string | null }
  | { readonly name: 'reconcile' }
  | { readonly name: 'audit'; readonly org: string }
  | { readonly name: 'webhooks'; readonly state: WebhookState | null }
  | { readonly name: 'replay'; readonly webhook: number }
  | { readonly name: 'alarms'; readonly state: AlarmState }
  | { readonly name: 'alarms close'; readonly alarm: number }
  | { readonly name: 'grants' }
  | { readonly name: 'rotate-entitlement-key'; readonly atOnce: boolean }
  | { readonly name: 'invoices'; readonly from: string | null; readonly to: string | null }
  | { readonly name: 'invoices inv01'; readonly document: string };

export type Read =
  | { readonly ok: true; readonly command: Command; readonly json: boolean }
  | { readonly ok: false; readonly fault: string }
  | 'help';

export const usage = `usage: npm run admin -- COMMAND [--json]
  verify [--org ID]                      proves ledger, cache, holds, grants, payments and invoices; exit 1 if a fault is found
  orgs [QUERY]                           orgs whose id, name, GSTIN or phone contains QUERY, newest first
  org ID                                 one org: subscription, credits, purchases, counters
  credits ORG DELTA REASON [--key KEY]   gives (or, with a minus, takes) credits; the same key again changes nothing
  refund PURCHASE REASON [--paise N]     sends all that is left of its money back, or N paise of it; the same --key KEY is the
    [--payment ID] [--org ID] [--key KEY]  same refund
  reconcile                              asks the provider about every purchase that is not settled, now
  audit ORG                              who did what, newest first
  webhooks [--state STATE]               stored webhooks: pending, applied, ignored or parked
  replay ID                              applies a stored webhook again
  grants                                 the monthly grants: per month how many were given, how many are left, and when
  alarms [--state STATE]                 what a person must look at: open, closed or all
  alarms close ID                        says that an alarm was looked at and is done
  rotate-entitlement-key [--at-once]     announces a new key for signing entitlements, which signs from tomorrow; at once if the
                                         present one may be in the wrong hands. Counters follow by themselves
  invoices [--from DATE] [--to DATE]     the register of all invoices and credit notes as CSV, by number; dates are included
  invoices inv01 ID|NUMBER               one B2B document in the form INV-01, as JSON for the invoice registration portal

Settings are the server's own (DATABASE_URL or DATA_DIR, …). Exit: 0 done, 1 faults found, 2 refused or not possible,
64 wrong arguments, 78 bad settings.`;

/** Options that a command takes beside --json. */
const options: Readonly<Record<string, readonly string[]>> = {
  verify: ['org'],
  credits: ['key'],
  refund: ['paise', 'payment', 'org', 'key'],
  webhooks: ['state'],
  alarms: ['state'],
  invoices: ['from', 'to'],
};
/** Options without a value, beside --json. */
const flags: Readonly<Record<string, readonly string[]>> = { 'rotate-entitlement-key': ['at-once'] };
const wordsOf: Readonly<Record<string, readonly [least: number, most: number]>> = {
  verify: [0, 0],
  orgs: [0, Number.POSITIVE_INFINITY],
  org: [1, 1],
  credits: [3, Number.POSITIVE_INFINITY],
  refund: [2, Number.POSITIVE_INFINITY],
  reconcile: [0, 0],
  audit: [1, 1],
  webhooks: [0, 0],
  replay: [1, 1],
  alarms: [0, 2],
  grants: [0, 0],
  'rotate-entitlement-key': [0, 0],
  invoices: [0, 2],
};

const isFlag = (word: string): boolean =>
  Object.values(flags).some((names) => names.some((name) => word === `--${name}`));

const wrong = (fault: string): Read => ({ ok: false, fault });

export function readArguments(given: readonly string[]): Read {
  const set = new Map<string, string>();
  const words: string[] = [];
  let json = false;
  for (let at = 0; at < given.length; at += 1) {
    const word = given[at] ?? '';
    if (word === '--help' || word === '-h') return 'help';
    if (word === '--json') json = true;
    else if (isFlag(word)) set.set(word.slice(2), '');
    else if (word.startsWith('--')) {
      const [name = '', inline] = word.slice(2).split(/=(.*)/s);
      if (inline === undefined) at += 1;
      const value = inline ?? given[at];
      if (value === undefined) return wrong(`--${name} needs a value`);
      set.set(name, value);
    } else words.push(word);
  }
  const [name, ...rest] = words;
  if (name === undefined) return wrong('a command is needed');
  const count = wordsOf[name];
  if (count === undefined) return wrong(`there is no command ${name}`);
  const odd = [...set.keys()].find(
    (option) => options[name]?.includes(option) !== true && flags[name]?.includes(option) !== true,
  );
  if (odd !== undefined) return wrong(`${name} has no option --${odd}`);
  if (rest.length < count[0]) return wrong(`${name} needs more arguments`);
  if (rest.length > count[1]) return wrong(`${name} takes no argument "${rest[count[1]]}"`);
  const command = commandOf(name, rest, set);
  return typeof command === 'string' ? wrong(command) : { ok: true, command, json };
}

/** The command, or a sentence that says what is wrong. */
function commandOf(name: string, words: readonly string[], set: ReadonlyMap<string, string>): Command | string {
  const first = words[0] ?? '';
  switch (name) {
    case 'verify':
      return { name, org: set.get('org') ?? null };
    case 'orgs':
      return { name, query: words.join(' ') };
    case 'org':
    case 'audit':
      return { name, org: first };
    case 'credits':
      return creditsOf(words, set.get('key') ?? null);
    case 'refund':
      return refundOf(words, set);
    case 'reconcile':
      return { name };
    case 'webhooks': {
      const state = webhookState.optional().safeParse(set.get('state'));
      return state.success
        ? { name, state: state.data ?? null }
        : `--state must be one of ${webhookState.options.join(', ')}`;
    }
    case 'replay':
      return /^\d{1,15}$/.test(first) ? { name, webhook: Number(first) } : 'replay needs the number of a webhook';
    case 'grants':
      return { name };
    case 'alarms':
      return alarmsOf(words, set.get('state'));
    case 'rotate-entitlement-key':
      return { name, atOnce: set.has('at-once') };
    case 'invoices':
      return invoicesOf(words, set);
    default:
      return `there is no command ${name}`;
  }
}

function creditsOf([org = '', delta = '', ...reason]: readonly string[], key: string | null): Command | string {
  const amount = /^[+-]?\d+$/.test(delta) ? Number(delta) : Number.NaN;
  const wish = adjustRequest.safeParse({ delta: amount, reason: reason.join(' ') });
  if (!wish.success) {
    const issue = wish.error.issues[0];
    return issue?.path[0] === 'delta'
      ? 'DELTA must be a whole number of credits, not 0, e.g. 500 or -500'
      : `REASON: ${issue?.message ?? 'is not valid'}`;
  }
  return faultOfKey(key) ?? { name: 'credits', org, key, ...wish.data };
}

function faultOfKey(key: string | null): string | null {
  return key === null || idempotencyKey.safeParse(key).success ? null : '--key must be 1 to 64 of A-Z a-z 0-9 _ -';
}

function refundOf([purchase = '', ...reason]: readonly string[], set: ReadonlyMap<string, string>): Command | string {
  const paise = set.get('paise');
  // Rupees with a point or a comma would be another sum: whole paise alone are taken.
  if (paise !== undefined && !/^\d{1,15}$/.test(paise)) return '--paise must be a whole number of paise, e.g. 250000';
  const wish = refundRequest.safeParse({
    reason: reason.join(' '),
    amountPaise: paise === undefined ? undefined : Number(paise),
    paymentId: set.get('payment'),
    org: set.get('org'),
  });
  if (!wish.success) {
    const issue = wish.error.issues[0];
    const option =
      { reason: 'REASON', amountPaise: '--paise', paymentId: '--payment' }[String(issue?.path[0])] ?? '--org';
    return `${option}: ${issue?.message ?? 'is not valid'}`;
  }
  const key = set.get('key') ?? null;
  return faultOfKey(key) ?? { name: 'refund', purchase, wish: wish.data, key };
}

function alarmsOf([verb, id = '']: readonly string[], given: string | undefined): Command | string {
  if (verb === undefined) {
    const state = alarmState.default('open').safeParse(given);
    return state.success
      ? { name: 'alarms', state: state.data }
      : `--state must be one of ${alarmState.options.join(', ')}`;
  }
  if (verb !== 'close') return `alarms takes no argument "${verb}"`;
  if (given !== undefined) return 'alarms close has no option --state';
  return /^\d{1,15}$/.test(id)
    ? { name: 'alarms close', alarm: Number(id) }
    : 'alarms close needs the number of an alarm';
}

function invoicesOf([verb, name]: readonly string[], set: ReadonlyMap<string, string>): Command | string {
  if (verb === undefined) {
    const period = invoicesCsvQuery.safeParse(Object.fromEntries(set));
    if (period.success) return { name: 'invoices', from: period.data.from ?? null, to: period.data.to ?? null };
    const issue = period.error.issues[0];
    return `--${String(issue?.path[0])} must be a date YYYY-MM-DD, and --to not before --from`;
  }
  if (verb !== 'inv01') return `invoices takes no argument "${verb}"`;
  if (set.size > 0) return 'invoices inv01 takes no options';
  return name === undefined
    ? 'invoices inv01 needs the id or the number of a document'
    : { name: 'invoices inv01', document: name };
}
