// Reads the project's own source files into what the rules look at: imports, comments and the syntax tree. It knows no
// rule.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Comment, type Node, parseSync, visitorKeys } from 'oxc-parser';

export const root = join(import.meta.dirname, '../..');

export interface Import {
  readonly specifier: string;
  /** True only for what disappears when types are stripped: `import { type T }` still loads the module. */
  readonly typeOnly: boolean;
  readonly names: readonly string[];
  /** Names under which the whole module is known in the file: namespace and default imports. */
  readonly wholes: readonly string[];
  readonly reExport: boolean;
  readonly line: number;
}

export interface Source {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly program: Node;
  readonly comments: readonly Comment[];
  readonly imports: readonly Import[];
  readonly lineAt: (offset: number) => number;
}

/** Calls `visit` with every node and its ancestors, the nearest last. */
export function walk(node: Node, visit: (node: Node, above: readonly Node[]) => void, above: readonly Node[] = []) {
  visit(node, above);
  const below = [...above, node];
  for (const key of visitorKeys[node.type] ?? []) {
    for (const child of [(node as unknown as Record<string, Node | Node[] | null>)[key]].flat()) {
      if (child) walk(child, visit, below);
    }
  }
}

type Found = Omit<Import, 'line'> & { readonly specifierNode: Node };

const found = (specifierNode: Node, typeOnly: boolean, rest: Partial<Found> = {}): Found => ({
  specifier: textOf(specifierNode),
  typeOnly,
  names: [],
  wholes: [],
  reExport: false,
  specifierNode,
  ...rest,
});

/** A literal's text; of anything else nothing can be known, so it is named and the layer rule refuses it. */
function textOf(node: Node): string {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateLiteral' && node.quasis.length === 1) return node.quasis[0]?.value.cooked ?? '';
  return computed;
}

/** The specifier of an import whose target is computed. */
export const computed = '(computed)';

const moduleName = (node: Node): string => (node.type === 'Identifier' ? node.name : textOf(node));

function importOf(node: Node): Found | null {
  switch (node.type) {
    case 'ImportDeclaration': {
      const names = node.specifiers.flatMap((one) =>
        one.type === 'ImportSpecifier' ? [moduleName(one.imported)] : [],
      );
      const wholes = node.specifiers.flatMap((one) => (one.type === 'ImportSpecifier' ? [] : [one.local.name]));
      return found(node.source, node.importKind === 'type', { names, wholes });
    }
    case 'ExportNamedDeclaration':
      if (node.source === null) return null;
      return found(node.source, node.exportKind === 'type', {
        names: node.specifiers.map((one) => moduleName(one.local)),
        reExport: true,
      });
    case 'ExportAllDeclaration':
      return found(node.source, node.exportKind === 'type', { reExport: true });
    case 'ImportExpression':
      return found(node.source, false);
    case 'TSImportType':
      return found(node.source, true);
    case 'TSImportEqualsDeclaration':
      if (node.moduleReference.type !== 'TSExternalModuleReference') return null;
      return found(node.moduleReference.expression, node.importKind === 'type', { wholes: [node.id.name] });
    case 'CallExpression': {
      const [first] = node.arguments;
      const required = node.callee.type === 'Identifier' && node.callee.name === 'require';
      return required && first !== undefined ? found(first, false) : null;
    }
    default:
      return null;
  }
}

export function parse(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text, { preserveParens: false });
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineAt = (offset: number) => starts.findLastIndex((start) => start <= offset) + 1;
  const imports: Import[] = [];
  walk(program, (node) => {
    const one = importOf(node);
    if (one === null) return;
    const { specifierNode, ...rest } = one;
    imports.push({ ...rest, line: lineAt(specifierNode.start) });
  });
  const lines = text.endsWith('\n') ? starts.length - 1 : starts.length;
  return { path, text, lines, program, comments, imports, lineAt };
}

const folders = ['shared', 'main', 'renderer', 'sync-server', 'tests', 'bench', '.ci'];
const made = /^(node_modules|out|dist|coverage|test-results|playwright-report|\..*)$/;

function below(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (made.test(entry.name)) return [];
    return entry.isDirectory() ? below(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`];
  });
}

/** Every path of the project's own folders, whatever its kind. */
export const allPaths = (): string[] => folders.flatMap(below).sort();

/** Every code file, parsed. */
export const allSources = (): Source[] =>
  allPaths()
    .filter((path) => /\.([cm]?[jt]s|tsx)$/.test(path))
    .map((path) => parse(path, readFileSync(join(root, path), 'utf8')));
