// The choice of a language, each in its own words. Also before there is a pharmacy: nobody should set up a counter in a language
// that they do not read.
import { useStore } from 'zustand';
import { useParts } from '../app-parts.ts';
import { SelectField } from '../components/field.tsx';

interface LanguageFieldProps {
  /** Null: the system's. */
  readonly chosen: string | null;
  readonly onChoose: (language: string | null) => void;
}

export function LanguageField({ chosen, onChoose }: LanguageFieldProps) {
  const { text, speech } = useParts();
  const failed = useStore(speech.state, (state) => state.failed);
  const words = text.settings.look;
  // A language of another version of the app is not in the list: the system's is spoken then.
  const known = speech.languages.find(({ tag }) => tag === chosen);
  return (
    <SelectField
      label={words.language}
      value={known?.tag ?? ''}
      fault={failed ? words.languageFailed : undefined}
      onChange={({ target }) => onChoose(target.value === '' ? null : target.value)}
    >
      <option value="">{words.systemLanguage(speech.systemName)}</option>
      {speech.languages.map(({ tag, name }) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
