// What a rule is: it looks at the tree and names each banned thing; `instead` says what to write in its place.
import type { Node } from 'oxc-parser';
import { type Import, type Source, walk } from './source.ts';

export interface Tree {
  /** Every path, code or not. */
  readonly paths: readonly string[];
  readonly sources: readonly Source[];
}

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

export interface Rule {
  readonly instead: string;
  readonly check: (tree: Tree) => readonly Finding[];
}

type InFile = (source: Source) => readonly { readonly line: number; readonly what: string }[];

/** A rule that looks at one file at a time. */
export function fileRule(applies: (path: string) => boolean, instead: string, look: InFile): Rule {
  return {
    instead,
    check: ({ sources }) =>
      sources
        .filter((source) => applies(source.path))
        .flatMap((source) => look(source).map((finding) => ({ path: source.path, ...finding }))),
  };
}

/** A rule about single imports: `fault` says what is wrong with one, or null. */
export function importRule(instead: string, fault: (from: string, one: Import) => string | null): Rule {
  return fileRule(
    () => true,
    instead,
    ({ path, imports }) =>
      imports.flatMap((one) => {
        const what = fault(path, one);
        return what === null ? [] : [{ line: one.line, what }];
      }),
  );
}

/** A rule about single nodes: `fault` says what is wrong with one, or null. */
export function nodeRule(
  applies: (path: string) => boolean,
  instead: string,
  fault: (node: Node, above: readonly Node[], source: Source) => string | null,
): Rule {
  return fileRule(applies, instead, (source) => {
    const findings: { line: number; what: string }[] = [];
    walk(source.program, (node, above) => {
      const what = fault(node, above, source);
      if (what !== null) findings.push({ line: source.lineAt(node.start), what });
    });
    return findings;
  });
}

/** `a.b['c']` as `['a', 'b', 'c']`; calls on the way are passed through; null parts are computed. */
export function chain(node: Node): (string | null)[] {
  if (node.type === 'Identifier') return [node.name];
  if (node.type === 'MetaProperty') return [node.meta.name, node.property.name];
  if (node.type === 'CallExpression') return chain(node.callee);
  if (node.type === 'ChainExpression') return chain(node.expression);
  if (node.type !== 'MemberExpression') return [null];
  const { property } = node;
  if (!node.computed && property.type === 'Identifier') return [...chain(node.object), property.name];
  const literal = property.type === 'Literal' && typeof property.value === 'string' ? property.value : null;
  return [...chain(node.object), literal];
}

/** The chain as text, from its last `depth` parts, e.g. `Date.now`, whether or not it began at `globalThis`. */
export const dotted = (node: Node): string =>
  chain(node)
    .filter((part, at) => at > 0 || !['globalThis', 'window', 'self', 'global'].includes(part ?? ''))
    .map((part) => part ?? '*')
    .join('.');
