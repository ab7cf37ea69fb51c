import { describe, expect, test } from 'vitest';
import { makeChannel, parseResult } from '../../../renderer/store/channel.ts';
import { makeCounter } from '../../../renderer/store/counter.ts';
import type { NoticeView } from '../../../shared/contract/notice-views.ts';
import { typical, waiting } from '../../fakes/played-scenarios.ts';
import { fakeBridge, fetched, settled } from './fake-bridge.ts';

const good = (value: unknown) => () => ({ ok: true, value });
const scenario = typical();
const page = (items: unknown[]) => ({ items, total: items.length });

function counterOver(answers: Parameters<typeof fakeBridge>[0]) {
  const bridge = fakeBridge(answers);
  return { bridge, counter: makeCounter(makeChannel(bridge, fetched), () => 5_000) };
}
const callsOf = (bridge: ReturnType<typeof fakeBridge>) => bridge.asked.map((asked) => asked.call);

describe('answers are parsed before anybody looks at them', () => {
  test('a value that does not fit its schema is the refusal bad_answer', async () => {
    const result = await parseResult('purchases.list', { ok: true, value: { items: [{ id: 1 }], total: 1 } });
    expect(result).toEqual({ ok: false, error: { code: 'bad_answer', retryable: true } });
    expect(await parseResult('overview.get', 'nonsense')).toEqual(result);
  });
  test('a refusal comes through with its details', async () => {
    const error = { code: 'price_changed', retryable: false, details: { amountPaise: 5 } };
    expect(await parseResult('purchases.queue', { ok: false, error })).toEqual({ ok: false, error });
  });
  test('a bridge that throws is a counter that is away', async () => {
    const bridge = { ...fakeBridge(), call: () => Promise.reject(new Error('gone')) };
    const result = await makeChannel(bridge).ask('overview.get', {});
    expect(result).toMatchObject({ ok: false, error: { code: 'counter_away' } });
  });
  test('a notice of an unknown kind is dropped', async () => {
    const { bridge, counter } = counterOver({ 'overview.get': good(scenario.overview) });
    await counter.read('overview');
    bridge.tell({ type: 'changed', topics: ['weather'] });
    bridge.tell('changed');
    await settled();
    expect(callsOf(bridge)).toEqual(['overview.get']);
  });
});

