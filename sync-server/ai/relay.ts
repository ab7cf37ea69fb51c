// Passes a stream on, piece by piece, and settles it exactly once, however it ends: to its end, broken off by the service,
// or left by the caller. Knows neither HTTP nor credits.
import type { ChatChunk } from '../../shared/contract/ai.ts';
import type { StreamRecord } from './stream-record.ts';

export interface Relayed {
  /** The first piece is here already, so that a service that fails before it can be answered in a status. */
  readonly first: ChatChunk;
  readonly rest: AsyncGenerator<ChatChunk, void, undefined>;
  readonly record: StreamRecord;
  /** `whole`: the stream came to its end. Comes back with the last words to the caller. Does not reject. */
  readonly settle: (whole: boolean) => Promise<string>;
  readonly onBroken: (error: unknown) => void;
}

export async function* relay({
  first,
  rest,
  record,
  settle,
  onBroken,
}: Relayed): AsyncGenerator<string, void, undefined> {
  let settled = false;
  const settleOnce = (whole: boolean) => {
    settled = true;
    return settle(whole);
  };
  try {
    let whole = false;
    try {
      let chunk: ChatChunk | null = first;
      while (chunk !== null) {
        record.add(chunk);
        const shown = withoutUsage(chunk);
        if (shown !== null) yield asEvent(shown);
        const next: IteratorResult<ChatChunk, void> = await rest.next();
        chunk = next.done === true ? null : next.value;
      }
      whole = true;
    } catch (error) {
      onBroken(error);
    }
    yield await settleOnce(whole);
  } finally {
    if (!settled) await settleOnce(false);
    // Stops the service. That it may fail at being stopped changes nothing any more.
    await Promise.allSettled([rest.return()]);
  }
}

/** Usage is said once, at the end, if it was asked for; a piece that says nothing else is kept back. */
function withoutUsage({ usage, ...chunk }: ChatChunk): Record<string, unknown> | null {
  return chunk.choices.length === 0 && usage !== undefined && usage !== null ? null : chunk;
}

export function asEvent(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

export const endOfStream = 'data: [DONE]\n\n';
