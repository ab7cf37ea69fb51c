// What runs out, with one clear action: the renewal, and the credits.
import type { ReactNode } from 'react';
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { Banner } from '../../components/surface.tsx';
import { useRenew } from './use-renew.ts';

export function OverviewBanners() {
  const { text, format } = useParts();
  const { low, none } = text.overview.credits;
  const plan = useCounter((state) => state.overview.value?.plan ?? null);
  const available = useCounter((state) => state.overview.value?.credits?.available ?? null);
  const lowBelow = useCounter((state) => state.overview.value?.credits?.lowBelow ?? 0);
  if (plan === null || !plan.owned) return null;
  return (
    <>
      <RenewalBanner />
      {available !== null && available <= 0 ? <Banner tone="warn" title={none.title} body={none.body} /> : null}
      {available !== null && available > 0 && available < lowBelow ? (
        <Banner tone="calm" title={low.title} body={low.body(format.number(available))} />
      ) : null}
    </>
  );
}

/** The renewal can be asked for all the same: whether the year is paid already, the server knows. */
function StaleBanner({ asOf, action }: { readonly asOf: string; readonly action: ReactNode }) {
  const { text, format } = useParts();
  const clock = useCounter((state) => state.overview.value?.sync.clock ?? 'unknown');
  const words = text.overview.banner.stale;
  const body = clock === 'unknown' ? `${words.body} ${words.checkDate}` : words.body;
  return <Banner tone="calm" title={words.title(format.date(asOf))} body={body} action={action} />;
}

function RenewalBanner() {
  const { text, format } = useParts();
  const plan = useCounter((state) => state.overview.value?.plan ?? null);
  const renew = useRenew();
  if (plan === null || plan.nextDue === null) return null;
  const words = text.overview.banner;
  const action = (
    <Button kind={(plan.asOf ?? null) === null ? 'primary' : 'plain'} disabled={renew.disabled} onClick={renew.run}>
      {renew.word}
    </Button>
  );
  const asOf = plan.asOf ?? null;
  if (asOf !== null) return <StaleBanner asOf={asOf} action={action} />;
  const left = plan.daysLeft;
  switch (plan.status) {
    case 'due_soon': {
      const date = format.calendarDate(plan.nextDue);
      if (plan.renewalMode === 'autopay') {
        return <Banner tone="calm" title={words.due_soon.title(left)} body={words.due_soon.autopay(date)} />;
      }
      const body = words.due_soon.body(date);
      return <Banner tone="warn" title={words.due_soon.title(left)} body={body} action={action} />;
    }
    case 'past_due': {
      const body = words.past_due.body(format.calendarDate(plan.lapsesOn ?? plan.nextDue));
      return <Banner tone="bad" title={words.past_due.title(left)} body={body} action={action} />;
    }
    case 'lapsed':
      return <Banner tone="bad" title={words.lapsed.title} body={words.lapsed.body} action={action} />;
    case 'none':
    case 'active':
      return null;
  }
}
