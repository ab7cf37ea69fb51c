// Tax documents over HTTP: the list, one, the PDF and the CSV; each org has its own and no other's.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InvoiceList } from '../../../shared/contract/invoices.ts';
import type { TaxDocument } from '../../../shared/gst/document.ts';
import { adminToken, bearer } from '../admin/operator.ts';
import { goodGstin } from './refusal-bodies.ts';
import { type Counter, orderOf, type Started, started } from './started.ts';

let server: Started;
let counter: Counter;
let stranger: Counter;
let plan: string;
beforeAll(async () => {
  server = await started({ ADMIN_TOKEN: adminToken });
  server.clock.set('2027-03-31T17:00:00.000Z');
  counter = await server.signUp({ gstin: goodGstin, legalName: '=HYPERLINK("http://x","Asha") Medicals' });
  plan = (await counter.ownPlan()).invoiceId ?? 'none';
  server.clock.set('2027-03-31T18:30:00.000Z');
  const topup = await counter.topUp(3);
  await server.play(orderOf(topup), 'pay');
  await server.settle();
  server.clock.set('2027-04-02T06:00:00.000Z');
  await server.request('POST', `/api/admin/purchases/${topup.id}/refund`, {
    headers: { authorization: bearer(adminToken) },
    body: { reason: 'one pack was bought twice', amountPaise: 250_000 },
  });
  await server.settle();
  stranger = await server.signUp({ legalName: 'श्री गणेश मेडिकल्स, "Bharat"', stateCode: '29', pin: '560001' });
  await stranger.ownPlan();
});
afterAll(() => server.dispose());

const list = async (by: Counter, query = ''): Promise<InvoiceList> =>
  (await by.request<InvoiceList>('GET', `/api/billing/invoices${query}`)).body;

interface File {
  readonly status: number;
  readonly bytes: Buffer;
  readonly headers: Headers;
}
async function download(by: Counter, path: string): Promise<File> {
  const answer = await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${by.deviceToken}` } });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()), headers: answer.headers };
}

describe('the list', () => {
  test('has the invoices and credit notes of the org, newest first, whole', async () => {
    const { items, nextCursor } = await list(counter);
    expect(items.map(({ number }) => number)).toEqual(['PC/27-28/000001', 'PP/27-28/000001', 'PP/26-27/000001']);
    expect(nextCursor).toBeNull();
    const [note, invoice] = items;
    expect(note?.original).toEqual({ id: invoice?.id, number: 'PP/27-28/000001', issuedOn: '2027-04-01' });
    const [row] = await server.sql<{ document: TaxDocument }>(
      'select document from billing_invoice where invoice_id = $1',
      [note?.id],
    );
    expect(note).toEqual(row?.document);
  });

  test('is of one financial year where one is asked for, and empty for a year without documents', async () => {
    expect((await list(counter, '?financialYear=26-27')).items.map(({ id }) => id)).toEqual([plan]);
    expect((await list(counter, '?financialYear=27-28')).items).toHaveLength(2);
    expect(await list(counter, '?financialYear=30-31')).toEqual({ items: [], nextCursor: null });
  });

  test('comes in pages that together are the whole, with none twice', async () => {
    const pages: string[] = [];
    let query = '?limit=1';
    for (let page = 0; page < 9; page += 1) {
      const { items, nextCursor } = await list(counter, query);
      pages.push(...items.map(({ id }) => id));
      if (nextCursor === null) break;
      query = `?limit=1&cursor=${nextCursor}`;
    }
    expect(pages).toEqual((await list(counter)).items.map(({ id }) => id));
  });
});

describe('documents of one instant', () => {
  test('stand in the order of their numbers, in the list, over its pages and in the CSV', async () => {
    const own = await started();
    const buyer = await own.signUp();
    await buyer.ownPlan();
    for (let packs = 1; packs <= 6; packs += 1) await own.play(orderOf(await buyer.topUp(packs)), 'pay');
    await own.settle();
    const numbers = Array.from({ length: 7 }, (_, at) => `PP/26-27/${String(7 - at).padStart(6, '0')}`);
    expect((await list(buyer)).items.map(({ number }) => number)).toEqual(numbers);
    const first = await list(buyer, '?limit=3');
    const second = await list(buyer, `?limit=4&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ number }) => number)).toEqual(numbers);
    const csv = await buyer.request<string>('GET', '/api/billing/invoices.csv');
    const rows = csv.body.trimEnd().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(',')[0])).toEqual(numbers.toReversed());
    await own.dispose();
  });
});

