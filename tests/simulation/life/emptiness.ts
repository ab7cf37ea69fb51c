// What must have happened, or the run proved nothing. Of a small one less is asked.
import type { LifeAudit } from './auditor.ts';
import type { Notes } from './notes.ts';
import type { LifeOptions } from './options.ts';
import type { Post } from './post.ts';

/** In every run, however small. */
const always = [
  ...['asked: plan.pharmapulse-one', 'asked: renewal.year', 'asked: topup.50k', 'spent', 'a month began'],
  ...[
    'money: soon',
    'money: edge',
    'money: never',
    'away',
    'away over the end of a month',
    'killed while due work was done',
  ],
];
/** In one of many orgs and years. */
const inLarge = [
  ...[
    'renewal: early',
    'renewal: soon',
    'renewal: dueEdge',
    'renewal: grace',
    'renewal: lapseEdge',
    'renewal: late',
    'renewal: never',
  ],
  ...[
    'money: expired',
    'money: failsFirst',
    'renewed twice',
    'killed when grants had begun',
    'reconciled',
    'never bought a plan',
  ],
  ...['sent back by an operator: plan.pharmapulse-one, all', 'sent back by an operator: plan.pharmapulse-one, a part'],
  ...['sent back by an operator: renewal.year, all', 'sent back by an operator: topup.50k, all'],
  ...[
    'sent back by an operator: topup.50k, a part',
    'sent back at the provider: topup.50k',
    'refused: insufficient_credits',
  ],
];

export function emptiness({ happened }: Notes, { figures }: Post, audit: LifeAudit, options: LifeOptions): string[] {
  const large = options.orgs >= 100 && options.months >= 30;
  const seen = new Map<string, number>([
    ...happened,
    ...Object.entries(figures).map(([name, count]): [string, number] => [`webhooks: ${name}`, count]),
    ...audit.statuses,
    ['money that went back by itself', audit.figures.seconds ?? 0],
    ['months granted after a lapse', audit.figures.monthsAfterLapse ?? 0],
    ['months without a grant', audit.figures.monthsLapsed ?? 0],
  ]);
  const wanted = [...always, 'webhooks: lost', 'webhooks: late', 'told: active', 'told: due_soon'];
  if (large) wanted.push(...inLarge, 'told: past_due', 'told: lapsed', 'told: none', 'months granted after a lapse');
  if (large) wanted.push('webhooks: givenUp', 'money that went back by itself', 'months without a grant');
  if (options.longOutage) wanted.push('away for more than 300 days');
  const none = wanted.filter((what) => (seen.get(what) ?? 0) === 0);
  return none.map((what) => `the run was empty: ${what}`);
}
