// Who stands on the next invoice: read from the server when the panel opens, and saved there, so that nobody changes old
// details. What was issued keeps what it says.
import { type ChangeEvent, type FormEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import type { Profile } from '../../../shared/contract/profile.ts';
import type { Refusal } from '../../../shared/contract/result.ts';
import { useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { SidePanel } from '../../components/dialogs.tsx';
import { SelectField, TextArea, TextField } from '../../components/field.tsx';
import { Bones, Problem } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import {
  type Faults,
  formOf,
  lettersHint,
  type ProfileField,
  type ProfileForm,
  pinHint,
  profileFaults,
  profileFields,
  profileRequestOf,
  serverFaults,
  warningSentences,
} from '../form-faults.ts';
import { StateOptions } from '../state-options.tsx';
import styles from './invoices.module.css';

export function ProfilePanel() {
  const { text, counter } = useParts();
  const panels = usePanels();
  const [profile, setProfile] = useState<Profile | null>(null);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const words = text.profile;
  const read = async () => {
    setProblem(null);
    const result = await counter.profile();
    if (result.ok) setProfile(result.value);
    else setProblem(result.error);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once for each opening of the panel.
  useEffect(() => void read(), []);
  if (profile !== null) return <ProfileEditor profile={profile} />;
  return (
    <SidePanel title={words.title} lead={words.lead} onClose={panels.close}>
      {problem === null ? <Bones lines={8} /> : <Problem error={problem} onRetry={() => void read()} />}
      {problem?.code === 'offline' ? <p className={styles.note}>{words.offline}</p> : null}
    </SidePanel>
  );
}

function ProfileEditor({ profile }: { readonly profile: Profile }) {
  const { text } = useParts();
  const panels = usePanels();
  const id = useId();
  const words = text.profile;
  const form = useProfileForm(profile);
  const count = Object.keys(form.faults).length;
  return (
    <SidePanel
      title={words.title}
      lead={words.lead}
      onClose={panels.close}
      foot={
        <>
          {form.problem === null ? null : <Problem error={form.problem} />}
          {form.problem?.code === 'offline' ? <p className={styles.note}>{words.offline}</p> : null}
          <Said saved={form.saved} faults={count} />
          <Button kind="primary" wide type="submit" form={id} busy={form.busy}>
            {form.busy ? words.saving : words.save}
          </Button>
        </>
      }
    >
      <form id={id} className={styles.form} noValidate onSubmit={form.submit} ref={form.ref}>
        <Fields form={form} />
      </form>
    </SidePanel>
  );
}

/** What the last press came to: saved, what to look at again, or how many fields need attention. */
function Said({ saved, faults }: { readonly saved: Profile | null; readonly faults: number }) {
  const { text } = useParts();
  const warnings = saved === null ? [] : warningSentences(saved, text);
  return (
    <output className={styles.handed}>
      {faults > 0 ? <span className={styles.faults}>{text.activation.correct(faults)}</span> : null}
      {saved !== null && warnings.length === 0 ? text.profile.saved : null}
      {warnings.map((sentence) => (
        <span key={sentence} className={styles.warning}>
          {sentence}
        </span>
      ))}
    </output>
  );
}

type Form = ReturnType<typeof useProfileForm>;

function Fields({ form }: { readonly form: Form }) {
  const { text } = useParts();
  const { field, values } = form;
  const words = text.profile;
  return (
    <>
      <TextField
        {...field('legalName')}
        data-first=""
        hint={words.nameHint}
        warning={lettersHint(values.legalName, text)}
        autoComplete="organization"
      />
      <TextArea
        {...field('address')}
        rows={2}
        warning={lettersHint(values.address, text)}
        autoComplete="street-address"
      />
      <SelectField {...field('stateCode')}>
        <StateOptions />
      </SelectField>
      <TextField {...field('pin')} warning={pinHint(values, text)} inputMode="numeric" autoComplete="postal-code" />
      <TextField {...field('gstin')} optional hint={words.gstinHint} autoCapitalize="characters" />
      <TextField {...field('phone')} optional type="tel" autoComplete="tel" />
      <TextField {...field('email')} optional type="email" autoComplete="email" />
    </>
  );
}

function useProfileForm(profile: Profile) {
  const { text, counter } = useParts();
  const [values, setValues] = useState<ProfileForm>(formOf(profile));
  const [faults, setFaults] = useState<Faults<ProfileField>>({});
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [saved, setSaved] = useState<Profile | null>(null);
  const [busy, setBusy] = useState(false);
  const ref = useRef<HTMLFormElement>(null);

  const show = (found: Faults<ProfileField>) => {
    setFaults(found);
    return !focusFirst(ref, found);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(null);
    setSaved(null);
    if (busy || !show(profileFaults(values, text))) return;
    setBusy(true);
    const result = await counter.saveProfile(profileRequestOf(values));
    setBusy(false);
    if (result.ok) {
      setSaved(result.value);
      setValues(formOf(result.value));
    } else if (show(serverFaults(profileFields, result.error, text))) setProblem(result.error);
  };
  const change = (name: ProfileField, value: string) => {
    const next = { ...values, [name]: value };
    setValues(next);
    setSaved(null);
    // A fault goes as soon as it is put right; a new one is shown only when the form is sent.
    const still = profileFaults(next, text);
    const touched = name === 'stateCode' ? ['stateCode', 'gstin'] : [name];
    setFaults(Object.fromEntries(Object.entries(faults).filter(([key]) => !touched.includes(key) || key in still)));
  };
  const field = (name: ProfileField) => ({
    name,
    label: text.activation.fields[name],
    value: values[name],
    fault: faults[name],
    onChange: (event: ChangeEvent<HTMLInputElement & HTMLTextAreaElement & HTMLSelectElement>) =>
      change(name, event.target.value),
  });
  return { values, faults, problem, saved, busy, ref, field, submit: (event: FormEvent) => void submit(event) };
}

/** Puts the cursor where the first fault is; false when there is none. */
function focusFirst(form: RefObject<HTMLFormElement | null>, found: Faults<ProfileField>): boolean {
  const first = profileFields.find((name) => name in found);
  if (first === undefined) return false;
  const control = form.current?.elements.namedItem(first);
  if (control instanceof HTMLElement) control.focus();
  return true;
}
