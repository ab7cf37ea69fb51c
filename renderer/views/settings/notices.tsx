// What the operating system does for this counter: notifications, and starting it with the PC. Where it cannot, that is said.
import type { NoticeChoice } from '../../../shared/contract/settings.ts';
import { useParts } from '../../app-parts.ts';
import { Check, CheckGroup } from '../../components/check.tsx';
import { Card } from '../../components/surface.tsx';
import type { ChoiceProps } from './choice.ts';
import { CreditLimit } from './facts.tsx';
import styles from './settings.module.css';

const kinds = ['payments', 'renewal', 'credits'] as const satisfies readonly (keyof NoticeChoice)[];

export function Notices({ settings, save }: ChoiceProps) {
  const { text } = useParts();
  const words = text.settings.notices;
  return (
    <Card title={words.title}>
      <p className={styles.lead}>{settings.systemNotices ? words.lead : words.unable}</p>
      {settings.systemNotices ? (
        <CheckGroup label={words.title}>
          {kinds.map((kind) => (
            <Check
              key={kind}
              label={words[kind]}
              checked={settings.notices[kind]}
              onChange={(on) => save({ notices: { ...settings.notices, [kind]: on } })}
            />
          ))}
        </CheckGroup>
      ) : null}
      <CreditLimit />
    </Card>
  );
}

export function StartWithPc({ settings, save }: ChoiceProps) {
  const { text } = useParts();
  const words = text.settings.start;
  return (
    <Card title={words.title}>
      {settings.startsWithPc === null ? (
        <p className={styles.lead}>{words.unable}</p>
      ) : (
        <Check
          label={words.label}
          hint={words.hint}
          checked={settings.startsWithPc}
          onChange={(on) => save({ startsWithPc: on })}
        />
      )}
    </Card>
  );
}
