// What there is: credits that can be used now, large; where they come from, small.
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Fact, Facts } from '../../components/facts.tsx';
import { Bones, Card } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import { addressOf } from '../../store/route.ts';
import styles from './overview.module.css';

function Limit({ below }: { readonly below: number }) {
  const { text, format } = useParts();
  const panels = usePanels();
  const { limit } = text.overview.credits;
  return (
    <span className={styles.limit}>
      {below === 0 ? limit.never : format.number(below)}
      <Button
        small
        last
        kind="quiet"
        aria-label={`${limit.change}: ${limit.title}`}
        onClick={() => panels.open({ kind: 'lowCredits' })}
      >
        {limit.change}
      </Button>
    </span>
  );
}

/** What was used lately, and how long the rest lasts if it goes on so; as of the data that is shown. */
function RecentUse() {
  const { text, format } = useParts();
  const words = text.recentUse;
  const credits = useCounter((state) => state.overview.value?.credits ?? null);
  if (credits === null) return null;
  const { forecast, month, usedThisMonth } = credits;
  const said = {
    runs_out: () => words.runsOut(forecast.kind === 'runs_out' ? format.calendarDate(forecast.on) : ''),
    lasts: () => words.lasts,
    unknown: () => words.unknown,
    used_up: () => words.usedUp,
    outdated: () => words.outdated,
  }[forecast.kind]();
  return (
    <>
      <Fact name={words.used(format.month(month) ?? month)}>
        <a href={addressOf('usage')} aria-label={`${format.number(usedThisMonth)}. ${words.details}`}>
          {format.number(usedThisMonth)}
        </a>
      </Fact>
      <Fact name={words.forecast}>{said}</Fact>
    </>
  );
}

export function CreditsCard() {
  const { text, format } = useParts();
  const panels = usePanels();
  const words = text.overview.credits;
  const asked = useCounter((state) => state.overview.value !== null);
  const credits = useCounter((state) => state.overview.value?.credits ?? null);
  const owned = useCounter((state) => state.overview.value?.plan?.owned ?? false);
  const revoked = useCounter((state) => state.overview.value?.session.state === 'revoked');
  if (credits === null) {
    return <Card title={words.title}>{asked ? <p>{words.unknown}</p> : <Bones big lines={3} />}</Card>;
  }
  const look = owned && (credits.available === 0 ? styles.none : credits.available < credits.lowBelow && styles.low);
  return (
    <Card title={words.title}>
      <p className={classes(styles.big, look)}>{format.number(credits.available)}</p>
      <p className={styles.unit}>{words.available}</p>
      <Facts>
        <Fact name={words.balance}>{format.number(credits.balance)}</Fact>
        <Fact name={words.held}>{format.number(credits.held)}</Fact>
        {owned ? <RecentUse /> : null}
        {owned ? (
          <Fact name={words.limit.name}>
            <Limit below={credits.lowBelow} />
          </Fact>
        ) : null}
      </Facts>
      <div className={styles.bottom}>
        {owned ? (
          <Button kind="primary" disabled={revoked} onClick={() => panels.open({ kind: 'topUp' })}>
            {words.topUp}
          </Button>
        ) : null}
        <span className={styles.note}>{owned ? words.neverExpire : words.needsPlan}</span>
      </div>
    </Card>
  );
}
