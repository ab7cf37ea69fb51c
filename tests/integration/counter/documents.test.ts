// The real counter on its real files against the real server with the sandbox: what is paid comes as an invoice with its
// PDF, and is there when the server is not.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createCounter } from '../../../main/counter.ts';
import { keyFileSecrets } from '../../../main/hosts/browser/key-file.ts';
import { thisMachine } from '../../../main/hosts/machine.ts';
import { PlayedCounter, PlayedFiles } from '../../fakes/played-stage.ts';
import { readPdf } from '../../unit/print/reader.ts';
import { type Started, started } from '../server/started.ts';

let server: Started;
let folder: string;
beforeAll(async () => {
  server = await started();
  folder = mkdtempSync(join(tmpdir(), 'pharmapulse-counter-'));
});
afterAll(async () => {
  await server.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** A counter on the folder; `url` may lead nowhere. */
async function counter(files: PlayedFiles, url: string): Promise<PlayedCounter> {
  const made = createCounter({
    ...thisMachine(),
    dataDir: join(folder, 'counter'),
    serverUrl: url,
    appVersion: '0.1.0',
    secrets: keyFileSecrets(join(folder, 'counter')),
    openExternal: async () => false,
    files,
    log: () => undefined,
  });
  onTestFinished(() => made.stop());
  await made.start();
  return new PlayedCounter(made, new Set(), `start-${url.length}`);
}

const list = (app: PlayedCounter) =>
  app.call('documents.list', { financialYear: null, kind: null, limit: 50, offset: 0 });

async function pay(app: PlayedCounter, id: string): Promise<void> {
  await app.sync();
  const [row] = await server.sql<{ order: string }>(
    'select provider_order_id as "order" from purchase where purchase_id = $1',
    [id],
  );
  await server.play(row?.order ?? '', 'pay');
  await server.settle();
  await app.sync();
}

test('what is paid comes as an invoice with its PDF, opens without the server, and the next one carries the new name', async () => {
  const files = new PlayedFiles();
  const app = await counter(files, server.url);
  await app.call('session.signUp', {
    legalName: 'आशा Medicals',
    address: '12 MG Road, Pune',
    stateCode: '27',
    pin: '411001',
    deviceName: 'Front counter',
  });
  await app.sync();
  const plan = await app.queue('plan.pharmapulse-one', 1_500_000);
  await pay(app, plan.id);

  const { invoiceId } = await app.purchase(plan.id);
  expect(invoiceId).not.toBeNull();
  const first = await app.call('documents.get', { id: invoiceId ?? '' });
  expect(first.document).toMatchObject({
    purchaseId: plan.id,
    totalPaise: 1_500_000,
    buyer: { legalName: 'आशा Medicals' },
  });

  const saved = await app.call('profile.save', {
    legalName: 'Asha Medicals LLP',
    address: '12 MG Road, Pune',
    stateCode: '27',
    pin: '560001',
    gstin: '27AAPFU0939F1ZV',
    phone: null,
    email: null,
  });
  expect(saved.warnings).toEqual(['pin_of_another_state']);
  const { warnings: _warnings, ...profile } = saved;
  const wrong = { ...profile, gstin: '27AAPFU0939F1ZX' };
  expect(await app.refusal('profile.save', wrong)).toMatchObject({
    code: 'invalid_request',
    details: { faults: [{ path: 'gstin' }] },
  });
  const topUp = await app.queue('topup.50k', 250_000);
  await pay(app, topUp.id);
  await app.until(async () => (await list(app)).items.filter(({ pdfHeld }) => pdfHeld).length === 2);
  const [latest, before] = (await list(app)).items;
  expect([latest?.buyerGstin, before?.buyerGstin]).toEqual(['27AAPFU0939F1ZV', null]);

  const period = { from: '2026-04-01', to: '2027-03-31' };
  expect(await app.call('documents.export', period)).toMatchObject({ source: 'server' });
  await app.counter.stop();

  const away = await counter(files, 'http://127.0.0.1:9');
  expect((await away.call('documents.get', { id: invoiceId ?? '' })).document).toEqual(first.document);
  await away.call('documents.save', { id: invoiceId ?? '' });
  const pdf = await readPdf(files.handed.at(-1)?.bytes ?? new Uint8Array());
  expect(pdf.text).toContain(first.document.number);
  expect(await away.call('documents.export', period)).toMatchObject({ source: 'held' });
  const [online, offline] = files.handed.filter(({ type }) => type.startsWith('text/csv'));
  expect(Buffer.from(offline?.bytes ?? [])).toEqual(Buffer.from(online?.bytes ?? []));
}, 120_000);