describe('views', () => {
  test('nothing is asked before the link is up, and the overview is asked first', async () => {
    const { bridge, counter } = counterOver({ 'overview.get': good(scenario.overview) });
    bridge.setLink('connecting');
    expect(bridge.asked).toEqual([]);
    bridge.setLink('up');
    await settled();
    expect(counter.state.getState().overview).toMatchObject({
      value: scenario.overview,
      error: null,
      answeredAt: 5_000,
    });
  });
  test('a notice asks again only for views of its topics that were ever asked', async () => {
    const { bridge, counter } = counterOver({
      'overview.get': good(scenario.overview),
      'purchases.list': good(page([waiting])),
    });
    await counter.read('overview');
    await counter.read('purchases');
    bridge.asked.length = 0;
    bridge.notify('ledger');
    await settled();
    expect(callsOf(bridge)).toEqual(['overview.get']);
    bridge.notify('purchases', 'status');
    await settled();
    expect(callsOf(bridge).slice(1).sort()).toEqual(['overview.get', 'purchases.list']);
  });
  test('what was asked before anybody looked is forgotten when it changes, and asked again by whoever looks', async () => {
    const choices = { kinds: ['spend'], features: [], actors: [] };
    const { bridge, counter } = counterOver({ 'ledger.choices': good(choices) });
    const held = () => counter.state.getState().choices.value;
    await counter.prefetch('choices');
    expect(held()).toEqual(choices);
    bridge.notify('ledger');
    await settled();
    expect([held(), callsOf(bridge)]).toEqual([null, ['ledger.choices']]);
    await counter.read('choices');
    expect(held()).toEqual(choices);
    bridge.notify('ledger');
    await settled();
    expect(callsOf(bridge)).toHaveLength(3);
  });
  test('rows of the ledger that nobody looked at are forgotten as well, also while they are on their way', async () => {
    const { bridge, counter } = counterOver({});
    const whole = { entries: [], first: 1, total: 0, held: 0 };
    void counter.prefetch('ledger');
    bridge.notify('ledger');
    bridge.asked[0]?.answer({ ok: true, value: whole });
    await settled();
    expect(counter.state.getState().ledger).toMatchObject({ value: null, asking: false });
    void counter.prefetch('ledger');
    bridge.asked[1]?.answer({ ok: true, value: whole });
    await settled();
    expect(counter.state.getState().ledger.value).toMatchObject({ total: 0 });
    bridge.notify('ledger');
    await settled();
    expect(counter.state.getState().ledger.value).toBeNull();
  });
  test('notices during a question lead to one more question, not to one each', async () => {
    const { bridge, counter } = counterOver({});
    void counter.read('overview');
    for (let i = 0; i < 5; i += 1) bridge.notify('sync');
    expect(bridge.asked).toHaveLength(1);
    bridge.asked[0]?.answer({ ok: true, value: scenario.overview });
    await settled();
    expect(bridge.asked).toHaveLength(2);
    bridge.asked[1]?.answer({ ok: true, value: scenario.overview });
    await settled();
    expect(bridge.asked).toHaveLength(2);
    expect(counter.state.getState().overview.asking).toBe(false);
  });
  test('a failed question keeps what was answered before, and says so', async () => {
    let fails = false;
    const error = { code: 'storage_failed', retryable: true };
    const { counter } = counterOver({
      'overview.get': () => (fails ? { ok: false, error } : { ok: true, value: scenario.overview }),
    });
    await counter.read('overview');
    fails = true;
    await counter.read('overview');
    expect(counter.state.getState().overview).toMatchObject({ value: scenario.overview, error, asking: false });
  });
  test('when the counter program comes back, everything on show is asked again', async () => {
    const { bridge, counter } = counterOver({
      'overview.get': good(scenario.overview),
      'devices.list': good({ items: [], nextCursor: null, asOf: null }),
    });
    bridge.setLink('up');
    await counter.read('devices');
    bridge.setLink('down');
    bridge.asked.length = 0;
    bridge.setLink('up');
    await settled();
    expect(callsOf(bridge)).toEqual(['overview.get', 'devices.list']);
  });
});

describe('commands', () => {
  const asked = { intent: 'intent-0001', sku: 'topup.50k', quantity: 1, expectedAmountPaise: 250_000 } as const;

  test('a double press with one intent is one call', async () => {
    const { bridge, counter } = counterOver({});
    const first = counter.queue(asked);
    const second = counter.queue(asked);
    expect(callsOf(bridge)).toEqual(['purchases.queue']);
    bridge.asked[0]?.answer({ ok: true, value: waiting });
    expect(await first).toEqual({ ok: true, value: waiting });
    expect(await second).toEqual(await first);
    expect(counter.state.getState().lastTopUp).toEqual({ at: 5_000, packs: 1 });
  });
  test('after an answer the same press is a new call, so a failed one can be tried again', async () => {
    const { bridge, counter } = counterOver({
      'purchases.queue': () => ({ ok: false, error: { code: 'storage_failed', retryable: true } }),
    });
    await counter.queue(asked);
    await counter.queue(asked);
    expect(callsOf(bridge)).toEqual(['purchases.queue', 'purchases.queue']);
    expect(counter.state.getState().lastTopUp).toBeNull();
  });
  test('after a command the list is looked up again, never edited here', async () => {
    const { bridge, counter } = counterOver({
      'purchases.list': good(page([waiting])),
      'purchases.cancel': good({ ...waiting, state: 'cancelled' }),
    });
    await counter.read('purchases');
    await counter.cancel(waiting.id);
    await settled();
    expect(callsOf(bridge)).toEqual(['purchases.list', 'purchases.cancel', 'purchases.list']);
    expect(counter.state.getState().purchases.value?.items[0]?.state).toBe('awaiting_payment');
  });
});

