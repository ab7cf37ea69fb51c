// What is wrong in the sign-up form, field by field, in words: found here before sending, or told by the server.
import { type SignUpRequest, signUpRequest } from '../../../shared/contract/devices.ts';
import { joinCode } from '../../../shared/contract/ids.ts';
import type { Refusal } from '../../../shared/contract/result.ts';
import { checkGstin } from '../../../shared/gst/gstin.ts';
import { isPrintable } from '../../../shared/gst/printable.ts';
import { isStateCode, pinMatchesState } from '../../../shared/gst/states.ts';
import type { Messages } from '../../text/en.ts';
import { faultsOf } from '../../text/explain.ts';
import { addressOf, gstinOf, latinDigits, optional, phoneOf, pinOf } from '../typed.ts';

export const signUpFields = [
  'legalName',
  'address',
  'stateCode',
  'pin',
  'gstin',
  'phone',
  'email',
  'branchName',
  'deviceName',
] as const;
export type SignUpField = (typeof signUpFields)[number];
export type SignUpForm = Readonly<Record<SignUpField, string>>;
export type Faults<F extends string> = Readonly<Partial<Record<F, string>>>;

/** The form as a request: an empty optional field is absent, spaces around are taken away. */
export function requestOf(form: SignUpForm): SignUpRequest {
  return {
    legalName: form.legalName.trim(),
    address: addressOf(form.address),
    stateCode: form.stateCode,
    pin: pinOf(form.pin),
    gstin: gstinOf(form.gstin),
    phone: phoneOf(form.phone),
    email: optional(form.email),
    branchName: form.branchName.trim(),
    deviceName: form.deviceName.trim(),
  };
}

export function signUpFaults(form: SignUpForm, text: Messages): Faults<SignUpField> {
  const found: Partial<Record<SignUpField, string>> = {};
  const checked = signUpRequest.safeParse(requestOf(form));
  for (const issue of checked.error?.issues ?? []) {
    const field = signUpFields.find((name) => name === issue.path[0]);
    if (field !== undefined) found[field] ??= text.activation.faults[field];
  }
  if (!isStateCode(form.stateCode)) found.stateCode = text.activation.faults.stateCode;
  const gstin = gstinFault(form, text);
  if (gstin !== undefined) found.gstin = gstin;
  return found;
}

/** Of a GSTIN as typed beside the state of the address; none where there is no GSTIN. */
export function gstinFault(form: Pick<SignUpForm, 'gstin' | 'stateCode'>, text: Messages): string | undefined {
  if (form.gstin.trim() === '') return undefined;
  const check = checkGstin(latinDigits(form.gstin));
  if (!check.ok) return text.activation.gstinFaults[check.reason];
  const other = isStateCode(form.stateCode) && check.stateCode !== form.stateCode;
  return other ? text.activation.gstinState(text.stateNames[check.stateCode]) : undefined;
}

/** A PIN that is unusual for the state is worth a second look, and no fault. */
export function pinHint(form: Pick<SignUpForm, 'pin' | 'stateCode'>, text: Messages): string | undefined {
  const pin = pinOf(form.pin);
  if (!/^[1-9]\d{5}$/.test(pin) || !isStateCode(form.stateCode)) return undefined;
  const matches = pinMatchesState(pin, form.stateCode);
  return matches === false ? text.activation.pinUnlikely(text.stateNames[form.stateCode]) : undefined;
}

/** Letters that no font of the invoice has are worth a second look, and no fault. */
export function lettersHint(value: string, text: Messages): string | undefined {
  return isPrintable(value.replace(/\s/g, ' ')) ? undefined : text.profile.notPrintable;
}

/** Faults that the server found, on the fields that it named. */
export function serverFaults(refusal: Refusal, text: Messages): Faults<SignUpField> {
  const told = faultsOf(refusal);
  return Object.fromEntries(
    signUpFields.filter((field) => told.has(field)).map((field) => [field, text.activation.faults[field]]),
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
