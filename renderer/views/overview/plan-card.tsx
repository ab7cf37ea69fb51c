// The plan: its state, until when it is paid, what is in it; or the first step towards it.
import type { OverviewView } from '../../../shared/contract/overview-view.ts';
import type { RenewalStatus } from '../../../shared/plan/shapes.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { Bones, Card, Chip, type Tone } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import { Included } from './included.tsx';
import styles from './overview.module.css';
import { useOpenPurchase, useRenew } from './use-renew.ts';

const tones: Record<RenewalStatus, Tone> = {
  none: 'calm',
  active: 'good',
  due_soon: 'warn',
  past_due: 'bad',
  lapsed: 'bad',
};

type Plan = NonNullable<OverviewView['plan']>;

export function PlanCard() {
  const { text } = useParts();
  const words = text.overview.plan;
  const plan = useCounter((state) => state.overview.value?.plan ?? null);
  const asked = useCounter((state) => state.overview.value !== null);
  if (plan === null) return <Card title={words.title}>{asked ? <p>{words.unknown}</p> : <Bones big lines={4} />}</Card>;
  if (!plan.owned) return <StartCard />;
  return (
    <Card title={words.title} beside={<StatusChip plan={plan} />}>
      <p className={styles.planHead}>{words.name}</p>
      <div className={styles.plan}>
        <PlanFacts plan={plan} />
        <Included />
      </div>
      <RenewLine plan={plan} />
    </Card>
  );
}

/** What was known last is not said as if it were so now. */
function StatusChip({ plan }: { readonly plan: Plan }) {
  const { text } = useParts();
  const words = text.overview.plan;
  const status = words.status[plan.status];
  if (plan.featuresStale === true) return <Chip tone="calm">{words.lastKnown(status)}</Chip>;
  return <Chip tone={tones[plan.status]}>{status}</Chip>;
}

function PlanFacts({ plan }: { readonly plan: Plan }) {
  const { text, format } = useParts();
  const words = text.overview.plan;
  const price = useCounter((state) => state.overview.value?.prices?.['plan.pharmapulse-one']?.amountPaise ?? null);
  const ahead = plan.status === 'active' || plan.status === 'due_soon';
  const dueName = plan.featuresStale === true ? words.dueDate : ahead ? words.nextRenewal : words.wasDue;
  return (
    <Facts>
      {plan.nextDue === null ? null : <Fact name={dueName}>{format.calendarDate(plan.nextDue)}</Fact>}
      {plan.daysLeft === null || plan.status === 'lapsed' ? null : (
        <Fact name={ahead ? words.daysLeft : words.graceLeft}>{format.number(plan.daysLeft)}</Fact>
      )}
      {plan.purchasedAt === null ? null : <Fact name={words.boughtOn}>{format.date(plan.purchasedAt)}</Fact>}
      {price === null ? null : <Fact name={words.price}>{words.once(format.rupees(price))}</Fact>}
    </Facts>
  );
}

function RenewLine({ plan }: { readonly plan: Plan }) {
  const { text } = useParts();
  const words = text.overview.plan;
  const renew = useRenew();
  // While a banner asks for the renewal, the card does not ask a second time.
  const quiet = plan.status !== 'active' || (plan.asOf ?? null) !== null;
  return (
    <div className={styles.bottom}>
      {quiet ? null : (
        <Button disabled={renew.disabled} onClick={renew.run}>
          {renew.word}
        </Button>
      )}
      <span className={styles.note}>{plan.renewalMode === null ? null : words[plan.renewalMode]}</span>
    </div>
  );
}

function StartCard() {
  const { text, format } = useParts();
  const panels = usePanels();
  const { start, plan: words, noPrices } = text.overview;
  const prices = useCounter((state) => state.overview.value?.prices ?? null);
  const price = prices?.['plan.pharmapulse-one'];
  const yearly = prices?.['renewal.year'];
  const open = useOpenPurchase('plan.pharmapulse-one');
  return (
    <section className={styles.start} aria-labelledby="start-title">
      <div className={styles.startText}>
        <h2 id="start-title">{start.title}</h2>
        <p>{start.body}</p>
        {price === undefined ? (
          <p className={styles.note}>{noPrices}</p>
        ) : (
          <div>
            <p className={styles.startPrice}>{format.rupees(price.amountPaise)}</p>
            <p className={styles.note}>
              {text.buying.taxIn(format.rupees(price.taxPaise))}
              {yearly === undefined ? null : `, ${start.afterYear(format.rupees(yearly.amountPaise))}`}
            </p>
          </div>
        )}
        <div>
          {open === null ? (
            <Button kind="primary" disabled={price === undefined} onClick={() => panels.open({ kind: 'plan' })}>
              {start.buy}
            </Button>
          ) : (
            <Button kind="primary" onClick={() => panels.open({ kind: 'purchase', id: open.id, seen: open })}>
              {`${text.purchases.names.plan}: ${text.purchases.states[open.state].toLowerCase()}`}
            </Button>
          )}
        </div>
      </div>
      <div className={styles.startText}>
        <h3>{words.included}</h3>
        <Included />
      </div>
    </section>
  );
}