describe('what the user is told', () => {
  const notices = [
    { kind: 'failed' as const, key: 'failed a', purchase: waiting },
    { kind: 'paid' as const, key: 'paid a', purchase: { ...waiting, state: 'paid' as const } },
  ];
  const say = (notice: NoticeView) => ({ about: null, tone: 'warn' as const, title: notice.kind, body: notice.key });
  const titles = (counter: ReturnType<typeof counterOver>['counter']) =>
    counter.state.getState().messages.map(({ title }) => title);

  test('is asked for at every change, told in words, and shown in order until it is dismissed', async () => {
    let items: NoticeView[] = [];
    const { bridge, counter } = counterOver({
      'notices.list': () => ({ ok: true, value: { items } }),
      'notices.tell': good({ first: true }),
    });
    counter.watchNotices(say);
    bridge.setLink('up');
    await settled();
    expect(titles(counter)).toEqual([]);
    items = notices;
    bridge.notify('purchases');
    await settled();
    items = [];
    bridge.notify('sync');
    await settled();
    expect(titles(counter)).toEqual(['failed', 'paid']);
    expect(bridge.asked.filter(({ call }) => call === 'notices.tell').map(({ input }) => input)).toEqual([
      { key: 'failed a', title: 'failed', body: 'failed a' },
      { key: 'paid a', title: 'paid', body: 'paid a' },
    ]);
    counter.dismiss(counter.state.getState().messages[0]?.num ?? 0);
    expect(titles(counter)).toEqual(['paid']);
  });

  test.each([
    ['told before', good({ first: false })],
    ['not kept by the counter', () => ({ ok: false, error: { code: 'storage_failed', retryable: true } })],
  ])('is not shown when it was %s', async (_why, answer) => {
    const { bridge, counter } = counterOver({
      'notices.list': good({ items: notices }),
      'notices.tell': answer,
    });
    counter.watchNotices(say);
    bridge.notify('purchases');
    await settled();
    expect(titles(counter)).toEqual([]);
  });

  test('gives way to a newer message about the same thing, and to no other', async () => {
    let items: NoticeView[] = notices;
    const { bridge, counter } = counterOver({
      'notices.list': () => ({ ok: true, value: { items } }),
      'notices.tell': good({ first: true }),
    });
    counter.watchNotices((notice) => ({ ...say(notice), about: notice.kind === 'paid' ? null : 'credits' }));
    bridge.notify('purchases');
    await settled();
    items = [{ kind: 'credits_low', key: 'low', available: 3 }];
    bridge.notify('status');
    await settled();
    expect(titles(counter)).toEqual(['paid', 'credits_low']);
  });

  test('is asked for no more once nobody watches', async () => {
    const { bridge, counter } = counterOver({ 'notices.list': good({ items: [] }) });
    counter.watchNotices(say)();
    bridge.notify('purchases');
    bridge.setLink('up');
    await settled();
    expect(callsOf(bridge)).not.toContain('notices.list');
  });
});

describe('a list longer than one answer', () => {
  test('is shown to its end, page by page, with each purchase once', async () => {
    const all = Array.from({ length: 1_203 }, (_, at) => ({ ...waiting, id: `pur_${at}` }));
    const { bridge, counter } = counterOver({
      'purchases.list': (input) => {
        const { limit, offset } = input as { limit: number; offset: number };
        return { ok: true, value: { items: all.slice(offset, offset + limit), total: all.length } };
      },
    });
    await counter.read('purchases');
    for (let more = 0; more < 24; more += 1) await counter.morePurchases();
    const shown = counter.state.getState().purchases.value?.items.map(({ id }) => id);
    expect(shown).toEqual(all.map(({ id }) => id));
    expect(bridge.asked.every(({ input }) => (input as { limit: number }).limit <= 500)).toBe(true);
  });
});
