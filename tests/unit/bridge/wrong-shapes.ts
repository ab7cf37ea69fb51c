// Everything that can be wrong with an input, made from the shape of the call itself and one right input: a field missing, a
// field too many, another kind of value, a number or a text beyond its bounds, and more of anything than anybody would send.
import { z } from 'zod';

/** As JSON Schema has it; only what our inputs are made of. */
interface Shape {
  readonly type?: string;
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
}

/** what: where and how it is wrong. */
export interface Wrong {
  readonly what: string;
  readonly input: unknown;
}

/** More than any text or list that a screen sends. */
const farTooMany = 20_000;

export function wrongShapes(schema: z.ZodType, right: unknown): Wrong[] {
  return [...wrongAt('input', z.toJSONSchema(schema, { io: 'input' }) as Shape, right)];
}

function* wrongAt(at: string, whole: Shape, right: unknown): Generator<Wrong> {
  const kinds = (whole.anyOf ?? [whole]).map(kindOf);
  for (const [kind, value] of specimens) {
    const integer = kind === 'number' && kinds.includes('integer');
    if (!kinds.includes(kind) && !integer) yield { what: `${at} is ${kind}`, input: value };
  }
  const shape = (whole.anyOf ?? [whole]).find((one) => kindOf(one) === kindOfValue(right, one));
  if (shape === undefined) throw new Error(`the example of ${at} does not fit its shape`);
  if (Array.isArray(right)) yield* wrongList(at, shape, right);
  else if (typeof right === 'object' && right !== null) yield* wrongObject(at, shape, right as Record<string, unknown>);
  else if (typeof right === 'string') yield* wrongText(at, shape);
  else if (typeof right === 'number') yield* wrongNumber(at, shape);
}

const specimens: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['boolean', true],
  ['number', 7],
  ['string', '7'],
  ['array', []],
  ['object', {}],
];

function kindOf(shape: Shape): string {
  if (shape.type !== undefined) return shape.type;
  const told = shape.enum?.[0] ?? shape.const;
  if (told === undefined) throw new Error(`a shape that this test does not know: ${JSON.stringify(shape)}`);
  return typeof told;
}

function kindOfValue(value: unknown, shape: Shape): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' && shape.type === 'integer' ? 'integer' : typeof value;
}

function* wrongObject(at: string, shape: Shape, right: Record<string, unknown>): Generator<Wrong> {
  const { properties = {}, required = [] } = shape;
  yield { what: `${at} has a field that nobody knows`, input: { ...right, strange: 1 } };
  for (const name of required) {
    const { [name]: _, ...rest } = right;
    yield { what: `${at} has no ${name}`, input: rest };
  }
  for (const [name, inner] of Object.entries(properties)) {
    if (!(name in right)) throw new Error(`the example of ${at} says nothing of ${name}`);
    for (const { what, input } of wrongAt(`${at}.${name}`, inner, right[name])) {
      yield { what, input: { ...right, [name]: input } };
    }
  }
}

function* wrongList(at: string, shape: Shape, right: readonly unknown[]): Generator<Wrong> {
  const [first] = right;
  if (first === undefined || shape.items === undefined) throw new Error(`the example of ${at} has nothing in it`);
  const many = (count: number) => Array.from({ length: count }, () => first);
  if (shape.maxItems !== undefined) yield { what: `${at} has one too many`, input: many(shape.maxItems + 1) };
  yield { what: `${at} has far too many`, input: many(farTooMany) };
  for (const { what, input } of wrongAt(`${at}[0]`, shape.items, first)) yield { what, input: [input] };
}

function* wrongText(at: string, shape: Shape): Generator<Wrong> {
  const bound = shape.enum ?? shape.const ?? shape.pattern ?? shape.format;
  if (bound !== undefined) yield { what: `${at} is another text`, input: '\u0000' };
  if (shape.minLength !== undefined) yield { what: `${at} is empty`, input: '' };
  if (shape.maxLength !== undefined) yield { what: `${at} is too long by one`, input: 'x'.repeat(shape.maxLength + 1) };
  yield { what: `${at} is far too long`, input: 'x'.repeat(farTooMany) };
}

function* wrongNumber(at: string, { type, minimum, maximum }: Shape): Generator<Wrong> {
  if (type === 'integer') yield { what: `${at} is no whole number`, input: 1.5 };
  if (minimum === undefined || maximum === undefined) throw new Error(`${at} has no bounds`);
  yield { what: `${at} is too small`, input: minimum - 1 };
  yield { what: `${at} is too large`, input: maximum + 1 };
}
