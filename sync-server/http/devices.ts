// Sign-up, counters, join codes, branches.
import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  activation,
  branch,
  branchRequest,
  deviceList,
  joinCodeAnswer,
  joinRequest,
  type SignUpRequest,
  signUpRequest,
} from '../../shared/contract/devices.ts';
import { checkGstin } from '../../shared/gst/gstin.ts';
import { isStateCode } from '../../shared/gst/states.ts';
import { makeId } from '../clock.ts';
import type { Parts } from '../parts.ts';
import { writeAudit } from '../store/audit.ts';
import { announceChange } from '../store/changes.ts';
import {
  createBranch,
  createDevice,
  createOrg,
  listDevices,
  type NewCounter,
  revokeDevice,
  saveJoinCode,
  useJoinCode,
} from '../store/orgs.ts';
import { accept, refuse, type Verdict } from '../verdict.ts';
import { answers, invalid, pathId, sendRefusal, signedIn, withBody } from './answers.ts';
import { callerOf, requireCaller } from './auth.ts';
import { limitPerAddress } from './limits.ts';

const joinCodeMinutes = 10;
/** No 0 O 1 I: they are mistaken for each other on a screen and over the telephone. */
const codeAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

const idParams = z.object({ id: pathId });

export function publicDeviceRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    const { db } = parts.database;
    const started = (ids: NewCounter) => ({
      orgId: ids.orgId,
      branchId: ids.branchId,
      deviceId: ids.deviceId,
      deviceToken: ids.token,
      serverTime: parts.clock.now().toISOString(),
      entitlementKeys: parts.signer.keys,
    });
    const newCounter = (orgId: string, branchId: string): NewCounter => ({
      orgId,
      branchId,
      deviceId: makeId('dev', parts.clock, parts.random),
      token: parts.random.bytes(32).toString('base64url'),
    });

    app.post(
      '/api/orgs',
      {
        preHandler: limitPerAddress(app, [
          { most: 20, seconds: 60 },
          { most: 100, seconds: 3600 },
        ]),
        schema: {
          operationId: 'signUp',
          body: signUpRequest,
          response: answers({ 201: activation }, [...withBody, 'rate_limited']),
        },
      },
      async (request, reply) => {
        const checked = checkPlace(request.body);
        if (!checked.ok) return sendRefusal(reply, checked);
        const ids = newCounter(makeId('org', parts.clock, parts.random), makeId('br', parts.clock, parts.random));
        const now = parts.clock.now();
        await db.transaction(async (tx) => {
          await createOrg(tx, { ...request.body, gstin: checked.value }, ids, now);
          await writeAudit(
            tx,
            { orgId: ids.orgId, actor: ids.deviceId, action: 'org.signed_up', subject: ids.orgId },
            now,
          );
        });
        return reply.code(201).send(started(ids));
      },
    );

    app.post(
      '/api/devices/join',
      {
        preHandler: limitPerAddress(app, [
          { most: 20, seconds: 60 },
          { most: 100, seconds: 3600 },
        ]),
        schema: {
          operationId: 'joinOrg',
          body: joinRequest,
          response: answers({ 201: activation }, [...withBody, 'not_found', 'rate_limited']),
        },
      },
      async (request, reply) => {
        const now = parts.clock.now();
        const ids = await db.transaction(async (tx) => {
          const used = await useJoinCode(tx, request.body.code, now);
          if (used === null) return null;
          const made = newCounter(used.orgId, used.branchId);
          await createDevice(tx, made, request.body.deviceName, now);
          const row = { orgId: made.orgId, actor: made.deviceId, action: 'device.joined', subject: made.deviceId };
          await writeAudit(tx, row, now);
          await announceChange(tx, made.orgId);
          return made;
        });
        return ids === null ? sendRefusal(reply, refuse('not_found')) : reply.code(201).send(started(ids));
      },
    );
  };
}

/** The GSTIN as normalised, null without one; refused when it is wrong or of another state than the address. */
function checkPlace(request: SignUpRequest): Verdict<string | null> {
  if (!isStateCode(request.stateCode)) return invalid('stateCode', 'is not the code of a state or union territory');
  if (request.gstin === undefined || request.gstin === null || request.gstin === '') return accept(null);
  const gstin = checkGstin(request.gstin);
  if (!gstin.ok) return invalid('gstin', `is not a valid GSTIN (${gstin.reason})`);
  if (gstin.stateCode !== request.stateCode) return invalid('gstin', 'is of another state than stateCode');
  return accept(gstin.gstin);
}

export function deviceRoutes(parts: Parts): FastifyPluginAsync {
  const plugin: FastifyPluginAsyncZod = async (app) => {
    const { db } = parts.database;
    app.addHook('preHandler', requireCaller(parts));

    app.post(
      '/api/devices/join-codes',
      {
        schema: {
          operationId: 'createJoinCode',
          response: answers({ 201: joinCodeAnswer }, [...signedIn, ...withBody]),
        },
      },
      async (request, reply) => {
        const now = parts.clock.now();
        const code = makeJoinCode(parts);
        const expiresAt = new Date(now.getTime() + joinCodeMinutes * 60_000);
        await saveJoinCode(db, callerOf(request), code, now, expiresAt);
        return reply.code(201).send({ code, expiresAt: expiresAt.toISOString() });
      },
    );

    app.get(
      '/api/devices',
      { schema: { operationId: 'listDevices', response: answers({ 200: deviceList }, signedIn) } },
      async (request) => ({ items: await listDevices(db, callerOf(request)), nextCursor: null }),
    );

    app.delete(
      '/api/devices/:id',
      {
        schema: {
          operationId: 'revokeDevice',
          params: idParams,
          response: answers({ 204: z.null() }, [...signedIn, ...withBody, 'not_found']),
        },
      },
      async (request, reply) => {
        const { orgId, deviceId } = callerOf(request);
        const now = parts.clock.now();
        const revoked = await db.transaction(async (tx) => {
          if (!(await revokeDevice(tx, orgId, request.params.id, now))) return false;
          await writeAudit(tx, { orgId, actor: deviceId, action: 'device.revoked', subject: request.params.id }, now);
          await announceChange(tx, orgId);
          return true;
        });
        return revoked ? reply.code(204).send(null) : sendRefusal(reply, refuse('not_found'));
      },
    );

    app.post(
      '/api/branches',
      {
        schema: {
          operationId: 'createBranch',
          body: branchRequest,
          response: answers({ 201: branch }, [...signedIn, ...withBody, 'branch_limit']),
        },
      },
      async (request, reply) => {
        const { orgId } = callerOf(request);
        const now = parts.clock.now();
        const id = makeId('br', parts.clock, parts.random);
        const made = await db.transaction((tx) => createBranch(tx, orgId, id, request.body.name, now));
        if (!made) return sendRefusal(reply, refuse('branch_limit'));
        return reply.code(201).send({ id, name: request.body.name, createdAt: now.toISOString() });
      },
    );
  };
  return plugin as FastifyPluginAsync;
}

function makeJoinCode(parts: Parts): string {
  return [...parts.random.bytes(8)].map((byte) => codeAlphabet.charAt(byte % codeAlphabet.length)).join('');
}
