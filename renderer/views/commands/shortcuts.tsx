// The keys that work everywhere, as a list.
import { Fragment } from 'react';
import { useParts } from '../../app-parts.ts';
import { SidePanel } from '../../components/dialogs.tsx';
import { usePanels } from '../../panels.ts';
import { screens } from '../../store/route.ts';
import styles from './commands.module.css';
import { Keys } from './key-caps.tsx';
import { keysOf, screenKeys } from './keys.ts';

export function ShortcutsPanel() {
  const { text } = useParts();
  const panels = usePanels();
  const words = text.commands;
  const all: readonly (readonly [string, readonly string[]])[] = [
    [words.shortcuts.commands, keysOf.commands],
    [words.shortcuts.title, keysOf.shortcuts],
    ...screens.map((screen) => [words.go(text.shell.nav[screen]), screenKeys(screen)] as const),
    [text.overview.credits.topUp, keysOf.topUp],
    [text.shell.refresh, keysOf.refresh],
    [words.shortcuts.close, ['Esc']],
    [words.shortcuts.rows, ['↑', '↓', 'PgUp', 'PgDn', 'Home', 'End']],
    [words.shortcuts.openRow, ['Enter']],
  ];
  return (
    <SidePanel reading title={words.shortcuts.title} lead={words.shortcuts.lead} onClose={panels.close}>
      <dl className={styles.shortcuts}>
        {all.map(([name, keys]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>
              <Keys keys={keys} />
            </dd>
          </Fragment>
        ))}
      </dl>
    </SidePanel>
  );
}
