// Language and colours.
import { type ThemeChoice, themeChoice } from '../../../shared/contract/settings.ts';
import { useParts } from '../../app-parts.ts';
import { SelectField } from '../../components/field.tsx';
import { Card } from '../../components/surface.tsx';
import { LanguageField } from '../language-field.tsx';
import type { ChoiceProps } from './choice.ts';
import styles from './settings.module.css';

export function Look({ settings, save }: ChoiceProps) {
  const { text } = useParts();
  const words = text.settings.look;
  return (
    <Card title={words.title}>
      <div className={styles.fields}>
        <LanguageField chosen={settings.language} onChoose={(language) => save({ language })} />
        <SelectField
          label={words.theme}
          value={settings.theme}
          onChange={({ target }) => save({ theme: themeChoice.parse(target.value) })}
        >
          {themeChoice.options.map((theme: ThemeChoice) => (
            <option key={theme} value={theme}>
              {words.themes[theme]}
            </option>
          ))}
        </SelectField>
      </div>
    </Card>
  );
}
