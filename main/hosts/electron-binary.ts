// Where Electron's program is on this machine, if it is. Looked for on the disk and nothing else: loading the package
// `electron` in plain Node would start to download it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const programs: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'electron',
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};

/** root: the repository. folder: an unpacked Electron that somebody named; null for where npm puts it. */
export function findElectron(root: string, platform: NodeJS.Platform, folder: string | null): string | null {
  const program = programs[platform];
  if (program === undefined) return null;
  const path = join(folder ?? join(root, 'node_modules', 'electron', 'dist'), program);
  return existsSync(path) ? path : null;
}
