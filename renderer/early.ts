// What public/early.js has begun before the screen's script was here. Its answers are the first ones to the same calls, unless a
// notice said meanwhile that something changed: then they are old, and nobody gets them.

export interface Early {
  /** Calls without input, in the order in which they were asked. Over a socket the first has the number 1. */
  readonly asked: readonly string[];
  /** Notices of the desktop shell, or all frames of the socket. */
  readonly heard: readonly unknown[];
  /** From now on somebody else hears. */
  readonly stop: () => void;
  /** Of the desktop shell, in the order of `asked`. */
  readonly answers?: readonly Promise<unknown>[];
  /** Opened, opening, or closed already. */
  readonly socket?: WebSocket;
}

declare global {
  interface Window {
    early?: Early | undefined;
  }
}

/** Once: it is null for whoever comes second, and where the script did not run. */
export function takeEarly(page: Pick<Window, 'early'>): Early | null {
  const { early } = page;
  if (early === undefined) return null;
  page.early = undefined;
  early.stop();
  return early;
}
