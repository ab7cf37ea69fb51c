// The one name of the SQLite connection that the counter's files share.
import type Database from 'better-sqlite3';

export type Sqlite = Database.Database;
