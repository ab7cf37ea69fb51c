// Banned expressions and comments, each with what to write instead.
import type { Node } from 'oxc-parser';
import { folderOf, isCompositionRoot, isConfig, isProduct } from './places.ts';
import { chain, dotted, fileRule, nodeRule, type Rule } from './rule.ts';
import type { Source } from './source.ts';

const readsEnvironment = (node: Node): boolean => {
  if (node.type === 'MemberExpression') return dotted(node) === 'process.env';
  if (node.type === 'ImportDeclaration' && /^(node:)?process$/.test(node.source.value)) {
    return node.specifiers.some(
      (one) => one.type === 'ImportSpecifier' && one.imported.type === 'Identifier' && one.imported.name === 'env',
    );
  }
  if (node.type !== 'VariableDeclarator' || node.init === null || dotted(node.init) !== 'process') return false;
  const { id } = node;
  return (
    id.type === 'ObjectPattern' &&
    id.properties.some((one) => one.type === 'Property' && one.key.type === 'Identifier' && one.key.name === 'env')
  );
};

const environmentRule = nodeRule(
  (path) => isProduct(path) && !isConfig(path) && !isCompositionRoot(path),
  'name the setting in main/config.ts or sync-server/config.ts and take its value as an argument',
  (node) => (readsEnvironment(node) ? 'reads process.env' : null),
);

const clocks = ['Date.now', 'performance.now', 'process.hrtime', 'process.uptime', 'Math.random', 'Temporal.Now'];
const dice = ['randomUUID', 'randomBytes', 'randomInt', 'randomFillSync', 'randomFill', 'getRandomValues'];
const isCrypto = (specifier: string) => /^(node:)?crypto$/.test(specifier);

function clockOrDice(node: Node, source: Source): string | null {
  if (node.type === 'NewExpression') {
    return dotted(node.callee) === 'Date' && node.arguments.length === 0 ? 'new Date() reads the clock' : null;
  }
  if (node.type === 'CallExpression' && node.callee.type === 'Identifier') {
    return node.callee.name === 'Date' ? 'Date() reads the clock' : null;
  }
  if (node.type === 'ImportDeclaration') {
    const name = node.specifiers
      .map((one) => (one.type === 'ImportSpecifier' && one.imported.type === 'Identifier' ? one.imported.name : ''))
      .find((one) => dice.includes(one));
    if (node.source.value === 'temporal-polyfill/fns/Now') return `imports ${node.source.value}`;
    return isCrypto(node.source.value) && name !== undefined ? `imports ${name}` : null;
  }
  if (node.type !== 'MemberExpression') return null;
  const name = dotted(node);
  if (clocks.includes(name)) return name;
  const wholes = source.imports.filter((one) => isCrypto(one.specifier)).flatMap((one) => one.wholes);
  const [owner, method] = name.split('.').slice(-2);
  return [...wholes, 'crypto', 'webcrypto'].includes(owner ?? '') && dice.includes(method ?? '') ? name : null;
}

const clockRule = nodeRule(
  (path) => isProduct(path) && !isCompositionRoot(path),
  'take a clock, a random source or an id maker as an argument; only the composition roots make them',
  (node, _above, source) => clockOrDice(node, source),
);

const is = (node: Node, ...numbers: number[]): boolean =>
  node.type === 'Literal' &&
  (typeof node.value === 'number' || typeof node.value === 'bigint') &&
  numbers.includes(Number(node.value));

function floatMoney(node: Node): string | null {
  if (node.type === 'Identifier' && node.name === 'parseFloat') return 'parseFloat';
  if (node.type === 'MemberExpression' && chain(node).at(-1) === 'toFixed') return 'toFixed';
  if (node.type !== 'BinaryExpression' && node.type !== 'AssignmentExpression') return null;
  const { left, operator, right } = node;
  if (operator.startsWith('*') && operator !== '**' && (is(right, 100, 0.01) || is(left, 100, 0.01))) return '* 100';
  return operator.startsWith('/') && is(right, 100) ? '/ 100' : null;
}

