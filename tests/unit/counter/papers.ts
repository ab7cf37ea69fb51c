// A counter whose org has tax documents, and how a test looks at them.
import { activeStage, type PlayedCounter } from '../../fakes/played-stage.ts';

const everything = { financialYear: null, kind: null, limit: 500, offset: 0 };
export const list = (app: PlayedCounter, change: object = {}) =>
  app.call('documents.list', { ...everything, ...change });
export const allHeld = async (app: PlayedCounter) => {
  const { items } = await list(app);
  return items.length > 0 && items.every(({ pdfHeld }) => pdfHeld);
};

/** A counter whose server has three invoices of two years and a credit note, before the counter knows of them. */
export async function withDocuments() {
  const on = await activeStage();
  const { documents } = on.server;
  const old = documents.issue('2026-03-28');
  const plan = documents.issue('2026-04-01', 'PharmaPulse One', 1_500_000);
  const latest = documents.issue('2026-11-20', 'AI credits', 250_000, 3);
  const note = documents.credit(latest, '2026-11-21', 100_000);
  return { ...on, documents, old, plan, latest, note };
}
