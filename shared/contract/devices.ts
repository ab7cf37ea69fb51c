// Sign-up, counters and branches over HTTP.
import { z } from 'zod';
import { instant } from '../ledger/entry.ts';
import { branchId, deviceId, joinCode, orgId } from './ids.ts';

/** A name that people read: trimmed, not empty, no control characters. */
const name = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters')
    .refine((text) => text.isWellFormed(), 'must be whole characters');

/** The name of a counter: one that people can see, since blanks that a font leaves out would be a row without a name. */
export const counterName = name(100).refine(
  (text) => /^$|[\p{L}\p{N}\p{P}\p{S}]/u.test(text),
  'must have a letter, digit or sign',
);

/** Whether two names of counters are read as the same: capitals, width and blanks do not tell them apart. */
export function sameCounterName(one: string, other: string): boolean {
  const read = (text: string) => text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');
  return read(one) === read(other);
}

/** `POST /api/orgs`. A GSTIN is also checked against its check character and against stateCode. */
export const signUpRequest = z.object({
  legalName: name(200),
  address: name(500),
  stateCode: z.string().regex(/^\d{2}$/),
  pin: z.string().regex(/^[1-9]\d{5}$/),
  gstin: z.string().trim().max(20).nullable().optional(),
  phone: z
    .string()
    .trim()
    .regex(/^\+?[0-9 -]{6,20}$/)
    .nullable()
    .optional(),
  email: z.email().max(254).nullable().optional(),
  branchName: name(100).optional(),
  deviceName: counterName,
});
export type SignUpRequest = z.infer<typeof signUpRequest>;

/** The public part of an Ed25519 key that signs entitlements, as a JWK. */
export const entitlementKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
  use: z.literal('sig'),
  alg: z.literal('EdDSA'),
});
export type EntitlementKey = z.infer<typeof entitlementKey>;

/** JWK Set of all keys that sign entitlements, have signed them, or are announced to; the newest first. */
export const entitlementKeys = z.object({ keys: z.array(entitlementKey) });
export type EntitlementKeys = z.infer<typeof entitlementKeys>;

/**
 * 201 of sign-up and of join; 200 where the same request was answered before, with the same key of 16 characters or more (a
 * shorter one is taken as none). The server keeps the token's hash, and the token sealed under that key.
 */
export const activation = z.object({
  orgId,
  branchId,
  deviceId,
  deviceToken: z.string().min(20),
  serverTime: instant,
  entitlementKeys,
});
export type Activation = z.infer<typeof activation>;

export const joinCodeAnswer = z.object({ code: z.string(), expiresAt: instant });
export type JoinCodeAnswer = z.infer<typeof joinCodeAnswer>;

export const joinRequest = z.object({ code: joinCode, deviceName: counterName });
export type JoinRequest = z.input<typeof joinRequest>;

export const device = z.object({
  id: deviceId,
  branchId,
  name: z.string(),
  createdAt: instant,
  lastSeenAt: instant.nullable(),
  revokedAt: instant.nullable(),
  /** True for the counter that asks. */
  current: z.boolean(),
});
export type Device = z.infer<typeof device>;
export const deviceList = z.object({ items: z.array(device), nextCursor: z.string().nullable() });

/** `PATCH /api/devices/:id`: what is to be another. 400 where another counter that is not revoked has this name. */
export const deviceChange = z.object({ name: counterName });
export type DeviceChange = z.input<typeof deviceChange>;

export const branchRequest = z.object({ name: name(100) });
export const branch = z.object({ id: branchId, name: z.string(), createdAt: instant });
