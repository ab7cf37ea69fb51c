// What the user is to be told, as messages on this screen. The counter keeps what was told; this asks what is new whenever
// something changed, says it in words, and shows only what the counter confirms to be told for the first time.
import type { StoreApi } from 'zustand/vanilla';
import type { NoticeView } from '../../shared/contract/notice-views.ts';
import type { Channel } from './channel.ts';
import type { CounterState, Message } from './state.ts';
import { makeReader } from './view.ts';

export type Say = (notice: NoticeView) => Omit<Message, 'num'>;

const mostMessages = 3;

interface WatchParts {
  readonly channel: Channel;
  readonly state: StoreApi<CounterState>;
  readonly monotonic: () => number;
  readonly say: Say;
  /** One more is kept among what was told. */
  readonly onTold: () => void;
}

export function watchNotices({ channel, state, monotonic, say, onTold }: WatchParts): () => void {
  let lastNumber = 0;
  let telling = Promise.resolve();
  const tell = async (notice: NoticeView) => {
    const message = say(notice);
    const { title, body } = message;
    const told = await channel.ask('notices.tell', { key: notice.key, title, body });
    // Not confirmed: it stays untold at the counter, and comes again with the next look.
    if (!told.ok || !told.value.first) return;
    onTold();
    lastNumber += 1;
    const num = lastNumber;
    const overtaken = (older: Message) => message.about !== null && older.about === message.about;
    state.setState((now) => {
      const standing = now.messages.filter((older) => !overtaken(older));
      return { messages: [...standing, { ...message, num }].slice(-mostMessages) };
    });
  };
  const reader = makeReader({
    ask: () => channel.ask('notices.list', {}),
    put: ({ value }) => {
      for (const notice of value?.items ?? []) telling = telling.then(() => tell(notice));
    },
    monotonic,
  });
  const stopNotices = channel.onNotice(() => void reader.read());
  const stopLink = channel.onLink((link) => {
    if (link === 'up') void reader.read();
  });
  return () => {
    stopNotices();
    stopLink();
  };
}
