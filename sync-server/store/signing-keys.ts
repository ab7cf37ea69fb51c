// The Ed25519 keys that sign entitlements: kept in the database, so that every process signs with the same. A new key is
// announced in a statement that the newest before it signed, and signs after an overlap in which counters come to hold it;
// a running server hears of it and needs no restart.
import { and, desc, isNotNull, lt, sql } from 'drizzle-orm';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { z } from 'zod';
import type { BillingStatus, EntitlementClaims, EntitlementKeyClaims } from '../../shared/contract/billing.ts';
import { type EntitlementKey, type EntitlementKeys, entitlementKey } from '../../shared/contract/devices.ts';
import type { Clock } from '../clock.ts';
import { announceSigningKey, type Changes } from './changes.ts';
import { signingKey } from './schema.ts';
import type { Db, Tx } from './tx.ts';

export interface Signer {
  /** The public keys as sign-up and join answer them, the newest first. */
  keys(): Promise<EntitlementKeys>;
  /** The signed claims, with the statements that lead to the key that signed them. */
  sign(claims: EntitlementClaims): Promise<Pick<BillingStatus, 'entitlement' | 'entitlementKeyChain'>>;
}

/** A key that has not signed for this long can be forgotten: no process goes by a list of keys that is as old. */
const forgetAfterMs = 86_400_000;
/** Only one program changes the keys at a time; any number, the same for all. */
const keyLock = 7_240_202;

type Row = typeof signingKey.$inferSelect;

const storedJwk = z.record(z.string(), z.unknown());

/** Makes the first key if there is none. */
export async function openSigner(
  db: Db,
  changes: Pick<Changes, 'subscribeSigningKeys' | 'listening'>,
  clock: Clock,
): Promise<Signer> {
  await db.transaction((tx) => lockedKeys(tx, clock.now()));
  let known: Known | null = null;
  // Whatever was read before a word came may be older than that word.
  let words = 0;
  changes.subscribeSigningKeys(() => {
    words += 1;
    known = null;
  });
  const current = async (): Promise<Known> => {
    const now = clock.now();
    if (known !== null && now.getTime() < known.until) return known;
    const before = words;
    await forgetPrivateParts(db, now);
    const read = await knownOf(await keysNewestFirst(db), now);
    if (before === words && changes.listening()) known = read;
    return read;
  };
  return {
    keys: async () => ({ keys: [...(await current()).keys] }),
    sign: async (claims) => {
      const { kid, key, chain } = await current();
      return { entitlement: await signed('entitlement+jwt', { kid, key }, claims), entitlementKeyChain: [...chain] };
    },
  };
}

/** As it holds until an instant, in milliseconds since 1970: then another key signs, or one is forgotten. */
interface Known extends SigningKey {
  readonly keys: readonly EntitlementKey[];
  readonly chain: readonly string[];
  readonly until: number;
}

interface SigningKey {
  readonly kid: string;
  readonly key: Awaited<ReturnType<typeof importJWK>>;
}

async function knownOf(rows: readonly Row[], now: Date): Promise<Known> {
  const signing = signingAt(rows, now);
  const changesAt = rows.flatMap((row) => [row.signsFrom.getTime(), row.signsFrom.getTime() + forgetAfterMs]);
  const until = Math.min(...changesAt.filter((at) => at > now.getTime()));
  return {
    ...(await privateKeyOf(signing)),
    keys: rows.map((row) => entitlementKey.parse(row.publicJwk)),
    chain: rows.flatMap((row) => (row.statement === null ? [] : [row.statement])).reverse(),
    until,
  };
}

/** The newest whose time has come. Where two clocks differ it may be gone already; then the one after it signs early. */
function signingAt(rows: readonly Row[], now: Date): Row {
  const usable = rows.filter((row) => row.privateJwk !== null);
  const signing = usable.find((row) => row.signsFrom <= now) ?? usable.at(-1);
  if (signing === undefined) throw new Error('no signing key');
  return signing;
}

async function privateKeyOf(row: Row): Promise<SigningKey> {
  return { kid: row.kid, key: await importJWK(storedJwk.parse(row.privateJwk) as JWK, 'EdDSA') };
}

function signed(
  typ: 'entitlement+jwt' | 'entitlement-key+jwt',
  { kid, key }: SigningKey,
  claims: EntitlementClaims | EntitlementKeyClaims,
): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'EdDSA', kid, typ }).sign(key);
}

const keysNewestFirst = (db: Tx): Promise<Row[]> => db.select().from(signingKey).orderBy(desc(signingKey.place));

/** All keys, the newest first, until the transaction ends nobody else's to change; the first is made here. */
async function lockedKeys(tx: Tx, now: Date): Promise<[Row, ...Row[]]> {
  await tx.execute(sql`select pg_advisory_xact_lock(${keyLock})`);
  const [newest, ...older] = await keysNewestFirst(tx);
  if (newest !== undefined) return [newest, ...older];
  return [await insertKey(tx, { ...(await makeKey()), place: 1, createdAt: now, signsFrom: now, statement: null })];
}

async function insertKey(tx: Tx, values: typeof signingKey.$inferInsert): Promise<Row> {
  const [row] = await tx.insert(signingKey).values(values).returning();
  if (row === undefined) throw new Error('a signing key was not stored');
  return row;
}

async function makeKey() {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const bare = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(bare);
  const publicJwk = entitlementKey.parse({ ...bare, kid, use: 'sig', alg: 'EdDSA' });
  return { kid, privateJwk: await exportJWK(privateKey), publicJwk };
}

export interface Rotated {
  readonly kid: string;
  readonly signsFrom: Date;
}

/**
 * Makes a new key and announces it, in every process at once. It signs after `overlapMs`; with 0 from now on, and no private
 * part of an older key is kept: for a key that others may have got hold of.
 */
export async function rotateSigningKey(db: Db, now: Date, overlapMs: number): Promise<Rotated> {
  return db.transaction(async (tx) => {
    const [newest] = await lockedKeys(tx, now);
    if (newest.privateJwk === null) throw new Error('the newest signing key has no private part');
    const { kid, privateJwk, publicJwk } = await makeKey();
    // Never before the key that signs it, though the clock was wrong then: counters go by the order.
    const createdAt = new Date(Math.max(now.getTime(), newest.createdAt.getTime()));
    const claims = { iat: Math.floor(createdAt.getTime() / 1000), kid, jwk: publicJwk };
    const statement = await signed('entitlement-key+jwt', await privateKeyOf(newest), claims);
    const signsFrom = new Date(Math.max(now.getTime(), overlapMs === 0 ? 0 : newest.signsFrom.getTime()) + overlapMs);
    const place = newest.place + 1;
    await insertKey(tx, { kid, privateJwk, publicJwk, place, createdAt, signsFrom, statement });
    if (overlapMs === 0) await tx.update(signingKey).set({ privateJwk: null }).where(lt(signingKey.place, place));
    await announceSigningKey(tx);
    return { kid, signsFrom };
  });
}

/** Private parts of keys that signed last a day ago or longer: what is not kept cannot be stolen. */
async function forgetPrivateParts(db: Db, now: Date): Promise<void> {
  const longAgo = new Date(now.getTime() - forgetAfterMs);
  const newestThen = db
    .select({ place: sql<number>`max(${signingKey.place})` })
    .from(signingKey)
    .where(sql`${signingKey.signsFrom} <= ${longAgo}`);
  await db
    .update(signingKey)
    .set({ privateJwk: null })
    .where(and(isNotNull(signingKey.privateJwk), lt(signingKey.place, newestThen)));
}
