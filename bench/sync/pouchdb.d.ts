// As much of PouchDB as the benchmark calls; the package brings no types.
declare module 'pouchdb' {
  export default class PouchDB {
    constructor(path: string);
    bulkDocs(docs: readonly object[]): Promise<unknown>;
    readonly replicate: { to(other: PouchDB, options: { readonly batch_size: number }): Promise<unknown> };
    info(): Promise<{ readonly doc_count: number }>;
    close(): Promise<void>;
  }
}
