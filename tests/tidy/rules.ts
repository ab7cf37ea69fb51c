// All rules by name.
import { codeRules } from './code-rules.ts';
import { importRules } from './import-rules.ts';
import type { Rule } from './rule.ts';
import { shapeRules } from './shape-rules.ts';

export const rules = { ...importRules, ...codeRules, ...shapeRules } satisfies Record<string, Rule>;
export type RuleName = keyof typeof rules;
