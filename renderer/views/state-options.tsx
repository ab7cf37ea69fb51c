// The states to choose from, by name; none is chosen for the user.
import { stateCodes } from '../../shared/gst/states.ts';
import { useParts } from '../app-parts.ts';

export function StateOptions() {
  const { text } = useParts();
  const { stateNames, locale } = text;
  const byName = [...stateCodes].sort((a, b) => stateNames[a].localeCompare(stateNames[b], locale));
  return (
    <>
      <option value="">{text.activation.chooseState}</option>
      {byName.map((code) => (
        <option key={code} value={code}>
          {stateNames[code]}
        </option>
      ))}
    </>
  );
}
