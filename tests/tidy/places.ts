// Which part of the tree a path belongs to. Every rule that grants somebody an exemption takes it from here.
import { dirname, posix } from 'node:path';

const product = ['shared', 'main', 'renderer', 'sync-server'];

export const folderOf = (path: string): string => path.split('/')[0] ?? path;
/** Build settings stand beside what they build; they are run by tools, never shipped. */
const isToolConfig = (path: string) => /\.config\.ts$/.test(path);
export const isProduct = (path: string): boolean => product.includes(folderOf(path)) && !isToolConfig(path);

/** Where clock, randomness and ids are made, to be passed in everywhere else. */
const compositionRoots = [
  /^sync-server\/index\.ts$/,
  /^sync-server\/admin\/cli\.ts$/,
  /^sync-server\/sandbox\/(index|start|standalone)\.ts$/,
  /^main\/hosts\/[^/]+\.ts$/,
  /^main\/hosts\/electron\/index\.ts$/,
  /^renderer\/main\.tsx$/,
];
export const isCompositionRoot = (path: string): boolean => compositionRoots.some((root) => root.test(path));

/** The files that give settings their names and defaults. */
export const isConfig = (path: string): boolean => /^(main|sync-server)\/config\.ts$/.test(path);

/** Decisions only: no database, no network, no timers, no files. */
export const isPure = (path: string): boolean =>
  /^(shared|sync-server\/(ledger|purchase|grant|invoice))\//.test(path) || path === 'main/sync/machine.ts';

export const isRelative = (specifier: string): boolean => specifier.startsWith('.');

/** The path that a relative import means, without a bundler's query. */
export const target = (from: string, specifier: string): string =>
  posix.join(dirname(from), specifier.replace(/\?.*$/, ''));

/** The package of a bare import: `@scope/name` or `name`, or `node:fs`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  if (specifier.startsWith('node:')) return parts[0] ?? specifier;
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
