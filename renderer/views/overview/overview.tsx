// The first screen: what you have, what runs out, what to do.
import { useEffect } from 'react';
import { useCounter, useParts } from '../../app-parts.ts';
import { OverviewBanners } from './banners.tsx';
import { CreditsCard } from './credits-card.tsx';
import styles from './overview.module.css';
import { PlanCard } from './plan-card.tsx';
import { Waiting } from './waiting.tsx';

export function OverviewScreen() {
  const { counter } = useParts();
  // The first step comes first: without the plan there is little to say of credits.
  const planFirst = useCounter((state) => state.overview.value?.plan?.owned === false);
  useEffect(() => void counter.read('purchases'), [counter]);
  return (
    <>
      <OverviewBanners />
      <div className={styles.cards}>
        {planFirst ? <PlanCard /> : null}
        <CreditsCard />
        {planFirst ? <Waiting /> : <PlanCard />}
      </div>
      {planFirst ? null : <Waiting />}
    </>
  );
}
