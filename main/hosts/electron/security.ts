// What the shell refuses, whatever the page asks for: leaving the app, windows, webviews, permissions, downloads, strange
// senders, strange links. Electron's security checklist is kept here; tests/unit/shell walks it item by item.
import type { App, Session, WebContents } from 'electron';

/** Where the app itself is. A custom scheme has the origin `null`, so scheme and host are compared, never the origin. */
export const shop = { scheme: 'app', host: 'shop', start: 'app://shop/index.html' } as const;

function parsed(url: string | undefined): URL | null {
  return url !== undefined && URL.canParse(url) ? new URL(url) : null;
}

export function isShopUrl(url: string | undefined): boolean {
  const at = parsed(url);
  return at !== null && at.protocol === `${shop.scheme}:` && at.host === shop.host && at.username === '';
}

/** Only our own page, and only as the main frame: no frame that is gone, none without an address. */
export function isShopFrame(frame: { readonly url: string; readonly parent: unknown } | null): boolean {
  return frame !== null && frame.parent === null && isShopUrl(frame.url);
}

/**
 * The link as it is handed to the operating system, or null. Only pages of the server that this counter syncs with, over
 * https; a server on this PC (development) may be plain http.
 */
export function outsideLink(link: string, serverUrl: string): string | null {
  const [to, server] = [parsed(link), parsed(serverUrl)];
  if (to === null || server === null || to.username !== '' || to.password !== '') return null;
  const secure = to.protocol === 'https:' || (to.protocol === 'http:' && to.hostname === '127.0.0.1');
  return secure && to.protocol === server.protocol && to.host === server.host ? to.href : null;
}

/** Keeps one page where it is. Nothing that the user presses in the app needs to leave it. */
export function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Every page that is ever made is confined, also one that this shell did not make itself. */
export function confineAll(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents) => confine(contents));
}

/** The app needs no camera, place, device, clipboard or file of the user. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null));
  session.on('will-download', (event) => event.preventDefault());
}
