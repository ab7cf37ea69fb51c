// The form that makes a pharmacy: checked field by field before it is sent, and by what the server answers.
import { type ChangeEvent, type FormEvent, useEffect, useRef, useState } from 'react';
import type { Refusal } from '../../../shared/contract/result.ts';
import { useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { SelectField, TextArea, TextField } from '../../components/field.tsx';
import { Problem } from '../../components/surface.tsx';
import {
  type Faults,
  lettersHint,
  pinHint,
  type SignUpField,
  type SignUpForm,
  serverFaults,
  signUpFaults,
  signUpFields,
  signUpRequestOf,
} from '../form-faults.ts';
import { StateOptions } from '../state-options.tsx';
import styles from './activation.module.css';

export function SignUpFields() {
  const { text } = useParts();
  const { activation } = text;
  const form = useSignUp();
  const { field, values, faults } = form;
  const count = Object.keys(faults).length;
  return (
    <form className={styles.form} noValidate onSubmit={form.submit} ref={form.ref}>
      <TextField
        {...field('legalName')}
        hint={activation.hints.legalName}
        warning={lettersHint(values.legalName, text)}
        autoComplete="organization"
      />
      <TextArea
        {...field('address')}
        rows={2}
        warning={lettersHint(values.address, text)}
        autoComplete="street-address"
      />
      <div className={styles.two}>
        <SelectField {...field('stateCode')}>
          <StateOptions />
        </SelectField>
      </div>
      <div className={styles.one}>
        <TextField {...field('pin')} warning={pinHint(values, text)} inputMode="numeric" autoComplete="postal-code" />
      </div>
      <div className={styles.one}>
        <TextField {...field('gstin')} optional hint={activation.hints.gstin} autoCapitalize="characters" />
      </div>
      <div className={styles.one}>
        <TextField {...field('phone')} optional type="tel" autoComplete="tel" />
      </div>
      <div className={styles.one}>
        <TextField {...field('email')} optional type="email" autoComplete="email" />
      </div>
      <div className={styles.half}>
        <TextField {...field('branchName')} />
      </div>
      <div className={styles.half}>
        <TextField {...field('deviceName')} hint={activation.hints.deviceName} />
      </div>
      {form.problem === null ? null : <Problem error={form.problem} />}
      <div className={styles.send}>
        <Button kind="primary" type="submit" busy={form.busy}>
          {form.busy ? activation.creating : activation.create}
        </Button>
        <output className={count > 0 ? styles.count : undefined}>
          {count > 0 ? activation.correct(count) : activation.needsServer}
        </output>
      </div>
    </form>
  );
}

function useSignUp() {
  const { text, counter } = useParts();
  const { activation } = text;
  const [typed, setTyped] = useState<Partial<SignUpForm>>({});
  // What nobody typed yet is proposed in the language that is spoken now.
  const values: SignUpForm = { ...emptyForm, ...activation.defaults, ...typed };
  const [faults, setFaults] = useState<Faults<SignUpField>>({});
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  const ref = useRef<HTMLFormElement>(null);
  // Said in the language before; they come again, in this one, when the form is sent.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the language is what it is for.
  useEffect(() => setFaults({}), [text]);

  const show = (found: Faults<SignUpField>) => {
    setFaults(found);
    const first = Object.keys(emptyForm).find((name) => name in found);
    const control = first === undefined ? null : ref.current?.elements.namedItem(first);
    if (control instanceof HTMLElement) control.focus();
    return first === undefined;
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(null);
    if (busy || !show(signUpFaults(values, text))) return;
    setBusy(true);
    const result = await counter.signUp(signUpRequestOf(values));
    setBusy(false);
    if (result.ok) return;
    if (show(serverFaults(signUpFields, result.error, text))) setProblem(result.error);
  };
  const field = (name: SignUpField) => ({
    name,
    label: activation.fields[name],
    value: values[name],
    fault: faults[name],
    onChange: (event: ChangeEvent<HTMLInputElement & HTMLTextAreaElement & HTMLSelectElement>) => {
      const next = { ...values, [name]: event.target.value };
      setTyped({ ...typed, [name]: event.target.value });
      // A fault goes as soon as it is put right; a new one is shown only when the form is sent.
      const still = signUpFaults(next, text);
      const touched = name === 'stateCode' ? ['stateCode', 'gstin'] : [name];
      setFaults(Object.fromEntries(Object.entries(faults).filter(([key]) => !touched.includes(key) || key in still)));
    },
  });
  return { values, faults, problem, busy, ref, field, submit: (event: FormEvent) => void submit(event) };
}

const emptyForm: SignUpForm = {
  legalName: '',
  address: '',
  stateCode: '',
  pin: '',
  gstin: '',
  phone: '',
  email: '',
  branchName: '',
  deviceName: '',
};
