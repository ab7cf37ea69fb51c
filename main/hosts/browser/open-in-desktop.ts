// Opens an address with the desktop's own browser, where there is a desktop. In a service or a container there is none,
// and the page opens the link itself.
import { spawn } from 'node:child_process';
import type { OpenExternal } from '../../ports.ts';

/** The address is one argument of a program, never part of a command line that a shell reads. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  linux: ['xdg-open'],
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

export function desktopOpener(platform: NodeJS.Platform, hasDisplay: boolean): OpenExternal {
  const opener = openers[platform];
  return (url) => {
    if (!hasDisplay || opener === undefined) return Promise.resolve(false);
    const [program, ...first] = opener;
    return new Promise((resolve) => {
      const child = spawn(program, [...first, url], { stdio: 'ignore', detached: true });
      child.once('error', () => resolve(false));
      child.once('spawn', () => {
        child.unref();
        resolve(true);
      });
    });
  };
}
