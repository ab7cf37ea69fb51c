// Started with the PC: the operating system's own list, as Electron reads and writes it.
import { describe, expect, test, vi } from 'vitest';
import { FakeApp } from '../../fakes/electron-app.ts';
import { World } from '../../fakes/electron-strict.ts';

vi.mock('electron', () => ({ Notification: { isSupported: () => true } }));
const { electronDesktop } = await import('../../../main/hosts/electron/desktop.ts');

const appOf = (packaged: boolean) => new FakeApp(new World(), { appPath: '/app', userData: '/data', packaged });

describe('the desktop app', () => {
  test.each(['win32', 'darwin'])(
    'is put into the list of %s as one that stays in the tray, and taken out',
    (platform) => {
      const app = appOf(true);
      const desktop = electronDesktop(app, platform);
      expect(desktop.startsWithPc()).toBe(false);
      desktop.startWithPc(true);
      expect(app.loginItem).toEqual(['--hidden']);
      expect(desktop.startsWithPc()).toBe(true);
      desktop.startWithPc(false);
      expect(app.loginItem).toBeNull();
    },
  );
  test.each([
    ['Linux', true, 'linux'],
    ['a program that is not installed', false, 'win32'],
  ])('cannot on %s, and writes nothing', (_what, packaged, platform) => {
    const app = appOf(packaged);
    const desktop = electronDesktop(app, platform);
    desktop.startWithPc(true);
    expect(app.loginItem).toBeNull();
    expect(desktop.startsWithPc()).toBeNull();
  });
});
