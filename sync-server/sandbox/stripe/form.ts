// Owns the form encoding of Stripe's requests: `a[b][0]=x` becomes {a: {b: ['x']}}. Every value stays a text; what a text
// means is decided where it is read.

export type Form = { [name: string]: FormValue };
export type FormValue = string | Form | FormValue[];

const MOST_DEPTH = 8;

export function decodeForm(flat: unknown): Form {
  const root: Form = {};
  for (const [key, value] of Object.entries((flat ?? {}) as Record<string, unknown>)) {
    const path = key.replaceAll(']', '').split('[').slice(0, MOST_DEPTH);
    // A repeated `expand[]=x` reaches us as a list already.
    if (path.at(-1) === '') put(root, path.slice(0, -1), Array.isArray(value) ? value.map(String) : [String(value)]);
    else put(root, path, Array.isArray(value) ? String(value.at(-1)) : String(value));
  }
  return withLists(root) as Form;
}

function put(root: Form, path: readonly string[], value: FormValue): void {
  let place = root;
  for (const name of path.slice(0, -1)) {
    const found = own(place, name);
    const next: Form = typeof found === 'object' && !Array.isArray(found) ? found : {};
    define(place, name, next);
    place = next;
  }
  define(place, path.at(-1) ?? '', value);
}

const own = (form: Form, name: string): FormValue | undefined => (Object.hasOwn(form, name) ? form[name] : undefined);

/** Also for a name like `__proto__`, which must be a field and nothing else. */
function define(form: Form, name: string, value: FormValue): void {
  Object.defineProperty(form, name, { value, enumerable: true, configurable: true, writable: true });
}

/** An object whose names are 0, 1, 2 … is a list. */
function withLists(value: FormValue): FormValue {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(withLists);
  const entries = Object.entries(value).map(([name, inner]) => [name, withLists(inner)] as const);
  const isList = entries.length > 0 && entries.every(([name], place) => name === String(place));
  return isList ? entries.map(([, inner]) => inner) : (Object.fromEntries(entries) as Form);
}
