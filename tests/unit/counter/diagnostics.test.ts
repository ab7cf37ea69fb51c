import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openData } from '../../../main/disk/data.ts';
import { activeStage, pharmacy } from '../../fakes/played-stage.ts';

describe('the diagnostics file', () => {
  test('is handed to the file desk as JSON, with versions, positions, counts and the waiting list', async () => {
    const { app, files } = await activeStage();
    await app.queue('topup.50k', 500_000, { quantity: 2 });
    expect(await app.call('diagnostics.export', {})).toEqual({ kind: 'saved' });
    const [file] = files.handed;
    expect(file?.name).toMatch(/^pharmapulse-diagnostics-\d{4}-\d\d-\d\d\.json$/);
    expect(file?.type).toBe('application/json');
    const told = JSON.parse(new TextDecoder().decode(file?.bytes));
    expect(told.versions).toMatchObject({ app: '0.1.0', protocol: 1 });
    expect(told.ledger.seq).toBe(told.counts['mirror.entry']);
    expect(told.counts['outbox.item']).toBe(1);
    expect(told.waiting.items).toMatchObject([{ sku: 'topup.50k', quantity: 2, amountPaise: 500_000 }]);
    expect(told.session.state).toBe('active');
    expect(told.incidents).toEqual([]);
  });

  test('holds no token, no key and nothing that a person typed', async () => {
    const on = await activeStage();
    await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    await on.app.call('diagnostics.export', {});
    await on.app.counter.stop();
    const data = openData(on.dataDir, () => undefined);
    const token = String(data.outbox.sqlite.prepare('SELECT token FROM session').pluck().get());
    const keys = data.outbox.sqlite.prepare('SELECT idempotency_key FROM item').pluck().all().map(String);
    data.close({ checkedTo: 0, whole: false });
    expect(keys).toHaveLength(1);
    const text = new TextDecoder().decode(on.files.handed[0]?.bytes);
    const secrets = [token.replace('sealed:', ''), ...keys, pharmacy.legalName, pharmacy.address, pharmacy.deviceName];
    for (const secret of secrets) expect(text, secret).not.toContain(secret);
    expect(text).not.toMatch(/checkoutUrl|\?t=|intent|idempotency/i);
    expect(text).not.toContain(on.dataDir);
  });

  test('its source names no field that carries a name or a link', () => {
    const source = readFileSync(join(import.meta.dirname, '../../../main/diagnostics.ts'), 'utf8');
    expect(source).not.toMatch(/orgName|deviceName|followsDevice|checkoutUrl|idempotencyKey|session\.token/);
  });
});
