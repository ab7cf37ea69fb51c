// Small trees that each rule must refuse, and near misses that it must let through: a rule that lost its teeth fails
// here. Keys are paths, values the files' text.
import type { RuleName } from './rules.ts';

type Files = Readonly<Record<string, string>>;

interface Sample {
  /** Each is refused by the rule with exactly one finding. */
  readonly bad: readonly Files[];
  /** All of these together pass the rule. */
  readonly good: Files;
}

const long = (lines: number) => 'f();\n'.repeat(lines);
const at = (path: string, ...texts: string[]): Files[] => texts.map((text) => ({ [path]: text }));

export const samples: Readonly<Record<RuleName, Sample>> = {
  'the layers import downwards only': {
    bad: [
      ...at('shared/a.ts', "import { x } from '../main/b.ts'", "import fs from 'node:fs'", "import 'pg'"),
      ...at('shared/b.ts', "import type { D } from 'drizzle-orm'", "export type { D } from 'react'"),
      ...at('renderer/a.ts', "import type { C } from '../main/counter.ts'", "import 'node:fs'", "import 'electron'"),
      ...at('main/a.ts', "const x = await import('../sync-server/app.ts')", "type X = import('../renderer/a.ts').X"),
      ...at('main/b.ts', "export { x } from '../sync-server/app.ts'", 'await import(name)', "await import('../' + x)"),
      ...at('sync-server/a.ts', "import '../main/b.ts'", "import '../tests/fakes/clock.ts'", "import '../bench/a.ts'"),
      ...at('bench/a.ts', "import '../tests/fakes/clock.ts'"),
      ...at('.ci/a.mjs', "import '../tests/fakes/clock.ts'"),
    ],
    good: {
      'shared/ledger/a.ts': "import { z } from 'zod'; import { T } from 'temporal-polyfill'; import '../b.ts'",
      'main/sync/a.ts': "import '../../shared/a.ts'; import '../b.ts'; import 'node:fs'",
      'renderer/a.tsx': "import '../shared/a.ts'; import 'react'; import './a.module.css'",
      'renderer/vite.config.ts': "import 'node:path'",
      'tests/a.ts': "import '../main/a.ts'; import '../sync-server/a.ts'; await import(name)",
      'bench/a.ts': "import '../main/a.ts'; import '../sync-server/a.ts'",
    },
  },
  'electron is loaded in its shell only': {
    bad: [
      ...at('main/a.ts', "import { app } from 'electron'", "import { type App } from 'electron'"),
      ...at('main/hosts/start.ts', "await import('electron')", "const e = require('electron/main')"),
      ...at('renderer/a.ts', "export { app } from 'electron'"),
      ...at('tests/unit/a.test.ts', "import electron from 'electron'"),
    ],
    good: {
      'main/hosts/electron/window.ts': "import { BrowserWindow } from 'electron'",
      'main/a.ts': "import type { App } from 'electron'; type E = typeof import('electron')",
      'tests/a.ts': "import 'electron-builder'",
    },
  },
  'payment SDKs stay in their adapter': {
    bad: [
      ...at('sync-server/http/a.ts', "import Razorpay from 'razorpay'", "import type { O } from 'razorpay/dist/types'"),
      ...at('sync-server/providers/stripe.ts', "import Razorpay from 'razorpay'"),
      ...at('sync-server/providers/port.ts', "import Stripe from 'stripe'"),
    ],
    good: {
      'sync-server/providers/razorpay.ts': "import Razorpay from 'razorpay'",
      'sync-server/providers/razorpay-orders.ts': "import Razorpay from 'razorpay'",
      'sync-server/providers/stripe.ts': "import Stripe from 'stripe'",
    },
  },
  'pure folders reach nothing impure': {
    bad: [
      ...at('sync-server/ledger/a.ts', "import pg from 'pg'", "import type { Pool } from 'pg'"),
      ...at('sync-server/grant/a.ts', "import { readFile } from 'node:fs/promises'"),
      ...at('main/sync/machine.ts', "import { setTimeout } from 'node:timers/promises'"),
      {
        'sync-server/purchase/a.ts': "import '../store/rows.ts'",
        'sync-server/store/rows.ts': "import 'drizzle-orm/pg-core'",
      },
    ],
    good: {
      'sync-server/ledger/a.ts': "import { createHash } from 'node:crypto'; import { z } from 'zod'; import './b.ts'",
      'sync-server/store/a.ts': "import pg from 'pg'; import '../ledger/a.ts'",
      'main/sync/loop.ts': "import 'better-sqlite3'; import './machine.ts'",
    },
  },
  'pure folders call no timer and no network': {
    bad: [
      ...at('shared/a.ts', 'setTimeout(f, 1)', "fetch('https://x')", "new WebSocket('ws://x')"),
      ...at('main/sync/machine.ts', 'setInterval(f, 1)'),
    ],
    good: { 'shared/a.ts': 'machine.fetch(); const e = { fetch: 1 }', 'main/sync/loop.ts': 'setTimeout(f, 1)' },
  },
  'http and jobs never import each other': {
    bad: [
      ...at('sync-server/http/a.ts', "import '../jobs/b.ts'", "import type { B } from '../jobs/b.ts'"),
      ...at('sync-server/jobs/b.ts', "export { a } from '../http/a.ts'"),
    ],
    good: {
      'sync-server/http/a.ts': "import './b.ts'; import '../store/a.ts'",
      'sync-server/app.ts': "import './http/a.ts'; import './jobs/b.ts'",
    },
  },
  'no import cycle': {
    bad: [
      ...at('main/a.ts', "import './a.ts'"),
      { 'main/a.ts': "import './b.ts'", 'main/b.ts': "import type { A } from './a.ts'" },
      {
        'main/a.ts': "import './b.ts'",
        'main/b.ts': "export { c } from './c/c.ts'",
        'main/c/c.ts': "import('../a.ts')",
      },
    ],
    good: { 'main/a.ts': "import './b.ts'; import './c.ts'", 'main/b.ts': "import './c.ts'", 'main/c.ts': 'f()' },
  },
  'no barrel': {
    bad: [
      ...at('main/sync/index.ts', "export { a } from './a.ts'; f()", "export type { A } from './a.ts'; f()"),
      ...at('main/all.ts', "export * from './a.ts'; f()", "export { a } from './a.ts'"),
    ],
    good: { 'sync-server/index.ts': "import { a } from './a.ts'; a()", 'main/a.ts': "export { b } from './b.ts'; f()" },
  },
  'settings are read in the two config files only': {
    bad: [
      ...at('main/a.ts', 'f(process.env.PORT)', "f(process['env'])", 'f(globalThis.process.env)'),
      ...at('main/b.ts', 'const { env } = process', "import { env } from 'node:process'"),
      ...at('sync-server/http/config.ts', 'f(process.env)'),
    ],
    good: {
      'main/config.ts': 'f(process.env)',
      'sync-server/config.ts': 'f(process.env)',
      'sync-server/index.ts': 'f(process.env)',
      'tests/a.ts': 'f(process.env)',
      'main/a.ts': 'f(process.pid, options.env)',
    },
  },
  'clock, randomness and ids come from the composition roots': {
    bad: [
      ...at('main/a.ts', 'f(Date.now())', 'const clock = Date.now', 'f(new Date())', 'f(Date())', 'Math.random()'),
      ...at('shared/a.ts', 'crypto.randomUUID()', 'globalThis.crypto.getRandomValues(a)', 'Temporal.Now.instant()'),
      ...at(
        'sync-server/a.ts',
        "import { randomUUID } from 'node:crypto'",
        "import { randomBytes as r } from 'crypto'",
        "import { instant } from 'temporal-polyfill/fns/Now'",
      ),
      ...at('sync-server/b.ts', "import c from 'node:crypto'; c.randomUUID()", 'process.hrtime.bigint()'),
      ...at('renderer/a.tsx', 'performance.now()'),
      ...at('main/hosts/electron/window.ts', 'Date.now()'),
    ],
    good: {
      'main/a.ts': 'new Date(ms); Date.parse(text); clock.now(); ids.randomUUID(); Math.max(1, 2)',
      'main/b.ts': "import { createHash } from 'node:crypto'",
      'sync-server/index.ts': 'Date.now()',
      'sync-server/admin/cli.ts': 'Date.now()',
      'main/hosts/counter.ts': 'Date.now()',
      'main/hosts/electron/index.ts': 'Date.now()',
      'renderer/main.tsx': 'Math.random()',
      'bench/a.ts': 'performance.now()',
      'tests/a.ts': 'new Date()',
    },
  },
  'money is never a float': {
    bad: [
      ...at('shared/a.ts', 'f(parseFloat(x))', 'f(x.toFixed(2))', 'f(x * 100)', 'f(100 * x)', 'f(x / 100)'),
      ...at('renderer/a.ts', 'x *= 100', 'x /= 1e2', 'f(x * 0.01)', 'f(x / 100n)', 'Number.parseFloat(x)'),
    ],
    good: { 'shared/a.ts': 'f(x * 1000); f(100 / x); f(x ** 100); f(100)', 'tests/a.ts': 'f(x * 100)' },
  },
  'no test is left marked': {
    bad: [
      ...at('tests/a.test.ts', "test.only('x', f)", "it.skip('x', f)", "describe.todo('x')", "test.fixme('x', f)"),
      ...at('tests/b.test.ts', "test.describe.only('x', f)", "test.only.each([1])('x', f)", "xit('x', f)"),
      ...at('tests/c.test.ts', "test('x', { skip: true }, f)", "describe.skip.each([1])('x', f)"),
    ],
    good: { 'tests/a.test.ts': "test.runIf(x)('x', f); list.skip(1); page.only; test('x', { timeout: 1 }, f)" },
  },
  'no failure is swallowed': {
    bad: [
      ...at('main/a.ts', 'try { f() } catch {}', 'try { f() } catch (e) { /* never mind */ }'),
      ...at('main/b.ts', 'p.catch(() => {})', 'p.catch(() => undefined)', 'p.catch(noop)', 'p.then(f, () => void 0)'),
    ],
    good: {
      'main/a.ts':
        'try { f() } catch (e) { g(e) }; p.catch(report); p.catch(() => null); p.then(f); schema.catch(undefined)',
    },
  },
  'no marker of unfinished work': {
    bad: at('main/a.ts', '// TODO later', '/* FIXME */', '// XXX', '// @ts-ignore', '// eslint-disable-next-line'),
    good: { 'main/a.ts': "// a todo list\nf('TODO')" },
  },
  'every file says what it owns': {
    bad: at('main/a.ts', 'f();', 'f(); // late', ''),
    good: { 'main/a.ts': '// Owns it.\nf();', 'tests/a.ts': 'f();', 'main/vite.main.config.ts': 'f();' },
  },
  'names say what is inside': {
    bad: [
      ...['main/utils/a.ts', 'main/lib/a.ts', 'shared/helpers.ts', 'renderer/common.tsx', 'main/misc.css'],
      ...['sync-server/purchase-service.ts', 'main/syncManager.ts', 'tests/unit/date-utils.test.ts', 'main/helper.ts'],
    ].map((path) => ({ [path]: '' })),
    good: { 'shared/plan/service-year.ts': '', 'main/library.ts': '', 'tests/unit/a.test.ts': '' },
  },
  'files stay short': {
    bad: at('main/a.ts', long(301), long(301).trimEnd()),
    good: { 'main/a.ts': long(300) },
  },
  'functions stay short': {
    bad: [
      ...at('main/a.ts', `function f() {\n${long(69)}}`, `const f = () => {\n${long(69)}}`),
      ...at('main/c.ts', `function outer() {\nreturn () => {\n${long(69)}}\n}`),
      ...at('main/b.ts', `class A {\nm() {\n${long(69)}}\n}`, `use(function () {\n${long(69)}})`),
    ],
    good: {
      'main/a.ts': `function f() {\n${long(68)}}`,
      'tests/a.test.ts': `describe('x', () => {\n${long(100)}})\ntest.describe('x', () => {\n${long(100)}})`,
    },
  },
  'one file touches the bridge': {
    bad: [],
    good: { 'renderer/bridge.ts': 'f(window.bridge); f(window.bridge?.call)', 'main/a.ts': 'f(window.bridge)' },
  },
  'the desktop shell stays thin': {
    bad: [
      {
        'main/hosts/electron/a.ts': `import 'electron';\n${long(300)}`,
        'main/hosts/electron/b.ts': `import type { App } from 'electron';\n${long(299)}`,
      },
    ],
    good: {
      'main/hosts/electron/a.ts': `import 'electron';\n${long(500)}`,
      'main/hosts/electron/news.ts': long(300),
      'main/hosts/browser/a.ts': long(300),
    },
  },
};