const moneyRule = nodeRule(
  isProduct,
  'money is integer paise: compute with shared/ledger/money.ts and shared/gst, show with rupeesText and Intl',
  floatMoney,
);

const suites = ['test', 'it', 'describe', 'suite', 'bench'];
const marks = ['only', 'skip', 'todo', 'fixme', 'fails'];
const markedNames = ['xit', 'xtest', 'xdescribe', 'fit', 'fdescribe'];

function unfinishedTest(node: Node, above: readonly Node[]): string | null {
  if (node.type === 'Identifier' && markedNames.includes(node.name)) {
    const parent = above.at(-1);
    return parent?.type === 'CallExpression' && parent.callee === node ? node.name : null;
  }
  if (node.type === 'MemberExpression') {
    const [head, ...parts] = chain(node);
    const mark = parts.at(-1) ?? '';
    return suites.includes(head ?? '') && marks.includes(mark) ? `.${mark}` : null;
  }
  if (node.type !== 'CallExpression' || !suites.includes(chain(node)[0] ?? '')) return null;
  const options = node.arguments.flatMap((one) => (one.type === 'ObjectExpression' ? one.properties : []));
  const marked = options.find(
    (one) =>
      one.type === 'Property' &&
      one.key.type === 'Identifier' &&
      marks.includes(one.key.name) &&
      one.value.type === 'Literal' &&
      one.value.value === true,
  );
  return marked === undefined ? null : 'a mark in the options';
}

const unfinishedTestRule = nodeRule(
  (path) => folderOf(path) === 'tests' || folderOf(path) === 'bench',
  'finish the test or delete it; where a test cannot run everywhere, say when with runIf or register it conditionally',
  unfinishedTest,
);

const isNothing = (node: Node): boolean =>
  (node.type === 'Identifier' && node.name === 'undefined') ||
  (node.type === 'UnaryExpression' && node.operator === 'void') ||
  (node.type === 'BlockStatement' && node.body.length === 0);

/** A handler that does nothing; a value in its place (zod's `catch` takes one) is none. */
function doesNothing(handler: Node): boolean {
  if (handler.type === 'Identifier') return handler.name === 'noop';
  if (handler.type !== 'ArrowFunctionExpression' && handler.type !== 'FunctionExpression') return false;
  return handler.body !== null && isNothing(handler.body);
}

function swallowed(node: Node): string | null {
  if (node.type === 'CatchClause') return node.body.body.length === 0 ? 'an empty catch' : null;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const name = chain(node.callee).at(-1);
  const handler = name === 'catch' ? node.arguments[0] : name === 'then' ? node.arguments[1] : undefined;
  return handler !== undefined && doesNothing(handler) ? 'a promise whose failure is dropped' : null;
}

const catchRule = nodeRule(
  () => true,
  'handle the failure, turn it into a value, or let it through; one that is expected is checked by its code; a queue that ' +
    'only waits for the turn before takes Promise.allSettled',
  swallowed,
);

const marker = /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|nocheck)\b|eslint-disable|prettier-ignore/;

const markerRule = fileRule(
  () => true,
  'do it now or leave it; an open point belongs in the issue list, a type that does not fit is parsed',
  ({ comments, lineAt }) =>
    comments.flatMap((one) => {
      const what = marker.exec(one.value)?.[0];
      return what === undefined ? [] : [{ line: lineAt(one.start), what }];
    }),
);

const headerRule = fileRule(
  (path) => isProduct(path),
  'begin the file with a comment: what it owns, and what it must not know',
  ({ comments, program }) => {
    const first = program.type === 'Program' ? program.body[0] : undefined;
    const headed = comments[0] !== undefined && (first === undefined || comments[0].start < first.start);
    return headed ? [] : [{ line: 1, what: 'no header' }];
  },
);

export const codeRules = {
  'settings are read in the two config files only': environmentRule,
  'clock, randomness and ids come from the composition roots': clockRule,
  'money is never a float': moneyRule,
  'no test is left marked': unfinishedTestRule,
  'no failure is swallowed': catchRule,
  'no marker of unfinished work': markerRule,
  'every file says what it owns': headerRule,
} satisfies Record<string, Rule>;
