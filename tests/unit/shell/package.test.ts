// What the installers hold, asked of electron-builder's own matching: nothing of the server, no source, no map, and the
// one native binary that the platform needs.
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Configuration } from 'app-builder-lib';
import { describe, expect, test } from 'vitest';
import { root } from '../../tidy/source.ts';

const require = createRequire(import.meta.url);
/** Sees what electron-builder itself sees. */
const builders = createRequire(require.resolve('app-builder-lib/package.json'));
const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config.js') as {
  getConfig: (project: string, file: string, options: null) => Promise<Configuration>;
  validateConfiguration: (config: Configuration, log: { isEnabled: boolean }) => Promise<void>;
};

interface Matcher {
  readonly createFilter: () => (file: string, stat: object) => boolean;
}
/** The builder's two walks: over the project without node_modules, and over the packages that it depends on. */
const matching = require('app-builder-lib/out/fileMatcher.js') as {
  getMainFileMatchers: (...of: unknown[]) => Matcher[];
  getNodeModuleFileMatcher: (...of: unknown[]) => Matcher;
};

const config = await getConfig(root, 'electron-builder.yml', null);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
  devDependencies: { electron: string };
};

const platforms = { win: 'win32', linux: 'linux', mac: 'darwin' } as const;
type Platform = keyof typeof platforms;
const targets = Object.keys(platforms).flatMap((name) =>
  ['x64', 'arm64'].map((arch) => [name as Platform, arch] as const),
);

function packed(platform: Platform, arch: string) {
  const info = { config, projectDir: root, buildResourcesDir: 'build', debugLogger: { isEnabled: false } };
  const expand = (pattern: string) => pattern.replaceAll(/\$\{arch\}/g, arch);
  const options = config[platform] ?? {};
  const [main] = matching.getMainFileMatchers(root, '/app', expand, options, { info }, join(root, 'dist'), false);
  const modules = matching.getNodeModuleFileMatcher(root, '/app', expand, options, info);
  if (main === undefined) throw new Error('no matcher');
  const [inProject, inModules] = [main.createFilter(), modules.createFilter()];

  const walk = (path: string, keep: (path: string) => boolean): string[] =>
    readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => {
      const inner = path === '' ? entry.name : `${path}/${entry.name}`;
      if (!keep(inner)) return [];
      return entry.isDirectory() ? walk(inner, keep) : [inner];
    });
  const project = walk('', (path) => path !== '.git' && inProject(join(root, path), lstatSync(join(root, path))));
  const packages = walk('node_modules', (path) =>
    inModules(join(root, path), Object.assign(lstatSync(join(root, path)), { moduleFullFilePath: path })),
  );
  return { project, packages, accepts: (path: string) => inProject(join(root, path), lstatSync(root)) };
}

describe('the settings', () => {
  test('are what electron-builder understands', async () => {
    await expect(validateConfiguration(config, { isEnabled: false })).resolves.toBeUndefined();
  });

  test.each([
    ['a misspelt key', { asarUnpacked: [] }],
    ['a misspelt fuse', { electronFuses: { runAsNod: false } }],
    ['a value of the wrong kind', { nsis: { oneClick: 'yes' } }],
  ])('would be refused with %s', async (_what, wrong) => {
    const changed = { ...config, ...wrong } as Configuration;
    await expect(validateConfiguration(changed, { isEnabled: false })).rejects.toThrow();
  });

  test('set every fuse that there is, each to its safe side', () => {
    const { FuseV1Options } = builders('@electron/fuses') as { FuseV1Options: Record<string, string | number> };
    const named = Object.keys(FuseV1Options).filter((key) => Number.isNaN(Number(key)));
    const fuses = Object.entries(config.electronFuses ?? {});
    expect(fuses.map(([name]) => name.toLowerCase()).sort()).toEqual(named.map((name) => name.toLowerCase()).sort());
    expect(fuses.filter(([, on]) => on === true).map(([name]) => name)).toEqual([
      'enableCookieEncryption',
      'enableEmbeddedAsarIntegrityValidation',
      'onlyLoadAppFromAsar',
    ]);
  });

  test('pack the Electron that the code is checked against', () => {
    expect(config.electronVersion).toBe(manifest.devDependencies.electron);
  });

  test('install for one user, without questions, and leave the data when uninstalled', () => {
    expect(config.nsis).toEqual({ oneClick: true, perMachine: false, deleteAppDataOnUninstall: false });
    expect(config.npmRebuild).toBe(false);
    expect(config.asar).toBe(true);
  });
});

describe.each(targets)('an installer for %s %s', (platform, arch) => {
  const { project, packages, accepts } = packed(platform, arch);

  test('holds of the project only what is built, and package.json', () => {
    expect(project.filter((path) => !/^(package\.json$|out\/(main|preload|renderer)\/)/.test(path))).toEqual([]);
    expect(project).toContain('package.json');
    for (const path of ['out/main/index.js', 'out/preload/index.js', 'out/renderer/assets/a.js']) {
      expect(accepts(path), path).toBe(true);
    }
    for (const path of ['out/main/index.js.map', 'main/counter.ts', 'sync-server/index.ts', 'out/other/a.js']) {
      expect(accepts(path), path).toBe(false);
    }
  });

  test('holds of all packages only better-sqlite3, without its sources', () => {
    expect(packages.filter((path) => !path.startsWith('node_modules/better-sqlite3/'))).toEqual([]);
    expect(packages.filter((path) => /\/(src|deps)\/|\.map$/.test(path))).toEqual([]);
    expect(packages).toEqual(
      expect.arrayContaining(
        ['package.json', 'lib/index.js', 'lib/binding.js'].map((one) => `node_modules/better-sqlite3/${one}`),
      ),
    );
  });

  test('holds the one native binary that it needs', () => {
    const binary = `node_modules/better-sqlite3/prebuilds/${platforms[platform]}-${arch}.node`;
    expect(existsSync(join(root, binary))).toBe(true);
    expect(packages.filter((path) => path.endsWith('.node'))).toEqual([binary]);
  });
});

test('no package of the server is anywhere near an installer', () => {
  const { packages } = packed('linux', 'x64');
  const owners = new Set(packages.map((path) => path.split('/')[1]));
  for (const name of Object.keys(manifest.dependencies).filter((one) => one !== 'better-sqlite3')) {
    expect(owners.has(name.split('/')[0] ?? name), name).toBe(false);
  }
  expect(existsSync(join(root, 'node_modules/fastify'))).toBe(true);
});
