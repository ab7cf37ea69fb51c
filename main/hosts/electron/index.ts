// The desktop app: what Electron must be told before it is ready, then the counter with this machine's ports, its window
// and its tray. The counter itself, and everything that is true without Electron, is elsewhere in main.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  app,
  type BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
} from 'electron';
import { chosenLanguage } from '../../chosen-language.ts';
import { type Counter, createCounter } from '../../counter.ts';
import type { Log } from '../../ports.ts';
import { cannotStartWords, shellWords } from '../../words/spoken.ts';
import { keyFileSecrets } from '../browser/key-file.ts';
import { thisMachine } from '../machine.ts';
import { electronDesktop } from './desktop.ts';
import { electronFiles } from './files.ts';
import { channels } from './ipc.ts';
import { stopBeforeQuit } from './lifecycle.ts';
import { fileLog } from './log.ts';
import { showNotices } from './notices.ts';
import { builtFiles, serveShop, shopScheme } from './protocol.ts';
import { sealedSecrets } from './secrets.ts';
import { confineAll, denyPermissions, outsideLink } from './security.ts';
import { showTray } from './tray.ts';
import { trayLines } from './tray-lines.ts';
import { bringForward, loadShop, openWindow } from './window.ts';

const { values: options } = parseArgs({
  args: process.argv.slice(1),
  strict: false,
  options: { data: { type: 'string' }, server: { type: 'string' }, hidden: { type: 'boolean' } },
});
const dataDir = typeof options.data === 'string' ? options.data : app.getPath('userData');
const serverUrl = typeof options.server === 'string' ? options.server : 'http://127.0.0.1:4400';

const logPath = join(dataDir, 'logs', 'counter.log');
const machine = thisMachine();

async function openOutside(url: string, log: Log): Promise<boolean> {
  const link = outsideLink(url, serverUrl);
  if (link === null) {
    log('warn', 'a link was not opened', { url });
    return false;
  }
  try {
    await shell.openExternal(link);
    return true;
  } catch (error) {
    log('warn', 'there is nothing to open a link with', { reason: String(error) });
    return false;
  }
}

function makeCounter(log: Log, window: () => BrowserWindow): Counter {
  return createCounter({
    ...machine,
    dataDir,
    serverUrl,
    appVersion: app.getVersion(),
    secrets: sealedSecrets(safeStorage, keyFileSecrets(dataDir)),
    openExternal: (url) => openOutside(url, log),
    files: electronFiles({
      ask: (options) => dialog.showSaveDialog(window(), options),
      openPath: (path) => shell.openPath(path),
      documents: app.getPath('documents'),
      folder: join(dataDir, 'opened'),
      log,
    }),
    desktop: electronDesktop(app, process.platform),
    log,
  });
}

async function start(): Promise<void> {
  denyPermissions(session.defaultSession);
  serveShop(protocol, builtFiles(join(app.getAppPath(), 'out/renderer')));
  const log = fileLog(logPath, machine.clock);
  const counter = makeCounter(log, () => window);
  const window = openWindow();
  const open = () => bringForward(window);
  channels(ipcMain, window.webContents, log, counter.serve);
  stopBeforeQuit(app, window, counter, machine.timers, log);
  const read = () => {
    const words = shellWords(counter.language(), app.getLocale());
    return { words, now: trayLines(counter.status(), words) };
  };
  const { timers } = machine;
  const { subscribe, wake: sync } = counter;
  app.on('before-quit', showTray({ read, subscribe, timers, log, open, sync, quit: () => app.quit() }));
  showNotices(counter, open);
  app.on('second-instance', open);
  app.on('activate', open);
  powerMonitor.on('resume', counter.wake);
  powerMonitor.on('unlock-screen', counter.wake);
  powerMonitor.on('on-ac', counter.wake);
  await Promise.all([counter.start(), loadShop(window, options.hidden === true)]);
}

function cannotStart(error: unknown): void {
  const words = shellWords(chosenLanguage(dataDir, fileLog(logPath, machine.clock)), app.getLocale());
  const { title, body } = cannotStartWords(words, error);
  dialog.showErrorBox(title, body);
  app.exit(1);
}

app.setAppUserModelId('in.pharmapulse.one.billing');
app.enableSandbox();
protocol.registerSchemesAsPrivileged([shopScheme]);
Menu.setApplicationMenu(null);
confineAll(app);
// The lock comes before anything is opened. Not awaited here: Electron becomes ready only after this module has ended.
if (app.requestSingleInstanceLock()) app.whenReady().then(start).catch(cannotStart);
else app.quit();
