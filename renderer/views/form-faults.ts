// What is wrong in a form, field by field, in words: found here before sending, or told by the server. One place for sign-up,
// joining and the details for invoices, so that the same field is judged the same wherever it is typed.
import { type SignUpRequest, signUpRequest } from '../../shared/contract/devices.ts';
import { joinCode } from '../../shared/contract/ids.ts';
import { type Profile, type ProfileRequest, profileRequest } from '../../shared/contract/profile.ts';
import type { Refusal } from '../../shared/contract/result.ts';
import { checkGstin } from '../../shared/gst/gstin.ts';
import { isPrintable } from '../../shared/gst/printable.ts';
import { isStateCode, pinMatchesState } from '../../shared/gst/states.ts';
import type { Messages } from '../text/en.ts';
import { faultsOf } from '../text/explain.ts';
import { addressOf, gstinOf, latinDigits, optional, phoneOf, pinOf } from '../text/typed.ts';

export const profileFields = ['legalName', 'address', 'stateCode', 'pin', 'gstin', 'phone', 'email'] as const;
export type ProfileField = (typeof profileFields)[number];
export type ProfileForm = Readonly<Record<ProfileField, string>>;

export const signUpFields = [...profileFields, 'branchName', 'deviceName'] as const;
export type SignUpField = (typeof signUpFields)[number];
export type SignUpForm = Readonly<Record<SignUpField, string>>;

export type Faults<F extends string> = Readonly<Partial<Record<F, string>>>;

/** The form as a request: an empty optional field is null, spaces around are taken away. */
export function profileRequestOf(form: ProfileForm): ProfileRequest {
  return {
    legalName: form.legalName.trim(),
    address: addressOf(form.address),
    stateCode: form.stateCode,
    pin: pinOf(form.pin),
    gstin: gstinOf(form.gstin),
    phone: phoneOf(form.phone),
    email: optional(form.email),
  };
}

export function signUpRequestOf(form: SignUpForm): SignUpRequest {
  return { ...profileRequestOf(form), branchName: form.branchName.trim(), deviceName: form.deviceName.trim() };
}

/** A profile as it is typed. */
export function formOf(profile: Profile): ProfileForm {
  const { legalName, address, stateCode, pin, gstin, phone, email } = profile;
  return { legalName, address, stateCode, pin, gstin: gstin ?? '', phone: phone ?? '', email: email ?? '' };
}

export function profileFaults(form: ProfileForm, text: Messages): Faults<ProfileField> {
  return found(profileFields, profileRequest, profileRequestOf(form), form, text);
}

export function signUpFaults(form: SignUpForm, text: Messages): Faults<SignUpField> {
  return found(signUpFields, signUpRequest, signUpRequestOf(form), form, text);
}

interface Shape {
  readonly safeParse: (request: unknown) => {
    readonly error?: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] } | undefined;
  };
}

function found<F extends SignUpField>(
  fields: readonly F[],
  shape: Shape,
  request: unknown,
  form: ProfileForm,
  text: Messages,
): Faults<F> {
  const { faults } = text.activation;
  const issues = shape.safeParse(request).error?.issues ?? [];
  const wrong = new Set<PropertyKey | undefined>(issues.map(({ path }) => path[0]));
  if (!isStateCode(form.stateCode)) wrong.add('stateCode');
  const gstin = gstinFault(form, text);
  const said = fields.filter((field) => wrong.has(field)).map((field) => [field, faults[field]]);
  // What the check of a GSTIN says is closer than that it is wrong.
  return Object.fromEntries(gstin === undefined ? said : [...said, ['gstin', gstin]]) as Faults<F>;
}

/** Faults that the server found, on the fields that it named. */
export function serverFaults<F extends SignUpField>(fields: readonly F[], refusal: Refusal, text: Messages): Faults<F> {
  const told = faultsOf(refusal);
  const named = fields.filter((field) => told.has(field));
  return Object.fromEntries(named.map((field) => [field, text.activation.faults[field]])) as Faults<F>;
}

/** Of a GSTIN as typed beside the state of the address; none where there is no GSTIN. */
export function gstinFault(form: Pick<ProfileForm, 'gstin' | 'stateCode'>, text: Messages): string | undefined {
  if (form.gstin.trim() === '') return undefined;
  const check = checkGstin(latinDigits(form.gstin));
  if (!check.ok) return text.activation.gstinFaults[check.reason];
  const other = isStateCode(form.stateCode) && check.stateCode !== form.stateCode;
  return other ? text.activation.gstinState(text.stateNames[check.stateCode]) : undefined;
}

/** A PIN that is unusual for the state is worth a second look, and no fault. */
export function pinHint(form: Pick<ProfileForm, 'pin' | 'stateCode'>, text: Messages): string | undefined {
  const pin = pinOf(form.pin);
  if (!/^[1-9]\d{5}$/.test(pin) || !isStateCode(form.stateCode)) return undefined;
  const matches = pinMatchesState(pin, form.stateCode);
  return matches === false ? text.activation.pinUnlikely(text.stateNames[form.stateCode]) : undefined;
}

/** Letters that no font of the invoice has are worth a second look, and no fault. */
export function lettersHint(value: string, text: Messages): string | undefined {
  return isPrintable(value.replace(/\s/g, ' ')) ? undefined : text.profile.notPrintable;
}

/** What the server saved and would have somebody look at again. */
export function warningSentences(profile: Profile, text: Messages): readonly string[] {
  const { warnings } = text.profile;
  return profile.warnings.map((warning) =>
    warning === 'pin_of_another_state'
      ? warnings.pin_of_another_state(profile.pin, text.stateNames[profile.stateCode])
      : warnings.letters_not_printable,
  );
}

const { deviceName } = signUpRequest.shape;

export function joinFaults(form: { code: string; deviceName: string }, text: Messages): Faults<'code' | 'deviceName'> {
  return {
    ...(joinCode.safeParse(form.code).success ? {} : { code: text.activation.faults.code }),
    ...(deviceName.safeParse(form.deviceName).success ? {} : { deviceName: text.activation.faults.deviceName }),
  };
}

/** `abcd2345` as people read it out: `ABCD 2345`. */
export function groupedCode(typed: string): string {
  const code = typed
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, 8);
  return code.length > 4 ? `${code.slice(0, 4)} ${code.slice(4)}` : code;
}
