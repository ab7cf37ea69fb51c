// Tax documents on the counter: fetched behind the purchases, kept over restarts and without a network, and never handed out
// damaged or by halves.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../main/disk/open.ts';
import { mirrorFile } from '../../../main/mirror/open.ts';
import { registerCsv } from '../../../shared/gst/register.ts';
import { playedPdf } from '../../fakes/played-documents.ts';
import { activeStage, stage, tempFolder } from '../../fakes/played-stage.ts';
import { allHeld, list, withDocuments } from './papers.ts';

describe('the list', () => {
  test('comes with a contact, newest first, and tells years, kinds and amounts', async () => {
    const on = await withDocuments();
    await on.app.sync();
    const page = await list(on.app);
    expect(page.items.map(({ number }) => number)).toEqual(
      [on.note, on.latest, on.plan, on.old].map((one) => one.number),
    );
    expect(page).toMatchObject({ total: 4, held: 4, years: ['26-27', '25-26'] });
    expect(page.listedAt).not.toBeNull();
    expect(page.items[0]).toMatchObject({
      kind: 'credit_note',
      originalNumber: on.latest.number,
      totalPaise: 100_000,
      buyerGstin: '27AAPFU0939F1ZV',
    });
    await on.app.until(() => on.app.notices.some(({ topics }) => topics.includes('documents')));
  });

  test('is narrowed to a financial year and to a kind', async () => {
    const on = await withDocuments();
    await on.app.sync();
    expect((await list(on.app, { financialYear: '25-26' })).items.map(({ id }) => id)).toEqual([on.old.id]);
    expect((await list(on.app, { kind: 'credit_note' })).items.map(({ id }) => id)).toEqual([on.note.id]);
    expect(await list(on.app, { financialYear: '25-26', kind: 'credit_note' })).toMatchObject({ total: 0, held: 4 });
  });

  test('is read page by page to its end once, and then only where something is new', async () => {
    const on = await activeStage();
    const { documents } = on.server;
    documents.pageSize = 2;
    for (let i = 0; i < 5; i += 1) documents.issue('2026-11-20');
    const asked = () => on.server.sent('/api/billing/invoices?').length;
    const before = asked();
    await on.app.sync();
    expect(asked() - before).toBe(3);
    expect((await list(on.app)).total).toBe(5);
    documents.issue('2026-11-21');
    await on.app.sync();
    // One page with news, and one without, at which it ends.
    expect(asked() - before).toBe(5);
    expect((await list(on.app)).total).toBe(6);
  });

  test('that broke off in the middle is not called whole, and is read to its end the next time', async () => {
    const on = await activeStage();
    await on.app.counter.stop();
    const { documents } = on.server;
    documents.pageSize = 2;
    for (let i = 0; i < 5; i += 1) documents.issue('2026-11-20');
    const file = new Database(join(on.dataDir, 'mirror.db'));
    file.exec('DELETE FROM document_list');
    file.close();
    on.server.fault('drop', '/api/billing/invoices?limit=200&cursor=2');
    const again = await on.startCounter();
    await again.until(() => again.counter.status().sync.connection === 'offline');
    expect((await list(again)).total).toBe(2);
    expect((await list(again)).listedAt).toBeNull();
    on.server.heal();
    await again.sync();
    await again.until(async () => (await list(again)).total === 5);
    expect((await list(again)).listedAt).not.toBeNull();
  });

  test('of a server that has none keeps no purchase from being sent', async () => {
    const on = await activeStage();
    on.server.documents.answer = () => null;
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'awaiting_payment' });
    expect(on.app.counter.status().sync).toMatchObject({ connection: 'online', problem: null });
  });

  test('survives a restart without a network, and a removed counter keeps what it has', async () => {
    const on = await withDocuments();
    await on.app.sync();
    await on.app.until(() => allHeld(on.app));
    await on.app.counter.stop();
    on.server.fault('drop', () => true);
    const offline = await on.startCounter();
    expect((await list(offline)).total).toBe(4);
    expect((await offline.call('documents.get', { id: on.note.id })).document).toEqual(on.note);
    await offline.call('documents.save', { id: on.latest.id });
    expect(Buffer.from(on.files.handed[0]?.bytes ?? [])).toEqual(playedPdf(on.latest.number));
    await offline.counter.stop();

    on.server.heal();
    on.server.revoked.add('dev_1');
    const removed = await on.startCounter();
    await removed.until(() => removed.counter.status().session.state === 'revoked');
    expect((await list(removed)).total).toBe(4);
    await removed.call('documents.print', { id: on.latest.id });
    expect(on.files.handed[1]).toMatchObject({ how: 'opened', name: 'PP-26-27-000002.pdf', type: 'application/pdf' });
    expect(await removed.refusal('profile.get', {})).toMatchObject({ code: 'device_revoked' });
  });

  test("another org's documents go with the rest of the mirror", async () => {
    const on = await withDocuments();
    await on.app.sync();
    await on.app.until(() => allHeld(on.app));
    await on.app.counter.stop();
    const file = new Database(join(on.dataDir, 'mirror.db'));
    file.exec("UPDATE position SET org_id = 'org_other', seal = -1");
    file.close();
    on.server.fault('drop', '/api/billing/');
    const again = await on.startCounter();
    await again.until(() => again.counter.status().sync.verifiedAt !== null);
    expect(await list(again)).toEqual({ items: [], total: 0, held: 0, years: [], listedAt: null });
  });
});

