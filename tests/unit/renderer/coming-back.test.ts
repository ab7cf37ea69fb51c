import { expect, test } from 'vitest';
import { onComingBack, type Page } from '../../../renderer/coming-back.ts';

function page(connection?: EventTarget) {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const made = Object.assign(new EventTarget(), {
    document,
    navigator: connection === undefined ? {} : { connection },
  });
  let looks = 0;
  onComingBack(made as Page, () => {
    looks += 1;
  });
  return { made, document, looks: () => looks };
}

test('focus, a network that is back, another network and a page that is seen again each cause one look', () => {
  const connection = new EventTarget();
  const { made, document, looks } = page(connection);
  made.dispatchEvent(new Event('focus'));
  made.dispatchEvent(new Event('online'));
  connection.dispatchEvent(new Event('change'));
  document.dispatchEvent(new Event('visibilitychange'));
  expect(looks()).toBe(4);
});

test('a page that is hidden causes none, and a browser without network information needs none', () => {
  const { made, document, looks } = page();
  document.visibilityState = 'hidden';
  document.dispatchEvent(new Event('visibilitychange'));
  made.dispatchEvent(new Event('offline'));
  expect(looks()).toBe(0);
});
