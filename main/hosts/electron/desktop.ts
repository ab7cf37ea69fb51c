// What only a desktop shell can do for its user: notifications of the operating system, and being started with the PC.
import { type App, Notification } from 'electron';
import type { Desktop } from '../../ports.ts';

/** Started by the operating system, the counter stays in the tray: nobody asked for its window. */
const startedByPc = ['--hidden'];

/**
 * platform: as Node names it. Linux desktops have no such list that Electron could write, and a program that is not installed
 * would register Electron itself.
 */
export function electronDesktop(
  app: Pick<App, 'isPackaged' | 'getLoginItemSettings' | 'setLoginItemSettings'>,
  platform: string,
): Desktop {
  const able = app.isPackaged && (platform === 'win32' || platform === 'darwin');
  return {
    showsNotices: () => Notification.isSupported(),
    startsWithPc: () => (able ? app.getLoginItemSettings({ args: startedByPc }).openAtLogin : null),
    startWithPc(on) {
      if (able) app.setLoginItemSettings({ openAtLogin: on, args: startedByPc });
    },
  };
}
