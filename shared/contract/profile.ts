// The buyer's profile over HTTP: who stands on the org's next invoice. Documents that were issued keep what they say.
import { z } from 'zod';
import { stateCodes } from '../gst/states.ts';
import { signUpRequest } from './devices.ts';

/**
 * `PUT /api/billing/profile`: the whole profile, nothing left out, so that nothing is taken away unsaid. `gstin` is also
 * checked against its check character and against `stateCode`.
 */
export const profileRequest = signUpRequest
  .pick({ legalName: true, address: true, stateCode: true, pin: true, gstin: true, phone: true, email: true })
  .required({ gstin: true, phone: true, email: true });
export type ProfileRequest = z.infer<typeof profileRequest>;

/**
 * What a person should look at again, and what nobody refuses. pin_of_another_state: the PIN lies outside the state's, so one
 * of the two is probably mistyped, and the state decides the tax. letters_not_printable: the name or the address has letters
 * of a script that the invoice's fonts do not have; they would be printed as empty boxes.
 */
export const profileWarning = z.enum(['pin_of_another_state', 'letters_not_printable']);
export type ProfileWarning = z.infer<typeof profileWarning>;

/** Of `GET` and of `PUT`. */
export const profile = z.object({
  legalName: z.string(),
  address: z.string(),
  stateCode: z.enum(stateCodes),
  pin: z.string(),
  gstin: z.string().nullable(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  warnings: z.array(profileWarning),
});
export type Profile = z.infer<typeof profile>;
