// When the user, the PC or its network comes back: what is shown may be old then, so the server is looked at at once. Main
// decides whether that may be now; a server that asked to wait is left alone.

/** The parts of a page that say so; connection is there in Chromium only. */
export interface Page extends Pick<EventTarget, 'addEventListener'> {
  readonly document: Pick<EventTarget, 'addEventListener'> & { readonly visibilityState: string };
  readonly navigator: { readonly connection?: Pick<EventTarget, 'addEventListener'> };
}

/** Calls back on focus, when the page is seen again (after a sleep too), when a network is back, and when it is another one. */
export function onComingBack(page: Page, look: () => void): void {
  page.addEventListener('focus', look);
  page.addEventListener('online', look);
  page.navigator.connection?.addEventListener('change', look);
  page.document.addEventListener('visibilitychange', () => {
    if (page.document.visibilityState === 'visible') look();
  });
}
