// How a counter comes to be: sign-up makes the org with it, a join code adds it to one. The only routes that give out a
// token, and the only ones of the counters that need none.
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { activation, joinRequest, signUpRequest } from '../../shared/contract/devices.ts';
import { makeId } from '../clock.ts';
import type { Parts } from '../parts.ts';
import { type ActivationUse, findActivation, keepActivation } from '../store/activations.ts';
import { writeAudit } from '../store/audit.ts';
import { announceChange } from '../store/changes.ts';
import { violatedUnique } from '../store/database.ts';
import {
  createDevice,
  createOrg,
  findJoinCode,
  type KeptActivation,
  type NewCounter,
  takeJoinCode,
} from '../store/orgs.ts';
import { accept, refuse, type Verdict } from '../verdict.ts';
import { answers, sendRefusal, withBody, type ZodApp } from './answers.ts';
import { optionalKeyOf } from './auth.ts';
import { limitPerAddress } from './limits.ts';
import { checkPlace } from './place.ts';

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

/** Shorter keys could be guessed, and a guess would be answered with a token: they are taken as none. */
const shortestKey = 16;

/** The use of an Idempotency-Key by a stranger; null without one that can be trusted to be the stranger's own. */
function keyUsed(request: FastifyRequest, route: string): Verdict<ActivationUse | null> {
  const key = optionalKeyOf(request);
  if (!key.ok) return key.refused;
  if (key.value === null || key.value.length < shortestKey) return accept(null);
  return accept({ key: key.value, route, body: request.body });
}

/** 200 with the counter that this very request made before, or `make` makes it; whoever was slower gets the faster one's. */
async function activate(
  parts: Parts,
  use: ActivationUse | null,
  make: (keep: (token: string) => KeptActivation | null) => Promise<NewCounter | null>,
): Promise<{ readonly status: 200 | 201; readonly made: NewCounter } | null> {
  const before = async () => (use === null ? null : findActivation(parts.database.acrossOrgs, use));
  const found = await before();
  if (found !== null) return { status: 200, made: found };
  try {
    const made = await make((token) => (use === null ? null : keepActivation(use, token, parts.random)));
    if (made !== null) return { status: 201, made };
  } catch (error) {
    if (violatedUnique(error) !== 'device_activation') throw error;
  }
  const faster = await before();
  return faster === null ? null : { status: 200, made: faster };
}

function signUpRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/orgs',
    {
      preHandler: limitPerAddress(app, strangerLimits),
      schema: {
        operationId: 'signUp',
        body: signUpRequest,
        response: answers({ 200: activation, 201: activation }, [...withBody, 'rate_limited']),
      },
    },
    async (request, reply) => {
      const checked = checkPlace(request.body);
      if (!checked.ok) return sendRefusal(reply, checked);
      const use = keyUsed(request, 'POST /api/orgs');
      if (!use.ok) return sendRefusal(reply, use);
      const activated = await activate(parts, use.value, async (keep) => {
        const ids = newCounter(
          parts,
          makeId('org', parts.clock, parts.random),
          makeId('br', parts.clock, parts.random),
        );
        const { orgId, deviceId, token } = ids;
        const now = parts.clock.now();
        await parts.database.inOrg(orgId, async (tx) => {
          await createOrg(tx, { ...request.body, ...checked.value }, ids, keep(token), now);
          await writeAudit(tx, { orgId, actor: deviceId, action: 'org.signed_up', subject: orgId }, now);
        });
        return ids;
      });
      if (activated === null) throw new Error('a sign-up made nothing');
      return reply.code(activated.status).send(await started(parts, activated.made));
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
        response: answers({ 200: activation, 201: activation }, [...withBody, 'not_found', 'rate_limited']),
      },
    },
    async (request, reply) => {
      const use = keyUsed(request, 'POST /api/devices/join');
      if (!use.ok) return sendRefusal(reply, use);
      const { code, deviceName } = request.body;
      const activated = await activate(parts, use.value, (keep) => joinByCode(parts, code, deviceName, keep));
      if (activated === null) return sendRefusal(reply, refuse('not_found'));
      return reply.code(activated.status).send(await started(parts, activated.made));
    },
  );
}

/** Uses the code up and makes the counter; null if the code is wrong, used or expired. */
async function joinByCode(
  parts: Parts,
  code: string,
  deviceName: string,
  keep: (token: string) => KeptActivation | null,
): Promise<NewCounter | null> {
  const now = parts.clock.now();
  const { inOrg, acrossOrgs } = parts.database;
  const orgId = await findJoinCode(acrossOrgs, code);
  if (orgId === null) return null;
  return inOrg(orgId, async (tx) => {
    const used = await takeJoinCode(tx, code, now);
    if (used === null) return null;
    const made = newCounter(parts, used.orgId, used.branchId);
    await createDevice(tx, made, deviceName, keep(made.token), now);
    const row = { orgId: made.orgId, actor: made.deviceId, action: 'device.joined', subject: made.deviceId };
    await writeAudit(tx, row, now);
    await announceChange(tx, made.orgId);
    return made;
  });
}
