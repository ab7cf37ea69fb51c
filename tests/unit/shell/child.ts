// A program of its own: the real entry with the real counter, loaded by Node as it stands or as vite built it, on the fake
// Electron. Prints what came of it as JSON. argv: the app's folder, its data folder, and for a build its two files.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type { Bridge } from '../../../shared/contract/frames.ts';
import { fakeElectron } from '../../fakes/electron.ts';
import type { FakeFrame } from '../../fakes/electron-page.ts';

const [appPath = '', userData = '', builtEntry, builtPreload] = process.argv.slice(2);
const fake = fakeElectron({ appPath, userData });
process.argv = ['electron', appPath, '--server', 'http://127.0.0.1:1'];

/** What `import 'electron'` is at the moment; a page sees another one than main. */
const modules: object[] = [fake.electron];
Object.assign(globalThis, { modules });
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: `fake-electron:${modules.length - 1}`, format: 'module', shortCircuit: true }
      : // A build in a folder elsewhere finds its native package where this project has it.
        next(specifier, specifier === 'better-sqlite3' ? { ...context, parentURL: import.meta.url } : context),
  load: (url, context, next) => {
    const at = /^fake-electron:(\d+)$/.exec(url)?.[1];
    if (at === undefined) return next(url, context);
    const names = Object.keys(modules[Number(at)] ?? {}).join(', ');
    return { format: 'module', shortCircuit: true, source: `export const { ${names} } = globalThis.modules[${at}];` };
  },
});

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((done) => setTimeout(done, 5));
}

async function openPage(count: number, frame?: FakeFrame): Promise<Bridge> {
  const page = fake.page(frame);
  modules.push(page.electron);
  if (builtPreload === undefined) await import(`../../../main/hosts/electron/preload.ts?page=${count}`);
  // As Electron runs a sandboxed preload: a script with a `require` that knows only Electron.
  else
    new Function('require', readFileSync(builtPreload, 'utf8'))((name: string) =>
      name === 'electron' ? page.electron : null,
    );
  return page.world.bridge as Bridge;
}

await import(builtEntry ?? '../../../main/hosts/electron/index.ts');
fake.app.becomeReady();
await until(() => fake.desktop.windows[0]?.visible === true || fake.app.exitCode !== null);
const bridge = await openPage(1);
const overview = await bridge.call('overview.get', {});
const nonsense = await bridge.call('overview.wipe', {});
const strange = await openPage(2, { url: 'https://evil.example/', parent: null });
let answered = false;
void strange.call('overview.get', {}).then(() => {
  answered = true;
});
await new Promise((done) => setTimeout(done, 50));
fake.app.quit();
await until(() => fake.app.exitCode !== null);
console.log(JSON.stringify({ overview, nonsense, answered, exitCode: fake.app.exitCode, errors: fake.desktop.errors }));
process.exit(0);
