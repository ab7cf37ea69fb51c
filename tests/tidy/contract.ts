// One hash per contract file, over the JSON Schema of everything in it that has a shape.
import { createHash } from 'node:crypto';
import { z } from 'zod';

const isSchema = (value: unknown): value is z.ZodType => value instanceof z.ZodType;

/** Schemas by name, in plain objects too (`calls` is one): `calls.overview.get.input`. */
function schemasIn(name: string, value: unknown): [string, z.ZodType][] {
  if (isSchema(value)) return [[name, value]];
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return [];
  return Object.entries(value).flatMap(([key, inner]) => schemasIn(`${name}.${key}`, inner));
}

/** The same text for the same shape, whatever order keys were written in; the order of lists stays. */
function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, inner]) => [key, settled(inner)]));
}

/** The hash of a module's schemas as they are sent, and how many there are. */
export function contractHash(module: Readonly<Record<string, unknown>>): { hash: string; count: number } {
  const schemas = Object.entries(module).flatMap(([name, value]) => schemasIn(name, value));
  const shapes = schemas.map(([name, schema]) => [
    name,
    settled(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })),
  ]);
  const text = JSON.stringify(settled(Object.fromEntries(shapes)));
  return { hash: createHash('sha256').update(text).digest('hex').slice(0, 32), count: schemas.length };
}
