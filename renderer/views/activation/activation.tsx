// Setting up a counter: a new pharmacy, or one more counter of a pharmacy that is there.
import { Tabs } from '@base-ui/react/tabs';
import { useCounter, useParts } from '../../app-parts.ts';
import { AwayBanner } from '../../components/away-banner.tsx';
import { Brand } from '../../components/brand.tsx';
import { Icon } from '../../components/icon.tsx';
import { Banner } from '../../components/surface.tsx';
import { LanguageField } from '../language-field.tsx';
import { useSettings } from '../use-settings.ts';
import styles from './activation.module.css';
import { JoinFields } from './join.tsx';
import { SignUpFields } from './sign-up.tsx';

export function ActivationScreen() {
  const { text } = useParts();
  const { activation, shell } = text;
  const version = useCounter((state) => state.overview.value?.session.appVersion ?? '');
  const settings = useSettings();
  const link = useCounter((state) => state.link);
  const connection = useCounter((state) => state.overview.value?.sync.connection);
  return (
    <div className={styles.page}>
      <header className={styles.aside}>
        <Brand />
        <h1>{activation.title}</h1>
        <p>{activation.lead}</p>
        <ul className={styles.points}>
          {activation.points.map((point) => (
            <li key={point}>
              <Icon name="check" />
              {point}
            </li>
          ))}
        </ul>
        <div className={styles.language}>
          <LanguageField
            chosen={settings.shown?.language ?? null}
            onChoose={(language) => settings.save({ language })}
          />
        </div>
        <p className={styles.version}>{shell.version(version)}</p>
      </header>
      <main className={styles.main}>
        <div className={styles.inner}>
          <AwayBanner />
          {link === 'up' && connection === 'offline' ? (
            <Banner tone="warn" title={text.sync.offline} body={activation.offline} />
          ) : null}
          <Tabs.Root defaultValue="signUp">
            <Tabs.List className={styles.tabs} aria-label={activation.tabs.label}>
              <Tabs.Tab className={styles.tab} value="signUp">
                {activation.tabs.signUp}
              </Tabs.Tab>
              <Tabs.Tab className={styles.tab} value="join">
                {activation.tabs.join}
              </Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="signUp" keepMounted>
              <SignUpFields />
            </Tabs.Panel>
            <Tabs.Panel value="join" keepMounted>
              <JoinFields />
            </Tabs.Panel>
          </Tabs.Root>
        </div>
      </main>
    </div>
  );
}
