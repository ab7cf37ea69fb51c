// The counter's one window.
import { join } from 'node:path';
import { app, BrowserWindow, type WebPreferences } from 'electron';
import { shop } from './security.ts';

/** One object for development, tests and release. What is not here keeps Electron's safe default. */
export const webPreferences = Object.freeze({
  preload: join(app.getAppPath(), 'out/preload/index.js'),
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  spellcheck: false,
} satisfies WebPreferences);

/** A page that keeps dying is not reloaded for ever. */
const mostReloads = 3;

export function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    title: 'PharmaPulse One billing',
    width: 1200,
    height: 800,
    minWidth: 800,
    minHeight: 600,
    show: false,
    webPreferences,
  });
  let reloads = 0;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || reloads === mostReloads) return;
    reloads += 1;
    window.webContents.reload();
  });
  return window;
}

/** Resolves when the page is there. The window is shown at the end: a hidden start (at login) stays in the tray. */
export async function loadShop(window: BrowserWindow, hidden: boolean): Promise<void> {
  await window.loadURL(shop.start);
  if (!hidden) window.show();
}

export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
