// The command palette: type a few letters, press Enter. The focus stays in the field; the list says which command is chosen.
import { Dialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useParts } from '../../app-parts.ts';
import { classes } from '../../components/classes.ts';
import { Hidden } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import styles from './commands.module.css';
import { Keys } from './key-caps.tsx';
import { fitting } from './keys.ts';
import { type Command, useCommands } from './use-commands.ts';

export function Palette() {
  const { text } = useParts();
  const panels = usePanels();
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : panels.close())}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup
          className={styles.palette}
          initialFocus={() => document.querySelector<HTMLElement>('[data-first]')}
        >
          <Dialog.Title className={styles.title}>
            <Hidden>{text.commands.title}</Hidden>
          </Dialog.Title>
          <Search />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Search() {
  const { text } = useParts();
  const words = text.commands;
  const id = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const found = fitting(useCommands(), typed);
  const chosen = found[Math.min(at, found.length - 1)];
  const move = (by: number) => setAt((Math.min(at, found.length - 1) + by + found.length) % Math.max(1, found.length));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter') chosen?.run();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        data-first=""
        className={styles.input}
        type="text"
        role="combobox"
        aria-label={words.search}
        placeholder={words.search}
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen === undefined ? undefined : `${id}-${found.indexOf(chosen)}`}
        maxLength={80}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role="listbox" aria-label={words.title} className={styles.list}>
        {found.map((command, index) => (
          <Option key={command.name} id={`${id}-${index}`} command={command} chosen={command === chosen} />
        ))}
      </div>
      <output className={found.length === 0 ? styles.none : undefined}>{found.length === 0 ? words.none : null}</output>
    </>
  );
}

interface OptionProps {
  readonly id: string;
  readonly command: Command;
  readonly chosen: boolean;
}

function Option({ id, command, chosen }: OptionProps) {
  const option = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) option.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    // The field has the keyboard and acts for its options; the mouse presses them themselves.
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's, by aria-activedescendant.
    <div
      ref={option}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      className={classes(styles.option, chosen && styles.chosen)}
      onClick={command.run}
    >
      <span>{command.name}</span>
      {command.keys === null ? null : <Keys keys={command.keys} />}
    </div>
  );
}
