// The counter's command line on real files: beside a running counter, on an empty folder, and on files that cannot be read.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exits, runCommand } from '../../../main/hosts/cli/run.ts';
import type { Command } from '../../../main/hosts/cli/words.ts';
import { activeStage, pharmacy, tempFolder } from '../../fakes/played-stage.ts';

type Parts = Parameters<typeof runCommand>[1];

/** These commands read files and nothing else: of the machine they are given a clock and where to look. */
function run(command: Command, dataDir: string) {
  const clock = { now: () => new Date('2026-11-22T06:30:00.000Z') };
  const parts = { dataDir, serverUrl: 'http://127.0.0.1:4400', appVersion: '0.1.0', clock } as Parts;
  return runCommand(command, parts);
}

/** A counter that ran, with one purchase waiting, and was stopped. */
async function stopped() {
  const on = await activeStage();
  const { id } = await on.app.queue('topup.50k', 500_000, { quantity: 2 });
  const running = await run({ name: 'status' }, on.dataDir);
  await on.app.counter.stop();
  return { dataDir: on.dataDir, id, running };
}

const damage = (dataDir: string, file: string) => writeFileSync(join(dataDir, file), Buffer.alloc(8_192, 7));

describe('beside a counter', () => {
  test('its status and its purchases are told while it runs and after it', async () => {
    const { dataDir, id, running } = await stopped();
    expect(running).toMatchObject({ exit: exits.done, data: { running: true, session: 'active', seq: 1 } });
    expect((await run({ name: 'status' }, dataDir)).data).toMatchObject({ running: false, items: { queued: 1 } });
    const list = await run({ name: 'queue list' }, dataDir);
    expect(list.lines).toEqual([expect.stringMatching(new RegExp(`${id} {2}credits x 2 {2}₹5000.00 {2}queued`))]);
  });

  test('a folder that nobody has used says so', async () => {
    const dataDir = tempFolder();
    expect((await run({ name: 'status' }, dataDir)).lines).toEqual(['nobody has signed up on this data folder']);
    expect((await run({ name: 'queue list' }, dataDir)).lines).toEqual(['no purchases on this counter']);
  });
});

describe('a file that cannot be read', () => {
  test('is never shown as an empty one: an outbox that is damaged is told as damaged', async () => {
    const { dataDir } = await stopped();
    damage(dataDir, 'outbox.db');
    for (const name of ['status', 'queue list'] as const) {
      const told = await run({ name }, dataDir);
      expect(told.exit, name).toBe(exits.refused);
      expect(told.lines.join(), name).toContain('outbox.db cannot be read');
      expect(told.data, name).toEqual({ error: 'unreadable' });
    }
  });

  test('hides nothing that stands in the other one', async () => {
    const { dataDir, id } = await stopped();
    damage(dataDir, 'mirror.db');
    const list = await run({ name: 'queue list' }, dataDir);
    expect(list).toMatchObject({ exit: exits.done, data: { items: [{ id, state: 'queued' }] } });
    expect((await run({ name: 'status' }, dataDir)).lines.join()).toContain('mirror.db cannot be read');
  });

  test('is what the file for support tells of, with all the rest', async () => {
    const { dataDir, id } = await stopped();
    damage(dataDir, 'mirror.db');
    const file = join(dataDir, 'support.json');
    expect(await run({ name: 'export-diagnostics', file }, dataDir)).toMatchObject({ exit: exits.done });
    const text = readFileSync(file, 'utf8');
    const told = JSON.parse(text);
    expect(told.items).toMatchObject([{ id, state: 'queued' }]);
    expect(told.status.unreadable).toContain('mirror.db cannot be read');
    expect(told.files).toContainEqual(expect.objectContaining({ file: 'mirror.db', version: null }));
    for (const personal of [pharmacy.legalName, pharmacy.address]) expect(text).not.toContain(personal);
  });
});
