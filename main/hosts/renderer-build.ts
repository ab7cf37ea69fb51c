// Whether the built renderer is there and not older than what it is built from.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders whose files end up in the pages. */
const sources = ['renderer', 'shared'];

export function rendererIsCurrent(root: string): boolean {
  const page = join(root, 'out', 'renderer', 'index.html');
  if (!existsSync(page)) return false;
  const built = statSync(page).mtimeMs;
  return sources.every((folder) => newestIn(join(root, folder)) <= built);
}

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return Math.max(0, ...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}
