// What a user presses, and what is on the screen when it has answered.
import type { Row } from '../section.ts';
import type { BarePage } from './bare-page.ts';
import { bySelector, byText, openedToShown, pressToShown } from './in-page.ts';

const presses = 5;

/** back: how to undo it, not measured. */
interface Action {
  readonly name: string;
  readonly press: string;
  readonly shows: string;
  readonly back?: { readonly press: string; readonly shows: string };
}

const nav = (screen: string) => bySelector(`nav a[href="#/${screen}"]`);
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
    name: 'top-up panel opened',
    press: overviewShown,
    shows: dialog,
    back: { press: bySelector('[role=dialog] button[aria-label="Close"]'), shows: gone(dialog) },
  },
  {
    name: 'purchases shown',
    press: nav('purchases'),
    shows: bySelector('main section h2, main section li'),
    back: backToOverview,
  },
  {
    name: 'usage shown, with its chart',
    press: nav('usage'),
    shows: bySelector('svg[role=img] rect'),
    back: backToOverview,
  },
  {
    name: 'ledger shown',
    press: nav('ledger'),
    shows: bySelector('[aria-rowcount] tbody tr td:not(:empty)'),
    back: backToOverview,
  },
];

/** On the ledger: narrowed to one kind among all entries, and widened again. */
const filter: Action = {
  name: 'ledger narrowed to top-ups',
  press: choose('Kind', 'topup'),
  shows: counted("one.textContent.includes(' of ')"),
  back: {
    press: choose('Kind', ''),
    shows: counted("/entries$/.test(one.textContent) && !one.textContent.includes(' of ')"),
  },
};

const bare: Action = {
  name: 'dialog opened, empty page',
  press: bySelector('#open'),
  shows: dialog,
  back: { press: bySelector('#close'), shows: gone(dialog) },
};

export async function actionRows(
  page: BarePage,
  rowOf: (name: string, took: readonly number[]) => Row,
  empty = false,
): Promise<Row[]> {
  const rows: Row[] = [];
  await page.evaluate(openedToShown(empty ? bySelector('#open') : overviewShown));
  for (const action of empty ? [bare] : ours) rows.push(rowOf(action.name, await timed(page, action)));
  if (empty) return rows;
  await page.evaluate(pressToShown(nav('ledger'), bySelector('[aria-rowcount] tbody tr td:not(:empty)')));
  rows.push(rowOf(filter.name, await timed(page, filter)));
  return rows;
}

async function timed(page: BarePage, { press, shows, back }: Action): Promise<number[]> {
  const took: number[] = [];
  for (let time = 0; time < presses; time += 1) {
    took.push(await page.evaluate<number>(pressToShown(press, shows)));
    if (back !== undefined) await page.evaluate(pressToShown(back.press, back.shows));
  }
  return took;
}
