// What a user presses, and what is on the screen when it has answered.
import type { BarePage } from './bare-page.ts';
import { bySelector, byText, openedToShown, pressToShown } from './in-page.ts';

const presses = 5;

/**
 * answers: what tells the user that the press was taken. shows: everything that was asked for. back: how to undo it, not measured.
 */
interface Action {
  readonly name: string;
  readonly press: string;
  readonly answers: string;
  readonly shows: string;
  readonly back: { readonly press: string; readonly shows: string };
}

const link = (screen: string) => `nav a[href="#/${screen}"]`;
const nav = (screen: string) => bySelector(link(screen));
const reached = (screen: string) => bySelector(`${link(screen)}[aria-current]`);
const gone = (found: string) => `!(${found})`;
const dialog = bySelector('[role=dialog]');
const overviewShown = byText('main button', 'Top up credits');
const backToOverview = { press: nav('overview'), shows: overviewShown };
const choose = (label: string, value: string) => `({ click: () => {
  const box = document.getElementById(${byText('label', label)}.htmlFor);
  Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(box, ${JSON.stringify(value)});
  box.dispatchEvent(new Event('change', { bubbles: true }));
} })`;
const counted = (holds: string) => `[...document.querySelectorAll('output')].some((one) => ${holds})`;

const ours: readonly Action[] = [
  {
    name: 'top-up panel',
    press: overviewShown,
    answers: bySelector('[data-veil], [role=dialog]'),
    shows: dialog,
    back: { press: bySelector('[role=dialog] button[aria-label="Close"]'), shows: gone(dialog) },
  },
  {
    name: 'purchases',
    press: nav('purchases'),
    answers: reached('purchases'),
    shows: bySelector('main section h2, main section li'),
    back: backToOverview,
  },
  {
    name: 'usage with its chart',
    press: nav('usage'),
    answers: reached('usage'),
    shows: bySelector('svg[role=img] rect'),
    back: backToOverview,
  },
  {
    name: 'ledger',
    press: nav('ledger'),
    answers: reached('ledger'),
    shows: bySelector('[aria-rowcount] tbody tr td:not(:empty)'),
    back: backToOverview,
  },
];

/** On the ledger: narrowed to one kind among all entries, and widened again. */
const filter: Action = {
  name: 'ledger narrowed to top-ups',
  press: choose('Kind', 'topup'),
  answers: bySelector('main output[class*=old]'),
  shows: counted("one.textContent.includes(' of ')"),
  back: {
    press: choose('Kind', ''),
    shows: counted("/entries$/.test(one.textContent) && !one.textContent.includes(' of ')"),
  },
};

const bare: Action = {
  name: 'dialog of the empty page',
  press: bySelector('#open'),
  answers: dialog,
  shows: dialog,
  back: { press: bySelector('#close'), shows: gone(dialog) },
};

export interface ActionTimes {
  readonly name: string;
  /** Milliseconds of each press. */
  readonly answered: readonly number[];
  readonly shown: readonly number[];
}

export async function actionTimes(page: BarePage, empty = false): Promise<ActionTimes[]> {
  await page.evaluate(openedToShown(empty ? bySelector('#open') : overviewShown));
  const all: ActionTimes[] = [];
  for (const action of empty ? [bare] : ours) all.push(await timed(page, action));
  if (empty) return all;
  const shown = bySelector('[aria-rowcount] tbody tr td:not(:empty)');
  await page.evaluate(pressToShown(nav('ledger'), shown, shown));
  return [...all, await timed(page, filter)];
}

async function timed(page: BarePage, { name, press, answers, shows, back }: Action): Promise<ActionTimes> {
  const answered: number[] = [];
  const shown: number[] = [];
  for (let time = 0; time < presses; time += 1) {
    const [first, all] = await page.evaluate<[number, number]>(pressToShown(press, answers, shows));
    answered.push(first);
    shown.push(all);
    await page.evaluate(pressToShown(back.press, back.shows, back.shows));
  }
  return { name, answered, shown };
}
