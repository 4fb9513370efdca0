import type { Catalog, Table } from "../../../model/catalog.js";
import type { OscTool } from "../../../model/osc.js";
import type { MysqlDialect } from "../parse/dialect.js";

/** What the database's URL asks of the connection; null where it asks for no encryption. */
export type Tls = { readonly mode: "REQUIRED" | "VERIFY_CA" | "VERIFY_IDENTITY"; readonly ca: string | null } | null;

/** Where the server is, and who comes. */
export interface Place {
  readonly host: string;
  readonly port: string;
  /** A path; null over TCP. */
  readonly socket: string | null;
  readonly user: string;
  readonly password: string;
  readonly tls: Tls;
}

/** One rebuild, as a command line says it. */
export interface Job {
  readonly place: Pick<Place, "host" | "port" | "socket" | "tls">;
  /** The file with user and password, and the folder of this run that it is in. */
  readonly file: string;
  readonly folder: string;
  readonly database: string;
  readonly table: string;
  /** What stands behind `ALTER TABLE t`. */
  readonly change: string;
  /** How long the exchange of the two tables may wait for its lock, seconds; at least 1. */
  readonly lockSeconds: number;
  /** The configuration's arguments. */
  readonly given: readonly string[];
}

/** A table and what else the schema has on it. */
export interface Subject {
  readonly table: Table;
  readonly catalog: Catalog;
  readonly dialect: MysqlDialect;
  readonly given: readonly string[];
}

/** What tells from its name that a table or trigger is one of the program's. */
export interface Traces {
  /** What it fills or counts by: of no use to a run that begins anew. */
  readonly work: RegExp;
  /** The table as it was, behind the exchange. */
  readonly old: RegExp;
  readonly trigger: RegExp | null;
}

/** A program that rebuilds tables: one file, and one line in `index.ts`. */
export interface Tool {
  readonly name: OscTool;
  readonly dialects: readonly MysqlDialect[];
  /** How one gets it: a sentence. */
  readonly get: string;
  /** Its flags that zmigrate gives itself, or that would defeat it, without dashes: none of them may be configured. */
  readonly own: readonly string[];
  /** All that stands behind the program's name. No password is in it. */
  args(job: Job): readonly string[];
  /** The file with user and password. */
  credentials(place: Place): string;
  /** What its environment has besides. */
  env(place: Place): Readonly<Record<string, string>>;
  /** Why it cannot come to this server; null when it can. */
  unreachable(place: Place): string | null;
  /** What of the table it cannot do, in sentences without their full stop. */
  unmet(subject: Subject): readonly string[];
  /** Global variables and the values of which they must have one; one that the server has not is not asked for. */
  readonly settings: Readonly<Record<string, readonly string[]>>;
  traces(database: string, table: string): Traces;
  /** It goes on by itself where a run of it was cut off. */
  readonly resumes: boolean;
}
