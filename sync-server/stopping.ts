// Stopping has a limit: whoever stopped us is kept waiting for ten seconds at most, and is told what was cut off.
import type { FastifyBaseLogger } from 'fastify';

/** Waits for one part to end, but not longer than `mostMs`; what is not over by then is left behind, and the log says so. */
export async function endWithin(
  mostMs: number,
  part: string,
  ending: Promise<unknown>,
  log: FastifyBaseLogger,
): Promise<void> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<'late'>((tell) => {
    timer = setTimeout(() => tell('late'), mostMs);
  });
  try {
    const how = await Promise.race([ending, late]);
    if (how === 'late') log.error({ part, mostMs }, 'did not end in time and is left behind');
  } catch (error) {
    // The parts behind this one are still to be ended, the database last.
    log.error({ err: error, part }, 'did not end well');
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
