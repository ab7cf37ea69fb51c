// Names and sizes.
import type { Node } from 'oxc-parser';
import { type Exceptions, fileExceptions, functionExceptions } from './exceptions.ts';
import { folderOf } from './places.ts';
import { chain, type Finding, type Rule, type Tree } from './rule.ts';
import { type Source, walk } from './source.ts';

const vague = /^(utils?|helpers?|misc|common|lib|managers?|services?)$/i;
const lastWord = (segment: string) =>
  segment
    .replace(/\.(test|spec|bench)?\.?[^.]*$/, '')
    .split(/[-_.]|(?<=[a-z])(?=[A-Z])/)
    .at(-1) ?? segment;

const nameRule: Rule = {
  instead: 'name a file or folder after what it owns, in a word of the glossary',
  check: ({ paths }) =>
    paths.flatMap((path) => {
      const bad = path.split('/').find((segment) => vague.test(segment) || vague.test(lastWord(segment)));
      return bad === undefined ? [] : [{ path, line: 1, what: `is called ${bad}` }];
    }),
};

export const mostLines = 300;
export const mostFunctionLines = 70;

interface Size {
  readonly key: string;
  readonly path: string;
  readonly line: number;
  readonly size: number;
}

/** Findings for what is over the limit without an exception, over its exception, or below the limit with one. */
function ratchet(sizes: readonly Size[], most: number, exceptions: Exceptions): Finding[] {
  const over = sizes.flatMap(({ key, path, line, size }) => {
    const allowed = exceptions[key]?.lines ?? most;
    return size > allowed ? [{ path, line, what: `${key} has ${size} lines, ${allowed} allowed` }] : [];
  });
  const stale = Object.keys(exceptions).filter((key) => !sizes.some((one) => one.key === key && one.size > most));
  const gone = stale.map((key) => ({ path: 'tests/tidy/exceptions.ts', line: 1, what: `${key} needs no exception` }));
  return [...over, ...gone];
}

const fileSizes = ({ sources }: Tree): Size[] =>
  sources.map(({ path, lines }) => ({ key: path, path, line: 1, size: lines }));

function nameOf(node: Node, parent: Node | undefined): string | null {
  if ('id' in node && node.id?.type === 'Identifier') return node.id.name;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent?.type === 'Property' || parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition') {
    return parent.key.type === 'Identifier' ? parent.key.name : null;
  }
  return parent?.type === 'CallExpression' ? `${chain(parent).at(-1) ?? ''}()` : null;
}

/** Of what an unnamed function is part of. */
function nearestName(above: readonly Node[]): string {
  const names = above.map((node, at) => nameOf(node, above[at - 1]));
  return names.findLast((name) => name !== null) ?? 'the file';
}

/** A `describe` holds tests as a file holds functions; it is not one. */
const isSuite = (parent: Node | undefined) =>
  parent?.type === 'CallExpression' &&
  ['describe', 'suite'].includes(chain(parent).find((part) => part !== 'test') ?? '');

interface FunctionSize extends Size {
  readonly end: number;
}

/** A function that is long because of one inside it is not named a second time: that one is not counted in it. */
function functionsOf(source: Source): Size[] {
  const found: FunctionSize[] = [];
  walk(source.program, (node, above) => {
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return;
    const parent = above.at(-1);
    if (isSuite(parent)) return;
    const [line, end] = [source.lineAt(node.start), source.lineAt(node.end)];
    const key = `${source.path} > ${nameOf(node, parent) ?? `unnamed in ${nearestName(above)}`}`;
    found.push({ key, path: source.path, line, end, size: end - line + 1 });
  });
  return found.map((one) => {
    const long = found.filter((inner) => inner.size > mostFunctionLines && inner !== one);
    const inside = long.filter((inner) => inner.line >= one.line && inner.end <= one.end && inner.size < one.size);
    return { ...one, size: one.size - Math.max(0, ...inside.map((inner) => inner.size)) };
  });
}

export const fileSizeRule = (exceptions: Exceptions): Rule => ({
  instead: `a file of more than ${mostLines} lines owns two things: give each its own`,
  check: (tree) => ratchet(fileSizes(tree), mostLines, exceptions),
});

export const functionSizeRule = (exceptions: Exceptions): Rule => ({
  instead: `a function of more than ${mostFunctionLines} lines has steps with names: write them as functions`,
  check: (tree) => ratchet(tree.sources.flatMap(functionsOf), mostFunctionLines, exceptions),
});

const mostShellLines = 600;

/** Counts the files of the desktop shell that know Electron at all. */
const shellRule: Rule = {
  instead: 'what needs no Electron belongs in the core of main, where every host has it',
  check: ({ sources }) => {
    const knowing = sources.filter(
      ({ path, imports }) =>
        path.startsWith('main/hosts/electron/') && imports.some(({ specifier }) => specifier === 'electron'),
    );
    const size = knowing.reduce((sum, { lines }) => sum + lines, 0);
    if (size <= mostShellLines) return [];
    return [{ path: 'main/hosts/electron', line: 1, what: `has ${size} lines, ${mostShellLines} allowed` }];
  },
};

const bridgeRule: Rule = {
  instead: 'the renderer touches window.bridge in one file; all others call that file',
  check: ({ sources }) => {
    const touching: Finding[] = [];
    for (const source of sources.filter(({ path }) => folderOf(path) === 'renderer')) {
      walk(source.program, (node) => {
        const name = node.type === 'MemberExpression' ? chain(node).slice(0, 2).join('.') : '';
        if (!/^(window|globalThis|self)\.bridge$/.test(name) || touching.some(({ path }) => path === source.path))
          return;
        touching.push({ path: source.path, line: source.lineAt(node.start), what: 'touches the bridge' });
      });
    }
    return touching.length > 1 ? touching : [];
  },
};

export const shapeRules = {
  'names say what is inside': nameRule,
  'files stay short': fileSizeRule(fileExceptions),
  'functions stay short': functionSizeRule(functionExceptions),
  'one file touches the bridge': bridgeRule,
  'the desktop shell stays thin': shellRule,
} satisfies Record<string, Rule>;
