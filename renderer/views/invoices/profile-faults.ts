// What is wrong in the details for invoices, field by field, in words: found here before sending, or told by the server.
import { type Profile, type ProfileRequest, profileRequest } from '../../../shared/contract/profile.ts';
import type { Refusal } from '../../../shared/contract/result.ts';
import { isStateCode } from '../../../shared/gst/states.ts';
import type { Messages } from '../../text/en.ts';
import { faultsOf } from '../../text/explain.ts';
import { type Faults, gstinFault } from '../activation/form-faults.ts';
import { addressOf, gstinOf, optional, phoneOf, pinOf } from '../typed.ts';

export const profileFields = ['legalName', 'address', 'stateCode', 'pin', 'gstin', 'phone', 'email'] as const;
export type ProfileField = (typeof profileFields)[number];
export type ProfileForm = Readonly<Record<ProfileField, string>>;

export function formOf(profile: Profile): ProfileForm {
  const { legalName, address, stateCode, pin, gstin, phone, email } = profile;
  return { legalName, address, stateCode, pin, gstin: gstin ?? '', phone: phone ?? '', email: email ?? '' };
}

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

export function profileFaults(form: ProfileForm, text: Messages): Faults<ProfileField> {
  const found: Partial<Record<ProfileField, string>> = {};
  for (const issue of profileRequest.safeParse(profileRequestOf(form)).error?.issues ?? []) {
    const field = profileFields.find((name) => name === issue.path[0]);
    if (field !== undefined) found[field] ??= text.activation.faults[field];
  }
  if (!isStateCode(form.stateCode)) found.stateCode = text.activation.faults.stateCode;
  const gstin = gstinFault(form, text);
  if (gstin !== undefined) found.gstin = gstin;
  return found;
}

/** Faults that the server found, on the fields that it named. */
export function serverProfileFaults(refusal: Refusal, text: Messages): Faults<ProfileField> {
  const told = faultsOf(refusal);
  return Object.fromEntries(
    profileFields.filter((field) => told.has(field)).map((field) => [field, text.activation.faults[field]]),
  );
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
