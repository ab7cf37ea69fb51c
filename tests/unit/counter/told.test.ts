// What was told can be read again: newest first, once each, read or not, over a start; and what was not told is not there.
import { describe, expect, test } from 'vitest';
import { countUnread, keepNotice, markRead, readKept } from '../../../main/notices/kept.ts';
import { openOutbox } from '../../../main/outbox/open.ts';
import { activeStage, tempFolder } from '../../fakes/played-stage.ts';

describe('what was told', () => {
  test('is kept as it was told, newest first and unread, and not a second time', async () => {
    const { app, server, startCounter } = await activeStage();
    server.org.append(-46_000, 'spend');
    await app.sync();
    const [low] = (await app.call('notices.list', {})).items;
    expect(low?.kind).toBe('credits_low');
    const tell = { key: low?.key ?? '', title: 'Low', body: 'Credits are low.' };
    expect(await app.call('notices.told', { limit: 10 })).toEqual({ items: [], unread: 0 });
    await app.call('notices.tell', tell);
    await app.call('notices.tell', tell);
    const { items, unread } = await app.call('notices.told', { limit: 10 });
    expect(unread).toBe(1);
    expect(items).toMatchObject([{ notice: { kind: 'credits_low', available: 4_000 }, read: false }]);
    expect(await app.call('notices.read', { upTo: items[0]?.num ?? 0 })).toEqual({ unread: 0 });
    await app.counter.stop();
    const again = await startCounter();
    expect(await again.call('notices.told', { limit: 10 })).toMatchObject({ items: [{ read: true }], unread: 0 });
  });
  test('what came after the list was shown stays unread', () => {
    const outbox = openOutbox(tempFolder(), () => undefined);
    const now = new Date('2026-11-22T10:00:00.000Z');
    for (const key of ['a', 'b', 'c']) keepNotice(outbox, { kind: 'revoked', key }, now);
    const shown = readKept(outbox, 2);
    expect(shown.map(({ notice }) => notice.key)).toEqual(['c', 'b']);
    markRead(outbox, shown[1]?.num ?? 0, now);
    expect(countUnread(outbox)).toBe(1);
    expect(readKept(outbox, 9).map(({ read }) => read)).toEqual([false, true, true]);
    outbox.sqlite.close();
  });
  test('of very many the oldest are let go, and one that nobody understands any more is left out', () => {
    const outbox = openOutbox(tempFolder(), () => undefined);
    const now = new Date('2026-11-22T10:00:00.000Z');
    const many = outbox.sqlite.transaction(() => {
      for (let at = 0; at < 310; at += 1) keepNotice(outbox, { kind: 'revoked', key: `${at}` }, now);
    });
    many();
    expect(readKept(outbox, 1_000)).toHaveLength(300);
    expect(readKept(outbox, 1_000).at(-1)?.notice.key).toBe('10');
    outbox.sqlite.exec(`UPDATE notice SET body = '{"kind":"of the future"}' WHERE key = '309'`);
    expect(readKept(outbox, 1)).toEqual([]);
    outbox.sqlite.close();
  });
});
