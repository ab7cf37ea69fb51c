// The counters of an org, the codes with which more of them join, and its branches.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  branch,
  branchRequest,
  device,
  deviceChange,
  deviceList,
  joinCodeAnswer,
} from '../../shared/contract/devices.ts';
import { makeId } from '../clock.ts';
import type { Parts } from '../parts.ts';
import { writeAudit } from '../store/audit.ts';
import { announceChange } from '../store/changes.ts';
import { renameDevice } from '../store/device-names.ts';
import { createBranch, listDevices, revokeDevice, saveJoinCode } from '../store/orgs.ts';
import { refuse } from '../verdict.ts';
import { answers, invalid, pathId, sendRefusal, signedIn, withBody, type ZodApp } from './answers.ts';
import { callerOf, requireCaller } from './auth.ts';

const joinCodeMinutes = 10;
/** No 0 O 1 I: they are mistaken for each other on a screen and over the telephone. */
const codeAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

const idParams = z.object({ id: pathId });

export function deviceRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireCaller(parts));
    joinCodeRoute(app, parts);
    listRoute(app, parts);
    renameRoute(app, parts);
    revokeRoute(app, parts);
    branchRoute(app, parts);
  };
}

function joinCodeRoute(app: ZodApp, parts: Parts): void {
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
      const by = callerOf(request);
      await parts.database.inOrg(by.orgId, (tx) => saveJoinCode(tx, by, code, now, expiresAt));
      return reply.code(201).send({ code, expiresAt: expiresAt.toISOString() });
    },
  );
}

function listRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/api/devices',
    { schema: { operationId: 'listDevices', response: answers({ 200: deviceList }, signedIn) } },
    async (request) => {
      const caller = callerOf(request);
      return { items: await parts.database.inOrg(caller.orgId, (tx) => listDevices(tx, caller)), nextCursor: null };
    },
  );
}

/** Any counter of the org may name any of them, as any may revoke one. */
function renameRoute(app: ZodApp, parts: Parts): void {
  app.patch(
    '/api/devices/:id',
    {
      schema: {
        operationId: 'renameDevice',
        params: idParams,
        body: deviceChange,
        response: answers({ 200: device }, [...signedIn, ...withBody, 'not_found']),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const now = parts.clock.now();
      const renamed = await parts.database.inOrg(caller.orgId, (tx) =>
        renameDevice(tx, caller, id, request.body.name, now),
      );
      if (renamed === 'unknown') return sendRefusal(reply, refuse('not_found'));
      if (renamed === 'taken') return sendRefusal(reply, invalid('name', 'another counter has this name'));
      return reply.send(renamed);
    },
  );
}

function revokeRoute(app: ZodApp, parts: Parts): void {
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
      const revoked = await parts.database.inOrg(orgId, async (tx) => {
        if (!(await revokeDevice(tx, orgId, request.params.id, now))) return false;
        await writeAudit(tx, { orgId, actor: deviceId, action: 'device.revoked', subject: request.params.id }, now);
        await announceChange(tx, orgId);
        return true;
      });
      // Its token stops with this answer, not when the word about it comes round.
      parts.remembered.forget(orgId);
      return revoked ? reply.code(204).send(null) : sendRefusal(reply, refuse('not_found'));
    },
  );
}

function branchRoute(app: ZodApp, parts: Parts): void {
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
      const made = await parts.database.inOrg(orgId, (tx) => createBranch(tx, orgId, id, request.body.name, now));
      if (!made) return sendRefusal(reply, refuse('branch_limit'));
      return reply.code(201).send({ id, name: request.body.name, createdAt: now.toISOString() });
    },
  );
}

function makeJoinCode(parts: Parts): string {
  return [...parts.random.bytes(8)].map((byte) => codeAlphabet.charAt(byte % codeAlphabet.length)).join('');
}
