// The states to choose from, by name; none is chosen for the user.
import { states } from '../../shared/gst/states.ts';
import { useParts } from '../app-parts.ts';

const statesByName = [...states].sort((a, b) => a.name.localeCompare(b.name));

export function StateOptions() {
  const { text } = useParts();
  return (
    <>
      <option value="">{text.activation.chooseState}</option>
      {statesByName.map((state) => (
        <option key={state.code} value={state.code}>
          {state.name}
        </option>
      ))}
    </>
  );
}
