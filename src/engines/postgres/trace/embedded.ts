import { ZmigrateError } from "../../../errors.js";

/** An embedded PostgreSQL with nothing in it: one connection, in this process, gone with it. */
export interface Embedded {
  /** `18.6`. */
  readonly version: string;
  /** One statement or several. */
  exec(sql: string): Promise<void>;
  rows<R>(sql: string): Promise<readonly R[]>;
  close(): Promise<void>;
}

/**
 * Starts PGlite, which takes a second or two. It is loaded only here.
 *
 * @throws ZmigrateError not-available when it is not installed or does not start
 */
export async function startEmbedded(): Promise<Embedded> {
  try {
    const { PGlite } = await import("@electric-sql/pglite");
    const db = await PGlite.create();
    const { rows } = await db.query<{ server_version: string }>("SHOW server_version");
    return {
      version: rows[0]?.server_version ?? "",
      exec: async (sql) => {
        await db.exec(sql);
      },
      rows: async <R>(sql: string) => (await db.query<R>(sql)).rows,
      close: () => db.close(),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ZmigrateError(
      "not-available",
      {
        what: `The embedded PostgreSQL does not start: ${reason}`,
        help: "Install @electric-sql/pglite again (`npm ci`), or lint without --trace.",
      },
      { cause },
    );
  }
}