describe('a document', () => {
  test('names the credit notes that take back of it', async () => {
    const on = await withDocuments();
    await on.app.sync();
    const second = on.documents.credit(on.latest, '2026-11-22', 50_000);
    await on.app.sync();
    const { document, notes } = await on.app.call('documents.get', { id: on.latest.id });
    expect(document).toEqual(on.latest);
    expect(notes.map(({ number, totalPaise }) => [number, totalPaise])).toEqual([
      [on.note.number, 100_000],
      [second.number, 50_000],
    ]);
  });

  test('that is not held yet is asked of the server and kept; without it, that is said', async () => {
    const on = await withDocuments();
    expect(await on.app.call('documents.get', { id: on.plan.id })).toMatchObject({ document: { id: on.plan.id } });
    on.server.fault('drop', '/api/billing/invoices');
    expect((await on.app.call('documents.get', { id: on.plan.id })).document).toEqual(on.plan);
    expect(await on.app.refusal('documents.get', { id: on.old.id })).toMatchObject({
      code: 'not_held',
      retryable: true,
    });
    expect(await on.app.refusal('documents.get', { id: '../../devices' })).toMatchObject({ code: 'invalid_request' });
  });

  test('of which the server says something else than before loses the PDF of before', async () => {
    const on = await withDocuments();
    await on.app.sync();
    await on.app.until(() => allHeld(on.app));
    const at = on.documents.issued.indexOf(on.old);
    on.documents.issued[at] = { ...on.old, purchaseId: 'pur_other' };
    on.server.fault('drop', '/pdf');
    await on.app.counter.stop();
    const again = await on.startCounter();
    await again.until(async () => (await list(again)).items.filter(({ pdfHeld }) => !pdfHeld).length === 1);
    expect((await again.call('documents.get', { id: on.old.id })).document.purchaseId).toBe('pur_other');
  });
});

describe('the register', () => {
  const november = { from: '2026-11-01', to: '2026-11-30' };

  test("is the server's while it answers", async () => {
    const on = await withDocuments();
    await on.app.sync();
    expect(await on.app.call('documents.export', november)).toMatchObject({ source: 'server', listedAt: null });
    expect(on.files.handed[0]).toMatchObject({
      how: 'saved',
      name: 'invoices-from-2026-11-01-to-2026-11-30.csv',
      type: 'text/csv; charset=utf-8',
    });
    const text = Buffer.from(on.files.handed[0]?.bytes ?? []).toString('utf8');
    expect(text).toBe(registerCsv([on.latest, on.note]));
  });

  test('is made here, the same to the byte, where the server is away and nothing is missing', async () => {
    const on = await withDocuments();
    await on.app.sync();
    on.server.fault('drop', () => true);
    const made = await on.app.call('documents.export', november);
    expect(made).toMatchObject({ source: 'held', listedAt: (await list(on.app)).listedAt });
    expect(Buffer.from(on.files.handed[0]?.bytes ?? []).toString('utf8')).toBe(registerCsv([on.latest, on.note]));
  });

  test('is refused in words where documents may be missing', async () => {
    const on = await stage();
    on.server.org.buyPlan();
    on.server.fault('drop', '/api/billing/invoices');
    const app = await on.startCounter();
    await app.call('session.signUp', { legalName: 'A', address: 'B', stateCode: '27', pin: '411001', deviceName: 'C' });
    await app.sync();
    expect(await app.refusal('documents.export', november)).toMatchObject({ code: 'documents_missing' });
    const backwards = { from: '2026-11-30', to: '2026-11-01' };
    expect(await app.refusal('documents.export', backwards)).toMatchObject({ code: 'invalid_request' });
    expect(on.files.handed).toEqual([]);
  });
});

describe('the details for invoices', () => {
  const wish = {
    legalName: 'Asha Medicals LLP',
    address: '12 MG Road, Pune',
    stateCode: '27',
    pin: '411001',
    gstin: null,
    phone: null,
    email: null,
  };

  test('are read from the server and saved there, never from or to this PC alone', async () => {
    const on = await activeStage();
    expect(await on.app.call('profile.get', {})).toMatchObject({ legalName: 'Asha Medicals' });
    expect(await on.app.call('profile.save', wish)).toMatchObject({ legalName: 'Asha Medicals LLP', gstin: null });
    expect(on.server.sent('/api/billing/profile').at(-1)).toMatchObject({ method: 'PUT', body: wish });
    on.server.fault('drop', '/api/billing/profile');
    expect(await on.app.refusal('profile.get', {})).toMatchObject({ code: 'offline', retryable: true });
    expect(await on.app.refusal('profile.save', wish)).toMatchObject({ code: 'offline' });
  });

  test('of a counter that is nobody yet are refused', async () => {
    const on = await stage();
    const app = await on.startCounter();
    expect(await app.refusal('profile.get', {})).toMatchObject({ code: 'not_activated' });
    expect(await list(app)).toMatchObject({ total: 0 });
  });
});

test('a mirror of before documents is brought up to date with what is in it, and a copy stays beside it', () => {
  const path = join(tempFolder(), 'mirror.db');
  const first = openDatabase(path, { ...mirrorFile, migrations: mirrorFile.migrations.slice(0, 1) });
  first.exec("INSERT INTO purchase VALUES ('pur_1', '2026-11-22T09:30:00.000Z', '{}')");
  first.close();
  const now = openDatabase(path, mirrorFile);
  expect(now.prepare('SELECT id FROM purchase').all()).toEqual([{ id: 'pur_1' }]);
  expect(now.prepare('SELECT count(*) AS n FROM document').get()).toEqual({ n: 0 });
  now.close();
  expect(existsSync(`${path}.before-2`)).toBe(true);
});
