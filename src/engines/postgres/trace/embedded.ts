import { readFileSync } from "node:fs";
import { ZmigrateError } from "../../../errors.js";
import { keepDataFolder, keptDataFolder } from "./cache.js";
import { extensionsIn, loadExtensions } from "./extensions.js";

/** An embedded PostgreSQL with nothing in it: one connection, in this process, gone with it. */
export interface Embedded {
  /** `18.6`. */
  readonly version: string;
  /** One statement or several. */
  exec(sql: string): Promise<void>;
  rows<R>(sql: string): Promise<readonly R[]>;
  /** The rows of the last of several statements, every value but numbers, truth values and moments as text. */
  texts<R>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /**
   * Parses one statement and says what it takes and returns; nothing is run.
   *
   * @param types of its parameters, 0 or left out where the server is to find them
   */
  describe(sql: string, types?: readonly number[]): Promise<Described>;
  close(): Promise<void>;
}

/** What a statement takes and returns; types are numbers of pg_type. */
export interface Described {
  readonly parameters: readonly number[];
  readonly columns: readonly { readonly name: string; readonly type: number }[];
}

/** int2, int4, oid, float, bool and timestamptz are what they are; everything else stays text, as in a live session. */
const PLAIN: ReadonlySet<number> = new Set([16, 21, 23, 26, 700, 701, 1184]);

function versionOf(): string {
  const file = new URL("../package.json", import.meta.resolve("@electric-sql/pglite"));
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Small, as all that is loaded and cleared at each start: the schemas that are tried there hold next to no rows. */
const BUFFERS = ["-c", "shared_buffers=16MB"];
const SEGMENTS = ["--wal-segsize=1"];

async function create(extensions: Record<string, never>) {
  const { PGlite } = await import("@electric-sql/pglite");
  const version = versionOf();
  const kept = keptDataFolder(version);
  const options = { extensions, startParams: [...PGlite.defaultStartParams, ...BUFFERS] };
  if (kept !== null) return PGlite.create({ ...options, loadDataDir: kept });
  const db = await PGlite.create({ ...options, initDbStartParams: SEGMENTS });
  await keepDataFolder(version, await db.dumpDataDir("none"));
  return db;
}

/**
 * Starts PGlite, which takes a second or two. It is loaded only here.
 *
 * @param texts what will be run: extensions that it names are loaded
 * @throws ZmigrateError not-available when it is not installed or does not start
 */
export async function startEmbedded(texts: readonly string[] = []): Promise<Embedded> {
  try {
    const db = await create(await loadExtensions(extensionsIn(texts)));
    const { rows } = await db.query<{ server_version: string }>("SHOW server_version");
    const types = await db.query<{ oid: number }>("SELECT oid::int4 AS oid FROM pg_catalog.pg_type");
    const asText = Object.fromEntries(
      types.rows.filter(({ oid }) => !PLAIN.has(oid)).map(({ oid }) => [oid, (value: string) => value]),
    );
    return {
      version: rows[0]?.server_version ?? "",
      exec: async (sql) => {
        await db.exec(sql);
      },
      rows: async <R>(sql: string) => (await db.query<R>(sql)).rows,
      texts: async <R>(sql: string, params: readonly unknown[] = []) => {
        if (params.length > 0) return (await db.query<R>(sql, [...params], { parsers: asText })).rows;
        return ((await db.exec(sql, { parsers: asText })).at(-1)?.rows ?? []) as R[];
      },
      describe: async (sql, types = []) => {
        const { queryParams, resultFields } = await db.describeQuery(sql, { paramTypes: [...types] });
        return {
          parameters: queryParams.map((p) => p.dataTypeID),
          columns: resultFields.map((f) => ({ name: f.name, type: f.dataTypeID })),
        };
      },
      close: () => db.close(),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ZmigrateError(
      "not-available",
      {
        what: `The embedded PostgreSQL does not start: ${reason}`,
        help: "Install @electric-sql/pglite again (`npm ci`), or go without: `lint` without --trace, `plan --no-shadow`.",
      },
      { cause },
    );
  }
}
