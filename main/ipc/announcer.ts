// Says what changed once a turn of the event loop, behind the answer to whatever changed it: nobody waits for a screen to be computed
// while a purchase is put on the disk.
import type { Notice } from '../../shared/contract/frames.ts';

export interface Announcer {
  /** Whom it tells; set by whoever has renderers and listeners. */
  to: (notice: Notice) => void;
  /** Told with all that changes in this turn, each topic once, in the order in which they came. */
  readonly changed: (topics: Notice['topics']) => void;
  /** What was not told by now is not told any more. */
  readonly stop: () => void;
}

export function createAnnouncer(): Announcer {
  let topics = new Set<Notice['topics'][number]>();
  let due: NodeJS.Immediate | null = null;
  let stopped = false;
  const say = () => {
    due = null;
    const told = [...topics];
    topics = new Set();
    self.to({ type: 'changed', topics: told });
  };
  const self: Announcer = {
    to: () => undefined,
    changed(more) {
      if (stopped) return;
      for (const topic of more) topics.add(topic);
      due ??= setImmediate(say);
    },
    stop() {
      stopped = true;
      if (due !== null) clearImmediate(due);
      due = null;
    },
  };
  return self;
}
