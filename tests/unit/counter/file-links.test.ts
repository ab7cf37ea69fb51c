// How files leave the counter of the browser host: under links that nobody can guess, for a few minutes, with headers under
// which nothing in them can run.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createFileLinks } from '../../../main/hosts/browser/file-links.ts';
import { makeToken } from '../../../main/hosts/machine.ts';
import type { OutgoingFile } from '../../../main/ports.ts';
import { handedFile } from '../../../shared/contract/document-views.ts';
import { playedTime } from '../../fakes/played-time.ts';

const pdf: OutgoingFile = {
  name: 'PP-26-27-000001.pdf',
  type: 'application/pdf',
  bytes: Buffer.from('%PDF-1.7 %%EOF'),
};
const csv: OutgoingFile = { name: 'invoices.csv', type: 'text/csv; charset=utf-8', bytes: Buffer.from('a,b') };

function shelf() {
  const time = playedTime();
  const links = createFileLinks(makeToken, time.timers);
  const get = (url: string, method = 'GET') => {
    const answer = { status: 0, headers: {} as Record<string, unknown>, body: null as unknown };
    const response = {
      writeHead: (status: number, headers: Record<string, unknown>) => Object.assign(answer, { status, headers }),
      end: (body: unknown) => Object.assign(answer, { body }),
    };
    const ours = links.serve({ url, method } as IncomingMessage, response as unknown as ServerResponse);
    return { ours, ...answer };
  };
  const offer = async (file: OutgoingFile, how: 'save' | 'open') => {
    const handed = handedFile.parse(await links.desk[how](file));
    if (handed.kind !== 'link') throw new Error('no link');
    return handed.path;
  };
  return { time, get, offer };
}

describe('a link to a file', () => {
  test('downloads what is to be saved, and shows what is to be printed', async () => {
    const { get, offer } = shelf();
    const saved = get(await offer(pdf, 'save'));
    expect(saved).toMatchObject({ ours: true, status: 200, body: pdf.bytes });
    expect(saved.headers).toMatchObject({
      'Content-Disposition': 'attachment; filename="PP-26-27-000001.pdf"',
      'Content-Type': 'application/pdf',
      'Content-Length': pdf.bytes.length,
    });
    const shown = get(await offer(pdf, 'open'));
    expect(shown.headers['Content-Disposition']).toBe('inline; filename="PP-26-27-000001.pdf"');
    expect(get(await offer(csv, 'save')).headers['Content-Type']).toBe('text/csv; charset=utf-8');
  });

  test('is stored nowhere, sniffed as nothing else, framed by nobody, and runs nothing', async () => {
    const { get, offer } = shelf();
    for (const answer of [get(await offer(pdf, 'open')), get('/files/guess/x.pdf')]) {
      expect(answer.headers).toMatchObject({
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        'X-Frame-Options': 'DENY',
        'Referrer-Policy': 'no-referrer',
        'Cross-Origin-Resource-Policy': 'same-origin',
      });
      expect(String(answer.headers['Content-Security-Policy'])).toMatch(/^default-src 'none'/);
      expect(String(answer.headers['Content-Security-Policy'])).not.toMatch(/script-src|unsafe-eval|\*/);
    }
  });

  test('ends after five minutes, and before that when many others were asked for', async () => {
    const { time, get, offer } = shelf();
    const path = await offer(pdf, 'save');
    time.pass(299_000);
    expect(get(path).status).toBe(200);
    time.pass(2_000);
    expect(get(path)).toMatchObject({ ours: true, status: 404 });
    const first = await offer(pdf, 'save');
    for (let i = 0; i < 8; i += 1) await offer(csv, 'save');
    expect(get(first).status).toBe(404);
  });

  test('is only the whole of it: no guess, no other name, no path into the disk; other addresses are not ours', async () => {
    const { get, offer } = shelf();
    const path = await offer(pdf, 'save');
    expect(path.split('/')[2]?.length).toBeGreaterThanOrEqual(40);
    expect(await offer(pdf, 'save')).not.toBe(path);
    for (const wrong of [`${path}x`, path.slice(0, -1), '/files/', '/files/../package.json', `/files/${pdf.name}`]) {
      expect(get(wrong)).toMatchObject({ ours: true, status: 404 });
    }
    expect(get(path, 'POST').status).toBe(404);
    expect(get(path, 'HEAD')).toMatchObject({ status: 200, body: undefined });
    for (const other of ['/', '/index.html', '/assets/files/x']) expect(get(other).ours).toBe(false);
  });
});
