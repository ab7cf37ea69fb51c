// What a sight of the counter is: a screen on played answers, and what is pressed to come to what stands in it or over it.
import type { Page } from '@playwright/test';
import type { Messages } from '../../renderer/text/en.ts';
import type { Scenario } from '../fakes/played-counter.ts';

export type Screen = 'overview' | 'purchases' | 'invoices' | 'ledger' | 'usage' | 'counters' | 'settings';

export interface Sight {
  readonly name: string;
  readonly scenario: () => Scenario;
  readonly screen: Screen;
  /** What is pressed to come to it. */
  readonly open?: (page: Page, say: Messages) => Promise<void>;
  /** What is opened stands in the screen itself, and not over it. */
  readonly inPlace?: boolean;
  /** The counter's program ends once the screen is there. */
  readonly away?: boolean;
}

/** The first of the buttons with this name. */
export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first();
