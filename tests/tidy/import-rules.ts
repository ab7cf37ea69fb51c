// Who may import whom, types and re-exports included.
import { folderOf, isPure, isRelative, packageOf, target } from './places.ts';
import { type Finding, fileRule, importRule, nodeRule, type Rule, type Tree } from './rule.ts';
import { computed } from './source.ts';

const layers = ['shared', 'main', 'renderer', 'sync-server'];
const sharedPackages = ['zod', 'temporal-polyfill'];

const layerRule = importRule(
  'shared imports zod, temporal-polyfill and itself; renderer, main and sync-server import shared and themselves; what ' +
    'two of them need is a contract and belongs in shared; what tests need from each other stays in tests',
  (from, { specifier }) => {
    const folder = folderOf(from);
    if (specifier === computed) return layers.includes(folder) ? 'imports a computed name' : null;
    if (isRelative(specifier)) {
      const to = folderOf(target(from, specifier));
      if (to === folder || folder === 'tests') return null;
      if (to === 'tests') return `imports tests: ${specifier}`;
      if (!layers.includes(folder)) return null;
      return to === 'shared' && folder !== 'shared' ? null : `imports ${to}: ${specifier}`;
    }
    if (folder === 'shared' && !sharedPackages.includes(packageOf(specifier))) return `imports ${specifier}`;
    const runtime = specifier.startsWith('node:') || ['electron', 'better-sqlite3', 'ws', 'pg'].includes(specifier);
    return folder === 'renderer' && runtime && !from.endsWith('.config.ts') ? `imports ${specifier}` : null;
  },
);

const electronRule = importRule(
  'electron is loaded in main/hosts/electron only; elsewhere take a port, or `import type`',
  (from, { specifier, typeOnly }) =>
    packageOf(specifier) === 'electron' && !typeOnly && !from.startsWith('main/hosts/electron/')
      ? 'loads electron'
      : null,
);

const adapters: Readonly<Record<string, RegExp>> = {
  razorpay: /^sync-server\/providers\/razorpay[^/]*\.ts$/,
  stripe: /^sync-server\/providers\/stripe[^/]*\.ts$/,
};

const sdkRule = importRule(
  'a payment SDK is known to its adapter in sync-server/providers only; all others use the provider port',
  (from, { specifier }) => {
    const adapter = adapters[packageOf(specifier)];
    return adapter === undefined || adapter.test(from) || folderOf(from) === 'tests' ? null : `imports ${specifier}`;
  },
);

const purePackages = ['zod', 'temporal-polyfill', 'node:crypto', 'node:buffer', 'node:zlib'];

/** Each pure file with everything that it reaches: the first import on the way that is not pure is named. */
function impureReach({ sources }: Tree): Finding[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const findings: Finding[] = [];
  for (const start of sources.filter(({ path }) => isPure(path))) {
    const seen = new Set([start.path]);
    const open: { path: string; line: number | null }[] = [{ path: start.path, line: null }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const via = next.path === start.path ? '' : ` through ${next.path}`;
      for (const { specifier, line } of byPath.get(next.path)?.imports ?? []) {
        const at = next.line ?? line;
        if (!isRelative(specifier)) {
          const pure = purePackages.includes(packageOf(specifier));
          if (!pure) findings.push({ path: start.path, line: at, what: `reaches ${specifier}${via}` });
        } else if (!seen.has(target(next.path, specifier))) {
          seen.add(target(next.path, specifier));
          open.push({ path: target(next.path, specifier), line: at });
        }
      }
    }
  }
  return findings;
}

const pureRule: Rule = {
  instead:
    'a pure folder decides from what it is given; the caller reads database, network and files, and passes facts in',
  check: impureReach,
};

const timers = ['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'];

const pureGlobalsRule = nodeRule(
  isPure,
  'a pure folder waits for nothing: the driver that calls it owns timers and network',
  (node, above) => {
    if (node.type !== 'Identifier' || !timers.includes(node.name)) return null;
    const parent = above.at(-1);
    const called = parent?.type === 'CallExpression' || parent?.type === 'NewExpression';
    return called && parent.callee === node ? `calls ${node.name}` : null;
  },
);

const apart = ['sync-server/http/', 'sync-server/jobs/'];

const httpJobsRule = importRule(
  'http and jobs meet in the store and in the pure folders, never directly',
  (from, { specifier }) => {
    const [mine, to] = [from, isRelative(specifier) ? target(from, specifier) : ''].map((path) =>
      apart.find((prefix) => path.startsWith(prefix)),
    );
    return mine !== undefined && to !== undefined && mine !== to ? `imports ${specifier}` : null;
  },
);

/** Every import cycle once, from its first path in the alphabet. */
function cycles({ sources }: Tree): Finding[] {
  const edges = new Map(
    sources.map(({ path, imports }) => [
      path,
      [...new Set(imports.filter((one) => isRelative(one.specifier)).map((one) => target(path, one.specifier)))].sort(),
    ]),
  );
  const findings: Finding[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]) => {
    const at = way.indexOf(path);
    if (at !== -1) findings.push({ path, line: 1, what: `imports itself: ${[...way.slice(at), path].join(' → ')}` });
    if (at !== -1 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of [...edges.keys()].sort()) visit(path, []);
  return findings;
}

const cycleRule: Rule = {
  instead: 'move what both need into a file of its own that imports neither, or pass it in as an argument',
  check: cycles,
};

const barrelRule = fileRule(
  () => true,
  'import from the file that owns the name; a file that only passes names on hides who depends on whom',
  ({ path, imports, program }) => {
    const passedOn = imports.filter((one) => one.reExport);
    const isIndex = /(^|\/)index\.[jt]sx?$/.test(path);
    const whole = passedOn.filter((one) => one.names.length === 0);
    const only = program.type === 'Program' && passedOn.length > 0 && program.body.length === passedOn.length;
    const bad = isIndex || only ? passedOn : whole;
    return bad.map((one) => ({ line: one.line, what: `passes on ${one.specifier}` }));
  },
);

export const importRules = {
  'the layers import downwards only': layerRule,
  'electron is loaded in its shell only': electronRule,
  'payment SDKs stay in their adapter': sdkRule,
  'pure folders reach nothing impure': pureRule,
  'pure folders call no timer and no network': pureGlobalsRule,
  'http and jobs never import each other': httpJobsRule,
  'no import cycle': cycleRule,
  'no barrel': barrelRule,
} satisfies Record<string, Rule>;
