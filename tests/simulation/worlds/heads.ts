// Where every org's ledger ended at which time, as a second pair of eyes saw it in the database when nothing was under way. What a
// counter says that it knows is held against this, and not against times that the server wrote before it committed.
import { Client } from 'pg';

export interface Head {
  /** The server's time, in milliseconds. */
  readonly at: number;
  readonly seq: number;
}

export interface Heads {
  note(at: number): Promise<void>;
  readonly of: (orgId: string | null) => readonly Head[];
}

export function openHeads(databaseUrl: string): Heads {
  const seen = new Map<string, Head[]>();
  const read = async (): Promise<{ org: string; seq: number }[]> => {
    // A connection for each look: the batch breaks them all now and then.
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      const text = 'select org_id org, max(seq)::float8 seq from credits_ledger group by org_id';
      return (await client.query<{ org: string; seq: number }>(text)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    async note(at) {
      for (const { org, seq } of await read()) {
        const of = seen.get(org) ?? [];
        if (of.at(-1)?.seq !== seq) of.push({ at, seq });
        seen.set(org, of);
      }
    },
    of: (orgId) => seen.get(orgId ?? '') ?? [],
  };
}
