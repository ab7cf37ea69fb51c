import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createAnnouncer } from '../../../main/ipc/announcer.ts';
import type { Notice } from '../../../shared/contract/frames.ts';
import { activeStage } from '../../fakes/played-stage.ts';

function listening() {
  const announcer = createAnnouncer();
  const told: Notice[] = [];
  announcer.to = (notice) => void told.push(notice);
  return { announcer, told };
}

describe('what changed', () => {
  test('is told once a turn, each topic once, in the order in which they came', async () => {
    const { announcer, told } = listening();
    announcer.changed(['purchases', 'sync']);
    announcer.changed(['sync', 'ledger']);
    expect(told).toEqual([]);
    await nextTurn();
    expect(told).toEqual([{ type: 'changed', topics: ['purchases', 'sync', 'ledger'] }]);
    announcer.changed(['sync']);
    await nextTurn();
    expect(told).toHaveLength(2);
  });

  test('while it is told may change more, which is told in the next turn', async () => {
    const { announcer, told } = listening();
    announcer.to = (notice) => {
      if (told.length === 0) announcer.changed(['ledger']);
      told.push(notice);
    };
    announcer.changed(['sync']);
    await nextTurn();
    await nextTurn();
    expect(told.map(({ topics }) => topics)).toEqual([['sync'], ['ledger']]);
  });

  test('is not told any more when the counter has stopped', async () => {
    const { announcer, told } = listening();
    announcer.changed(['sync']);
    announcer.stop();
    announcer.changed(['ledger']);
    await nextTurn();
    expect(told).toEqual([]);
  });

  test('is told behind the answer to the call that changed it', async () => {
    const on = await activeStage();
    await on.app.sync();
    const order: string[] = [];
    const stop = on.app.counter.subscribe(({ topics }) => {
      if (topics.includes('purchases')) order.push('told');
    });
    await on.app.queue('topup.50k', 250_000);
    order.push('answered');
    await on.app.until(() => order.includes('told'));
    stop();
    expect(order[0]).toBe('answered');
  });
});
