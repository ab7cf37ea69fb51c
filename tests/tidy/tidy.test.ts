// The tree obeys every rule, and every rule refuses what it is there to refuse.
import { describe, expect, test } from 'vitest';
import type { Finding, Rule, Tree } from './rule.ts';
import { type RuleName, rules } from './rules.ts';
import { samples } from './samples.ts';
import { fileSizeRule, functionSizeRule } from './shape-rules.ts';
import { allPaths, allSources, parse } from './source.ts';

const names = Object.keys(rules) as RuleName[];

const treeOf = (files: Readonly<Record<string, string>>): Tree => ({
  paths: Object.keys(files),
  sources: Object.entries(files)
    .filter(([path]) => /\.[cm]?tsx?$|\.mjs$/.test(path))
    .map(([path, text]) => parse(path, text)),
});

const told = (rule: Rule, findings: readonly Finding[]) =>
  findings.map(({ path, line, what }) => `${path}:${line} ${what}`).concat(findings.length > 0 ? rule.instead : []);

describe('the tree', () => {
  const tree: Tree = { paths: allPaths(), sources: allSources() };

  test('is really looked at', () => {
    expect(tree.paths).toContain('shared/contract/ipc.ts');
    expect(tree.sources.length).toBeGreaterThan(20);
    expect(tree.paths.filter((path) => path.includes('node_modules'))).toEqual([]);
  });

  test.each(names)('%s', (name) => {
    const rule: Rule = rules[name];
    expect(told(rule, rule.check(tree))).toEqual([]);
  });
});

describe('a rule refuses', () => {
  const cases = names.flatMap((name) => samples[name].bad.map((files) => ({ name, files })));

  test.each(cases.map(({ name, files }) => [name, JSON.stringify(files).slice(0, 120), files] as const))(
    '%s: %s',
    (name, _shown, files) => {
      const rule: Rule = rules[name];
      expect(rule.check(treeOf(files))).toHaveLength(1);
    },
  );

  test('one file touches the bridge: two files that do', () => {
    const tree = treeOf({ 'renderer/a.ts': 'window.bridge.call()', 'renderer/b.ts': 'globalThis.bridge' });
    expect(rules['one file touches the bridge'].check(tree)).toHaveLength(2);
  });

  test('files stay short: an exception that is outgrown, and one that is no longer needed', () => {
    const rule = fileSizeRule({ 'main/a.ts': { lines: 310, reason: 'a table' } });
    const lines = (count: number) => treeOf({ 'main/a.ts': 'f();\n'.repeat(count) });
    expect(rule.check(lines(310))).toEqual([]);
    expect(rule.check(lines(311))).toHaveLength(1);
    expect(rule.check(lines(300))).toHaveLength(1);
    expect(rule.check(treeOf({}))).toHaveLength(1);
  });

  test('functions stay short: an exception that is outgrown, and one that is no longer needed', () => {
    const rule = functionSizeRule({ 'main/a.ts > f': { lines: 80, reason: 'a table' } });
    const lines = (count: number) => treeOf({ 'main/a.ts': `function f() {\n${'f();\n'.repeat(count - 2)}}` });
    expect(rule.check(lines(80))).toEqual([]);
    expect(rule.check(lines(81))).toHaveLength(1);
    expect(rule.check(lines(70))).toHaveLength(1);
  });

  test('a file that does not parse', () => {
    expect(() => parse('main/a.ts', 'const =')).toThrow('main/a.ts does not parse');
  });
});

describe('a rule lets through', () => {
  test.each(names)('near misses of: %s', (name) => {
    const rule: Rule = rules[name];
    expect(told(rule, rule.check(treeOf(samples[name].good)))).toEqual([]);
  });
});
