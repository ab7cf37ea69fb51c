// How a counter comes to be: sign-up makes the org with it, a join code adds it to one. The only routes that give out a
// token, and the only ones of the counters that need none.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { activation, joinRequest, type SignUpRequest, signUpRequest } from '../../shared/contract/devices.ts';
import { checkGstin } from '../../shared/gst/gstin.ts';
import { isStateCode } from '../../shared/gst/states.ts';
import { makeId } from '../clock.ts';
import type { Parts } from '../parts.ts';
import { writeAudit } from '../store/audit.ts';
import { announceChange } from '../store/changes.ts';
import { createDevice, createOrg, findJoinCode, type NewCounter, takeJoinCode } from '../store/orgs.ts';
import { accept, refuse, type Verdict } from '../verdict.ts';
import { answers, invalid, sendRefusal, withBody, type ZodApp } from './answers.ts';
import { limitPerAddress } from './limits.ts';

/** Sign-ups and joins that one address may try. */
const strangerLimits = [
  { most: 20, seconds: 60 },
  { most: 100, seconds: 3600 },
];

export function activationRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    signUpRoute(app, parts);
    joinRoute(app, parts);
  };
}

async function started(parts: Parts, ids: NewCounter) {
  return {
    orgId: ids.orgId,
    branchId: ids.branchId,
    deviceId: ids.deviceId,
    deviceToken: ids.token,
    serverTime: parts.clock.now().toISOString(),
    entitlementKeys: await parts.signer.keys(),
  };
}

function newCounter({ clock, random }: Parts, orgId: string, branchId: string): NewCounter {
  return { orgId, branchId, deviceId: makeId('dev', clock, random), token: random.bytes(32).toString('base64url') };
}

function signUpRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/orgs',
    {
      preHandler: limitPerAddress(app, strangerLimits),
      schema: {
        operationId: 'signUp',
        body: signUpRequest,
        response: answers({ 201: activation }, [...withBody, 'rate_limited']),
      },
    },
    async (request, reply) => {
      const checked = checkPlace(request.body);
      if (!checked.ok) return sendRefusal(reply, checked);
      const ids = newCounter(parts, makeId('org', parts.clock, parts.random), makeId('br', parts.clock, parts.random));
      const now = parts.clock.now();
      await parts.database.inOrg(ids.orgId, async (tx) => {
        await createOrg(tx, { ...request.body, gstin: checked.value }, ids, now);
        await writeAudit(
          tx,
          { orgId: ids.orgId, actor: ids.deviceId, action: 'org.signed_up', subject: ids.orgId },
          now,
        );
      });
      return reply.code(201).send(await started(parts, ids));
    },
  );
}

function joinRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/devices/join',
    {
      preHandler: limitPerAddress(app, strangerLimits),
      schema: {
        operationId: 'joinOrg',
        body: joinRequest,
        response: answers({ 201: activation }, [...withBody, 'not_found', 'rate_limited']),
      },
    },
    async (request, reply) => {
      const now = parts.clock.now();
      const { inOrg, acrossOrgs } = parts.database;
      const orgId = await findJoinCode(acrossOrgs, request.body.code);
      if (orgId === null) return sendRefusal(reply, refuse('not_found'));
      const ids = await inOrg(orgId, async (tx) => {
        const used = await takeJoinCode(tx, request.body.code, now);
        if (used === null) return null;
        const made = newCounter(parts, used.orgId, used.branchId);
        await createDevice(tx, made, request.body.deviceName, now);
        const row = { orgId: made.orgId, actor: made.deviceId, action: 'device.joined', subject: made.deviceId };
        await writeAudit(tx, row, now);
        await announceChange(tx, made.orgId);
        return made;
      });
      return ids === null ? sendRefusal(reply, refuse('not_found')) : reply.code(201).send(await started(parts, ids));
    },
  );
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
