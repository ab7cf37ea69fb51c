// What stands in a column as JSON. A row that was altered on the disk may hold anything at all.

/** Undefined for what is no JSON. */
export function fromJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