describe('one document', () => {
  test('is the one that the purchase names as its invoiceId', async () => {
    const answer = await counter.request<TaxDocument>('GET', `/api/billing/invoices/${plan}`);
    expect(answer).toMatchObject({ status: 200, body: { id: plan, kind: 'invoice', totalPaise: 1_500_000 } });
  });

  test('of another org is not found: by id, as a PDF, in the list or in the CSV', async () => {
    for (const path of ['', '/pdf']) {
      expect((await stranger.request('GET', `/api/billing/invoices/${plan}${path}`)).status).toBe(404);
    }
    expect((await list(stranger)).items).toHaveLength(1);
    expect((await download(stranger, '/api/billing/invoices.csv')).bytes.toString('utf8')).not.toContain('Asha');
  });
});

describe('the PDF', () => {
  test('is a file of its own name, with the same bytes each time, also after a restart', async () => {
    const path = `/api/billing/invoices/${plan}/pdf`;
    const first = await download(counter, path);
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe('application/pdf');
    expect(first.headers.get('content-disposition')).toBe('attachment; filename="PP-26-27-000001.pdf"');
    expect(first.headers.get('content-length')).toBe(String(first.bytes.length));
    expect(first.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const again = await Promise.all([download(counter, path), download(counter, path)]);
    await server.restart();
    for (const other of [...again, await download(counter, path)]) expect(other.bytes.equals(first.bytes)).toBe(true);
  });
});

describe('the CSV', () => {
  const rows = async (by: Counter, query: string): Promise<string[]> => {
    const { bytes } = await download(by, `/api/billing/invoices.csv${query}`);
    return bytes.toString('utf8').split('\r\n').slice(1, -1);
  };

  test('is UTF-8 with its mark, and has one row a document in the order of issue; a credit note is negative', async () => {
    const { bytes, headers } = await download(counter, '/api/billing/invoices.csv?from=2027-03-31&to=2027-04-02');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe(
      'attachment; filename="invoices-from-2027-03-31-to-2027-04-02.csv"',
    );
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    const lines = bytes.toString('utf8').split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^\uFEFFDocument number,Document date,Document type,GSTR-1 table,Buyer name,Buyer GSTIN,/);
    expect(lines[1]).toMatch(/^PP\/26-27\/000001,2027-03-31,Tax invoice,B2B,/);
    expect(lines[1]).toContain(',27-Maharashtra,N,997331,');
    expect(lines[1]).toContain(',1,18,12711.86,1144.07,1144.07,0.00,0.00,15000.00,,,26-27,');
    expect(lines[3]).toMatch(/^PC\/27-28\/000001,2027-04-02,Credit note,CDNR,/);
    expect(lines[3]).toContain(',-2118.64,-190.68,-190.68,0.00,0.00,-2500.00,PP/27-28/000001,2027-04-01,27-28,');
  });

  test('is of the days in India from the first to the last, both included', async () => {
    const numbers = async (query: string) => (await rows(counter, query)).map((row) => row.split(',')[0]);
    expect(await numbers('?from=2027-03-31&to=2027-03-31')).toEqual(['PP/26-27/000001']);
    expect(await numbers('?from=2027-04-01&to=2027-04-01')).toEqual(['PP/27-28/000001']);
    expect(await numbers('?from=2027-04-02')).toEqual(['PC/27-28/000001']);
    expect(await numbers('?to=2027-03-30')).toEqual([]);
  });

  test('has a name that begins like a formula behind an apostrophe, and quotes what has commas and quotes', async () => {
    expect((await rows(counter, ''))[0]).toContain(`,"'=HYPERLINK(""http://x"",""Asha"") Medicals",`);
    expect((await rows(stranger, ''))[0]).toContain(',"श्री गणेश मेडिकल्स, ""Bharat""",,29-Karnataka,');
  });
});
