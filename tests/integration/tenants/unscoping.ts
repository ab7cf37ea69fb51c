// Takes the scoping out of the server's own queries: every comparison of an org_id column with a parameter becomes true, on
// every connection that it works with. What then still keeps orgs apart is the database.
import type { Pool, PoolClient } from 'pg';
import type { Started } from '../server/started.ts';

/** `"purchase"."org_id" = $1`, `org_id = any($1::text[])`, `c.org_id = $3`; not `a.org_id = b.org_id`, which joins. */
const scoping = /(?:"?\w+"?\.)?"?\borg_id"? (?:= any\()?(?:= )?(\$\d+)((?:::text\[\])?\)?)/g;

export function withoutScoping(text: string): string {
  return text.replace(scoping, (whole, parameter: string, rest: string) => {
    const list = whole.includes('any(');
    // The parameter stays in use, so that the numbers of the others stay right.
    return `(${parameter}::text${list ? '[]' : ''} is not null)${list ? '' : rest}`;
  });
}

export interface Unscoped {
  /** How many statements went out without the scoping that they were written with. */
  readonly changed: () => number;
}

export function unscope(server: Started): Unscoped {
  let changed = 0;
  const { app, lanes, readers, waiting } = server.parts.database;
  const patch = (client: PoolClient) => {
    const original = client.query.bind(client) as (...given: unknown[]) => unknown;
    client.query = ((config: unknown, ...rest: unknown[]) => {
      const strip = (text: string) => {
        const stripped = withoutScoping(text);
        if (stripped !== text) changed += 1;
        return stripped;
      };
      if (typeof config === 'string') return original(strip(config), ...rest);
      const query = config as { text: string; name?: string };
      const name = query.name === undefined ? {} : { name: `${query.name}-unscoped` };
      return original({ ...query, ...name, text: strip(query.text) }, ...rest);
    }) as typeof client.query;
  };
  // The readers see every org by their task; what they look up by is a secret or an order, and no scoping is theirs to lose.
  void readers;
  for (const pool of [app, lanes, waiting] satisfies Pool[]) {
    pool.on('connect', patch);
    for (const client of (pool as unknown as { _clients: PoolClient[] })._clients) patch(client);
  }
  return { changed: () => changed };
}
