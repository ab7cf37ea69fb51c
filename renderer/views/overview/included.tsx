// What the plan includes, and which of it is off until the plan is renewed.

import { planIncludes } from '../../../shared/plan/catalogue.ts';
import type { Feature } from '../../../shared/plan/shapes.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Icon } from '../../components/icon.tsx';
import styles from './overview.module.css';

export function Included() {
  const { text, format } = useParts();
  const words = text.overview.plan;
  const plan = useCounter((state) => state.overview.value?.plan ?? null);
  const owned = plan?.owned === true;
  const branches = owned ? plan.branchesIncluded : planIncludes.branches;
  const monthly = owned && plan.monthlyCreditGrant > 0 ? plan.monthlyCreditGrant : planIncludes.monthlyCredits;
  const isBatchOff = owned && !plan.features['ai.batch'];
  const whatWorks: readonly (readonly [string, Feature | null])[] = isBatchOff
    ? [
        [words.core, null],
        [words.batch, 'ai.batch'],
      ]
    : [[words.everything, null]];
  const lines: readonly (readonly [string, Feature | null])[] = [
    ...whatWorks,
    [words.branches(branches), null],
    [words.monthly(format.number(monthly)), 'credits.monthly_grant'],
    [words.priority, 'support.priority'],
    [owned ? words.updates : words.firstYear, owned ? 'app.updates' : null],
  ];
  return (
    <ul className={styles.included} aria-label={words.included}>
      {lines.map(([line, feature]) => {
        const off = owned && feature !== null && !plan.features[feature];
        return (
          <li key={line} className={off ? styles.off : undefined}>
            <Icon name={off ? 'off' : 'check'} />
            <span>
              {line} {off ? `(${words.off})` : null}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
