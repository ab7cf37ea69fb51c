// How a test works the screen: with a mouse, or with the keys alone, as somebody does who has no mouse or cannot use one. By
// keys a thing is reached with Tab from wherever the focus is; what cannot be reached so fails the test.
import { expect, type Locator } from '@playwright/test';

export interface Hands {
  readonly press: (target: Locator) => Promise<void>;
  readonly fill: (target: Locator, text: string) => Promise<void>;
  /** In a drop-down, the option of this value. */
  readonly choose: (target: Locator, value: string) => Promise<void>;
  /** A number by one: its button, or the arrow key in its field, which is how it goes by keys. */
  readonly raise: (button: Locator, field: Locator) => Promise<void>;
  /** One of a row of tabs; `from`: the one that is chosen now. */
  readonly turnTo: (tab: Locator, from: Locator) => Promise<void>;
}

export const mouse: Hands = {
  press: (target) => target.click(),
  fill: (target, text) => target.fill(text),
  choose: async (target, value) => {
    await target.selectOption(value);
  },
  raise: (button) => button.click(),
  turnTo: (tab) => tab.click(),
};

/** More than any screen has. */
const mostTabs = 150;

async function reach(target: Locator): Promise<void> {
  await target.waitFor();
  const { keyboard } = target.page();
  for (let tabs = 0; tabs <= mostTabs; tabs += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      await expectVisibleFocus(target);
      return;
    }
    await keyboard.press('Tab');
  }
  throw new Error(`the Tab key never comes to ${target}`);
}

/** The focus is seen: a ring of at least two pixels around the thing or around what holds it, and inside the window. */
async function expectVisibleFocus(target: Locator): Promise<void> {
  const ring = await target.evaluate((element) => {
    const around = [element, element.parentElement].flatMap((one) => (one === null ? [] : [getComputedStyle(one)]));
    return Math.max(
      ...around.map((style) => (style.outlineStyle === 'none' ? 0 : Number.parseInt(style.outlineWidth, 10))),
    );
  });
  expect(ring, `${target} shows that it has the focus`).toBeGreaterThanOrEqual(2);
  await expect(target).toBeInViewport();
}

export const keys: Hands = {
  press: async (target) => {
    await reach(target);
    await target.page().keyboard.press('Enter');
  },
  fill: async (target, text) => {
    await reach(target);
    await target.page().keyboard.press('ControlOrMeta+A');
    await target.page().keyboard.insertText(text);
  },
  choose: async (target, value) => {
    await reach(target);
    const field = await target.elementHandle();
    if (field === null) throw new Error(`${target} is gone`);
    const at = await field.evaluate(
      (element, wanted) => [...(element as HTMLSelectElement).options].findIndex((option) => option.value === wanted),
      value,
    );
    expect(at, `there is an option ${value}`).toBeGreaterThanOrEqual(0);
    await target.page().keyboard.press('Home');
    for (let down = 0; down < at; down += 1) await target.page().keyboard.press('ArrowDown');
    // By the thing itself: a choice of language takes its name away.
    await expect.poll(() => field.evaluate((element) => (element as HTMLSelectElement).value)).toBe(value);
  },
  raise: async (_button, field) => {
    await reach(field);
    await field.page().keyboard.press('ArrowUp');
  },
  turnTo: async (tab, from) => {
    await reach(from);
    await tab.page().keyboard.press('ArrowRight');
    await tab.page().keyboard.press('Enter');
    await expect(tab).toHaveAttribute('aria-selected', 'true');
  },
};
