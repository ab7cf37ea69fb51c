// Adds to package-lock.json the packages of other platforms that a registry mirror did not offer while it was written.
// Without them "npm ci" refuses the file everywhere. Their version is the one that the package asking for them names;
// system, processor and C library are read off the name. Run it after "npm install"; tests/tidy/lockfile.test.ts says when.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const packages = new Map(Object.entries(lock.packages));
for (const asking of [...packages.values()]) {
  for (const [name, version] of Object.entries(asking.optionalDependencies ?? {})) {
    if (packages.has(`node_modules/${name}`)) continue;
    const words = name.split(/[/-]/);
    const os = words.filter((word) => systems.includes(word));
    const cpu = words.filter((word) => processors.includes(word));
    if (cpu.length === 0) throw new Error(`which platform is ${name} for?`);
    const libc = words.some((word) => word.startsWith('musl'))
      ? ['musl']
      : words.some((word) => word.startsWith('gnu'))
        ? ['glibc']
        : [];
    packages.set(`node_modules/${name}`, {
      version,
      cpu,
      ...(asking.dev === true ? { dev: true } : {}),
      ...(libc.length > 0 ? { libc } : {}),
      optional: true,
      ...(os.length > 0 ? { os } : {}),
    });
    console.log(`added ${name} ${version}`);
  }
}
lock.packages = Object.fromEntries([...packages].sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
