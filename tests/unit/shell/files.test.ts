// How files leave the desktop app: through the system's dialog, or to the PC's program for them. The page names no place.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { becomeReady, runShell } from './run.ts';

const bytes = Buffer.from('%PDF-1.7 %%EOF');
const pdf = { name: 'PP-26-27-000001.pdf', type: 'application/pdf', bytes } as const;
const csv = { name: 'invoices.csv', type: 'text/csv; charset=utf-8', bytes: Buffer.from('a,b') } as const;

async function desk(options: Parameters<typeof runShell>[0] = {}) {
  const { fake, counter } = await runShell(options);
  await becomeReady(fake);
  const files = counter.parts?.files;
  if (files === undefined) throw new Error('no counter was made');
  return { fake, files, folder: fake.app.getPath('userData') };
}

describe('saving', () => {
  test('asks where, beginning among the documents of the user, and writes there', async () => {
    const { fake, files, folder } = await desk();
    fake.desktop.saveAs = join(folder, 'chosen.pdf');
    expect(await files.save(pdf)).toEqual({ kind: 'saved' });
    expect(readFileSync(join(folder, 'chosen.pdf'))).toEqual(bytes);
    expect(fake.desktop.saveDialogs).toEqual([
      {
        defaultPath: join(folder, 'Documents', 'PP-26-27-000001.pdf'),
        filters: [{ name: 'PDF', extensions: ['pdf'] }],
      },
    ]);
    fake.desktop.saveAs = join(folder, 'chosen.csv');
    await files.save(csv);
    expect(fake.desktop.saveDialogs[1]?.filters).toEqual([{ name: 'CSV', extensions: ['csv'] }]);
  });

  test('that the user thought otherwise about writes nothing', async () => {
    const { files, folder } = await desk();
    expect(await files.save(pdf)).toEqual({ kind: 'cancelled' });
    expect(existsSync(join(folder, 'Documents'))).toBe(false);
  });

  test('to where nothing can be written is refused in words', async () => {
    const { fake, files, folder } = await desk();
    fake.desktop.saveAs = join(folder, 'no such folder', 'x.pdf');
    await expect(files.save(pdf)).rejects.toMatchObject({ refusal: { code: 'file_failed', retryable: true } });
  });
});

describe('printing', () => {
  test("gives a copy to the PC's program for PDFs, under the number of the document", async () => {
    const { fake, files } = await desk();
    expect(await files.open(pdf)).toEqual({ kind: 'opened' });
    expect(await files.open(pdf)).toEqual({ kind: 'opened' });
    expect(fake.shell.files).toHaveLength(2);
    expect(fake.shell.files[0]?.path).toMatch(/opened[\\/]PP-26-27-000001\.pdf$/);
    expect(fake.shell.files[0]?.content).toEqual(bytes);
  });

  test('with no such program on the PC is refused in words', async () => {
    const { files } = await desk({ viewer: false });
    await expect(files.open(pdf)).rejects.toMatchObject({ refusal: { code: 'file_failed' } });
  });

  test('leaves no copies behind for longer than until the next start', async () => {
    const { fake, files, folder } = await desk();
    await files.open(pdf);
    const left = join(folder, 'opened', 'PP-26-27-000009.pdf');
    mkdirSync(join(folder, 'opened'), { recursive: true });
    writeFileSync(left, 'of the start before');
    await desk({ args: ['--data', fake.app.getPath('userData')] });
    expect(existsSync(left)).toBe(false);
  });
});
