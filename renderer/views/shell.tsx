// The frame around every screen: where you are, where you can go, whose counter this is.
import { type ReactNode, useEffect } from 'react';
import { useCounter, useParts } from '../app-parts.ts';
import { Brand } from '../components/brand.tsx';
import { IconButton } from '../components/button.tsx';
import { DataLine } from '../components/data-line.tsx';
import { Icon } from '../components/icon.tsx';
import { Chip, Hidden } from '../components/surface.tsx';
import { usePanels } from '../panels.ts';
import { addressOf, type Screen, screens } from '../store/route.ts';
import { Keys } from './commands/key-caps.tsx';
import { keysOf } from './commands/keys.ts';
import { SharedBanners } from './shared-banners.tsx';
import styles from './shell.module.css';
import { useAskedScreen } from './use-screen.ts';

function Navigation() {
  const asked = useAskedScreen();
  const { text, format } = useParts();
  const waiting = useCounter((state) => state.overview.value?.waiting ?? 0);
  return (
    <nav className={styles.nav} aria-label={text.shell.nav.label}>
      <ul>
        {screens.map((name) => (
          <li key={name}>
            <a className={styles.link} href={addressOf(name)} aria-current={name === asked ? 'page' : undefined}>
              <Icon name={name} />
              {text.shell.nav[name]}{' '}
              {name === 'purchases' && waiting > 0 ? (
                <span className={styles.count}>
                  <span aria-hidden="true">{format.number(waiting)}</span>
                  <Hidden>{text.shell.nav.waiting(waiting, format.number(waiting))}</Hidden>
                </span>
              ) : null}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What was told, and how much of it nobody has looked at. */
function Bell() {
  const { text, format, counter } = useParts();
  const panels = usePanels();
  const unread = useCounter((state) => state.told.value?.unread ?? 0);
  useEffect(() => void counter.read('told'), [counter]);
  const words = text.noticeList;
  return (
    <span className={styles.bell}>
      <IconButton
        icon="bell"
        label={unread === 0 ? words.title : `${words.title}: ${words.unread(unread, format.number(unread))}`}
        onClick={() => panels.open({ kind: 'notices' })}
      />
      {unread === 0 ? null : <span aria-hidden="true">{format.number(unread)}</span>}
    </span>
  );
}

function FindCommand() {
  const { text } = useParts();
  const panels = usePanels();
  return (
    <button type="button" className={styles.find} onClick={() => panels.open({ kind: 'commands' })}>
      {text.commands.title}
      <Keys keys={keysOf.commands} />
    </button>
  );
}

function Whose() {
  const { text } = useParts();
  const session = useCounter((state) => state.overview.value?.session ?? null);
  if (session === null) return null;
  return (
    <div className={styles.org}>
      <strong title={session.orgName ?? undefined}>{session.orgName}</strong>
      {session.deviceName === null ? null : <span>{text.shell.counterName(session.deviceName)}</span>}
      <span>{text.shell.version(session.appVersion)}</span>
    </div>
  );
}

export function Shell({ screen, children }: { readonly screen: Screen; readonly children: ReactNode }) {
  const { text, format } = useParts();
  const testTime = useCounter((state) => state.overview.value?.testTime ?? null);
  const testMoney = useCounter((state) => state.overview.value?.testMoney ?? false);
  return (
    <div className={styles.frame}>
      <button type="button" className={styles.skip} onClick={focusContent}>
        {text.shell.skip}
      </button>
      <header className={styles.side}>
        <Brand />
        <Navigation />
        <FindCommand />
        <Whose />
      </header>
      <main className={styles.main} id="content" tabIndex={-1}>
        <div className={styles.inner}>
          <div className={styles.head}>
            <div className={styles.titles}>
              <h1>{text.shell.nav[screen]}</h1>
              {testTime === null ? null : (
                <span title={text.shell.testTimeHint}>
                  <Chip tone="warn">{text.shell.testTime(format.dateTime(testTime))}</Chip>
                </span>
              )}
              {testMoney ? (
                <span title={text.shell.testMoneyHint}>
                  <Chip tone="warn">{text.shell.testMoney}</Chip>
                </span>
              ) : null}
            </div>
            <div className={styles.now}>
              <DataLine />
              <Bell />
            </div>
          </div>
          <SharedBanners />
          {children}
        </div>
      </main>
    </div>
  );
}

/** A button and not a link: the address after # names the screen and stays as it is. */
function focusContent() {
  document.getElementById('content')?.focus();
}
