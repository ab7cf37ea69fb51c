// What the seller's accountant gets: the register of all orgs in the order of the numbers, INV-01 forms, and the warning before
// e-invoices are due.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AlarmItem } from '../../../shared/contract/alarms.ts';
import type { TaxDocument } from '../../../shared/gst/document.ts';
import type { Inv01 } from '../../../shared/gst/inv01.ts';
import { goodGstin } from '../server/refusal-bodies.ts';
import { type Counter, orderOf } from '../server/started.ts';
import { admin } from './command.ts';
import { type Operated, operated } from './operator.ts';

let op: Operated;
let registered: Counter;
let other: Counter;
let env: Record<string, string>;
beforeAll(async () => {
  op = await operated();
  registered = await op.server.signUp({ gstin: goodGstin });
  other = await op.server.signUp({ legalName: 'Bharat Medicals', stateCode: '29', pin: '560001' });
  const plan = await registered.ownPlan();
  await other.ownPlan();
  op.server.clock.set('2027-04-01T06:00:00.000Z');
  await op.ask('POST', `/api/admin/purchases/${plan.id}/refund`, { body: { reason: 'part', amountPaise: 100_000 } });
  await op.server.settle();
  const topup = await other.topUp(2);
  await op.server.play(orderOf(topup), 'pay');
  await op.server.settle();
  env = { DATABASE_URL: op.server.databaseUrl };
});
afterAll(() => op.server.dispose());

describe('invoices', () => {
  test('prints the register of all orgs as CSV in the order of the numbers, and of a period alone where one is given', async () => {
    const [all, march, json] = await Promise.all([
      admin(env, 'invoices'),
      admin(env, 'invoices', '--from', '2026-11-01', '--to', '2027-03-31'),
      admin(env, 'invoices', '--from=2027-04-01', '--json'),
    ]);
    const numbers = (csv: string) =>
      csv
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((row) => row.split(',')[0]);
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(numbers(all.stdout)).toEqual(['PC/27-28/000001', 'PP/26-27/000001', 'PP/26-27/000002', 'PP/27-28/000001']);
    expect(numbers(march.stdout)).toEqual(['PP/26-27/000001', 'PP/26-27/000002']);
    const { items } = JSON.parse(json.stdout) as { items: TaxDocument[] };
    expect(items.map(({ number }) => number)).toEqual(['PC/27-28/000001', 'PP/27-28/000001']);
    expect(await admin(env, 'invoices', '--from', 'May')).toMatchObject({ code: 64, stdout: '' });
  }, 60_000);

  test('inv01 gives the form of a B2B document by number, and says why another has none', async () => {
    const [form, b2c, none] = await Promise.all([
      admin(env, 'invoices', 'inv01', 'PP/26-27/000001'),
      admin(env, 'invoices', 'inv01', 'PP/26-27/000002'),
      admin(env, 'invoices', 'inv01', 'PP/26-27/000009'),
    ]);
    expect(form).toMatchObject({ code: 0, stderr: '' });
    expect((JSON.parse(form.stdout) as Inv01).DocDtls).toEqual({ Typ: 'INV', No: 'PP/26-27/000001', Dt: '22/11/2026' });
    expect(b2c).toMatchObject({ code: 2, stdout: '' });
    expect(b2c.stderr).toContain('the buyer has no GSTIN');
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('not_found');
  }, 60_000);

  test('the route gives the same forms, of credit notes too', async () => {
    const rows = await op.server.sql<{ id: string; number: string }>(
      'select invoice_id as id, number from billing_invoice',
    );
    const ask = (number: string) => {
      const id = rows.find((row) => row.number === number)?.id ?? 'none';
      return op.ask<Inv01>('GET', `/api/admin/invoices/${id}/inv01`);
    };
    expect(await ask('PP/26-27/000001')).toMatchObject({ status: 200, body: { ValDtls: { TotInvVal: 15_000 } } });
    const note = await ask('PC/27-28/000001');
    expect(note.body.RefDtls).toEqual({ PrecDocDtls: [{ InvNo: 'PP/26-27/000001', InvDt: '22/11/2026' }] });
    expect(await ask('PP/26-27/000002')).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
    expect(await ask('none')).toMatchObject({ status: 404 });
  });
});

describe('the turnover', () => {
  const alarms = async () =>
    (await op.ask<{ items: AlarmItem[] }>('GET', '/api/admin/alarms?state=all')).body.items.filter(
      ({ kind }) => kind === 'e_invoice_turnover',
    );
  /** A document of this taxable value, as a row alone: nobody buys for crores in a test. */
  const insert = (kind: 'invoice' | 'credit_note', taxablePaise: number, serial: number) =>
    op.server.sql(
      `insert into billing_invoice (org_id, invoice_id, kind, series, financial_year, serial, number, issued_on, purchase_id,
         original_id, total_paise, document, created_at)
       select org_id, $1, $2, 'XX', '27-28', $3, $1, issued_on, purchase_id, original_id, total_paise,
         jsonb_build_object('taxablePaise', $4::bigint), created_at
       from billing_invoice where number = 'PP/27-28/000001'`,
      [`XX/27-28/${serial}`, kind, serial, taxablePaise],
    );

  test('is warned of once a financial year, from 90 % of the limit on, less what was credited', async () => {
    await op.server.settle();
    expect(await alarms()).toEqual([]);
    await op.server.sql('drop index billing_invoice_one');
    const [row] = await op.server.sql<{ sum: string }>(
      `select sum(case kind when 'invoice' then 1 else -1 end * (document ->> 'taxablePaise')::bigint) as sum
       from billing_invoice where financial_year = '27-28'`,
    );
    const so = Number(row?.sum);
    await insert('invoice', 4_500_000_000 - so - 1 + 700, 1);
    await insert('credit_note', 700, 2);
    await op.server.settle();
    expect(await alarms()).toEqual([]);
    await insert('invoice', 1, 3);
    await op.server.settle();
    const [alarm] = await alarms();
    expect(alarm).toMatchObject({
      subject: 'turnover 27-28',
      orgId: null,
      times: 1,
      details: { financialYear: '27-28', turnoverRupees: '45000000.00', limitRupees: '50000000.00' },
    });
    await op.ask('POST', `/api/admin/alarms/${alarm?.id}/close`);
    await insert('invoice', 100_000_000, 4);
    await op.server.settle();
    expect(await alarms()).toMatchObject([{ times: 1, closedBy: 'operator' }]);
    op.server.clock.set('2028-04-01T06:00:00.000Z');
    await op.server.settle();
    expect(await alarms()).toHaveLength(1);
  });
});
