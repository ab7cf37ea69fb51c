// The mandate machine: what each word of the provider does to a mandate in each state. Pure and total. Forward only across
// its stages (asked for, agreed to, running, over); between the states of a running mandate there is no order that events
// could be put into, so there only the provider's answer to a question of ours is believed.

import type { PurchaseState } from '../../shared/contract/billing.ts';
import type { MandateStatus } from '../providers/port.ts';

/** requested: the provider is to be asked for it, or its answer is unknown. The rest as the provider says. */
export type MandateState = 'requested' | MandateStatus;

/**
 * take: it is so from now on. ask: an event may be older than what is known, so it only causes a look-up, whose answer is
 * taken. same: known already. never: older than what is known, or after the end.
 */
export type MandateMove = 'take' | 'ask' | 'same' | 'never';

/** Who says it: an event that may have been under way for a day, or the provider's answer to a question asked now. */
export type MandateSource = 'event' | 'look_up';

const over: Readonly<Record<MandateStatus, MandateMove>> = {
  created: 'never',
  authenticated: 'never',
  active: 'never',
  pending: 'never',
  halted: 'never',
  paused: 'never',
  cancelled: 'never',
  completed: 'never',
  expired: 'never',
};
const ends = { cancelled: 'take', completed: 'take', expired: 'take' } as const;
/** What is told before a mandate ran may be overtaken by better news, so bad news is asked about. */
const runs = { active: 'take', pending: 'ask', halted: 'ask', paused: 'ask', ...ends } as const;

export const mandateTable: Readonly<Record<MandateState, Readonly<Record<MandateStatus, MandateMove>>>> = {
  requested: { created: 'take', authenticated: 'take', ...runs },
  created: { created: 'same', authenticated: 'take', ...runs },
  authenticated: { created: 'never', authenticated: 'same', ...runs },
  active: { created: 'never', authenticated: 'never', ...runs, active: 'same' },
  pending: { created: 'never', authenticated: 'never', ...runs, active: 'ask', pending: 'same' },
  halted: { created: 'never', authenticated: 'ask', ...runs, active: 'ask', halted: 'same' },
  paused: { created: 'never', authenticated: 'ask', ...runs, active: 'ask', paused: 'same' },
  cancelled: { ...over, cancelled: 'same' },
  completed: { ...over, completed: 'same' },
  expired: { ...over, expired: 'same' },
};

/** What comes of being told a status: the new state; `ask`, when the provider must be asked first; null for nothing. */
export function moveMandate(
  state: MandateState,
  told: MandateStatus,
  source: MandateSource,
): { readonly to: MandateStatus } | 'ask' | null {
  const move = mandateTable[state][told];
  if (move === 'take' || (move === 'ask' && source === 'look_up')) return { to: told };
  return move === 'ask' ? 'ask' : null;
}

export type MandateStage = 'asked' | 'good' | 'failing' | 'over';

const stages: Readonly<Record<MandateState, MandateStage>> = {
  requested: 'asked',
  created: 'asked',
  authenticated: 'good',
  active: 'good',
  // A charge failed and the provider tries again: nothing is lost yet.
  pending: 'good',
  halted: 'failing',
  paused: 'failing',
  cancelled: 'over',
  completed: 'over',
  expired: 'over',
};

/** good: the renewal comes by itself. failing, over: the user renews by hand. */
export const stageOf = (state: MandateState): MandateStage => stages[state];

/**
 * Whether nobody wants it any more, so that it is to be cancelled at the provider before it takes money: the purchase with
 * which it was asked for was cancelled or expired before it was agreed to, or cancelled before its first charge; or the
 * plan is gone.
 */
export function isUnwanted(state: MandateState, asked: PurchaseState, planOwned: boolean): boolean {
  const stage = stageOf(state);
  if (stage === 'over') return false;
  if (!planOwned) return true;
  if (stage === 'asked') return asked === 'cancelled' || asked === 'expired';
  return state === 'authenticated' && asked === 'cancelled';
}
