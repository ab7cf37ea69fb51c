// PDFs of tax documents on the counter: there ahead of time, never damaged, never by halves.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { keptAhead } from '../../../main/sync/pdf-shelf.ts';
import { playedPdf } from '../../fakes/played-documents.ts';
import { activeStage } from '../../fakes/played-stage.ts';
import { allHeld, list, withDocuments } from './papers.ts';

describe('a PDF', () => {
  test('is fetched ahead for the newest, in the background, and once', async () => {
    const on = await activeStage();
    for (let i = 0; i < keptAhead + 3; i += 1) on.server.documents.issue('2026-11-20');
    await on.app.sync();
    const held = async () => (await list(on.app)).items.filter(({ pdfHeld }) => pdfHeld);
    await on.app.until(async () => (await held()).length === keptAhead);
    await on.app.sync();
    expect(on.server.sent('/pdf')).toHaveLength(keptAhead);
    expect((await held()).map(({ number }) => number)).not.toContain('PP/26-27/000003');
    // An older one is fetched when somebody wants it.
    await on.app.call('documents.save', { id: 'inv_20261120_1' });
    expect(on.files.handed).toHaveLength(1);
    expect(on.server.sent('/pdf')).toHaveLength(keptAhead + 1);
  });

  test('whose fetching failed is fetched again after a while, without another contact', async () => {
    const on = await withDocuments();
    on.server.fault('busy', '/pdf');
    await on.app.sync();
    const later = () => on.logged.filter((line) => line.includes('PDFs are fetched again later')).length;
    await on.app.until(() => later() === 1);
    on.server.heal();
    const contacts = () => on.server.sent('/api/sync/feed').length;
    const before = contacts();
    on.time.pass(on.server.retryAfterSeconds * 1000);
    // The one that failed comes last, after a wait of its own.
    await on.app.until(() => later() === 2);
    expect((await list(on.app)).items.filter(({ pdfHeld }) => pdfHeld)).toHaveLength(3);
    on.time.pass(2_000);
    await on.app.until(() => allHeld(on.app));
    expect(contacts()).toBe(before);
  });

  test('that the server cannot print stands before no other', async () => {
    const on = await withDocuments();
    on.server.fault('broken', `${on.note.id}/pdf`);
    await on.app.sync();
    await on.app.until(() => on.server.sent(`${on.note.id}/pdf`).length === 1);
    await on.app.sync();
    await on.app.until(async () => (await list(on.app)).items.filter(({ pdfHeld }) => pdfHeld).length === 3);
  });

  test.each(['portal', 'redirect', 'half', 'proxy', 'drop'] as const)(
    'whose answer is a "%s" is not kept and not handed out',
    async (fault) => {
      const on = await withDocuments();
      on.server.fault(fault, '/pdf');
      await on.app.sync();
      expect(await on.app.refusal('documents.save', { id: on.plan.id })).toMatchObject({ code: 'not_held' });
      expect(on.files.handed).toEqual([]);
      on.server.heal();
      await on.app.call('documents.save', { id: on.plan.id });
      expect(on.files.handed).toHaveLength(1);
    },
  );

  test('that was damaged on the disk is fetched again, and never handed out', async () => {
    const on = await withDocuments();
    await on.app.sync();
    await on.app.until(() => allHeld(on.app));
    await on.app.counter.stop();
    const file = new Database(join(on.dataDir, 'mirror.db'));
    file.prepare('UPDATE document_pdf SET bytes = ? WHERE id = ?').run(Buffer.from('%PDF-1.7 %%EOF'), on.plan.id);
    file.close();
    on.server.fault('drop', '/pdf');
    const again = await on.startCounter();
    expect(await again.refusal('documents.save', { id: on.plan.id })).toMatchObject({ code: 'not_held' });
    on.server.heal();
    await again.call('documents.save', { id: on.plan.id });
    expect(Buffer.from(on.files.handed[0]?.bytes ?? [])).toEqual(playedPdf(on.plan.number));
  });

  test('under way when the counter stops does not keep it from stopping, nor writes to a closed file', async () => {
    const on = await withDocuments();
    on.server.fault('hang', '/pdf');
    await on.app.sync();
    await on.app.until(() => on.server.sent('/pdf').length === 1);
    await on.app.counter.stop();
    expect(on.logged.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});
