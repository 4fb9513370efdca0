import { ZmigrateError } from "../../../errors.js";
import type { Session, StatisticsText, UsedStatements } from "../../engine.js";
import { quote } from "../names.js";

/** What stands there in the place of another role's text, without pg_read_all_stats. */
const HIDDEN = "<insufficient privilege>";

/** It is installed, and the server was started without it. */
const NOT_LOADED = "55000";

const missing = (what: string, cause?: unknown): ZmigrateError =>
  new ZmigrateError(
    "not-available",
    {
      what,
      help: "Put pg_stat_statements into shared_preload_libraries, start the server again and run CREATE EXTENSION pg_stat_statements; or name a folder of .sql files or an export.",
    },
    { cause },
  );

async function schemaOf(session: Session): Promise<string> {
  const [row] = await session.query<{ schema: string }>(
    "SELECT n.nspname::text AS schema FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'",
  );
  if (row === undefined) throw missing("The database does not have the extension pg_stat_statements.");
  return row.schema;
}

/** Each text once, whoever ran it: the same query of two roles is two rows. */
const TEXTS = (schema: string): string =>
  `SELECT min(s.queryid)::text AS id, s.query AS text FROM ${quote(schema)}.pg_stat_statements s
  JOIN pg_catalog.pg_database d ON d.oid = s.dbid AND d.datname = pg_catalog.current_database()
  GROUP BY s.query ORDER BY sum(s.calls) DESC, 1`;

/** Reads them under the extension's schema. @throws ZmigrateError not-available where the extension is not there or not loaded */
async function read<T>(session: Session, work: (schema: string) => Promise<T>): Promise<T> {
  const schema = await schemaOf(session);
  try {
    return await work(schema);
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== NOT_LOADED) throw cause;
    throw missing("The server was started without pg_stat_statements.", cause);
  }
}

const shown = (text: string | null): string | null => (text === HIDDEN ? null : text);

/**
 * The texts of pg_stat_statements for this database, the most frequent first; nothing is written.
 *
 * @throws ZmigrateError not-available where the extension is not there or not loaded
 */
export const statistics = (session: Session): Promise<readonly StatisticsText[]> =>
  read(session, async (schema) => {
    const rows = await session.query<{ id: string | null; text: string | null }>(TEXTS(schema));
    return rows.map(({ id, text }) => ({ id: id ?? "of other roles", text: shown(text) }));
  });

/** What clients have sent: statements inside functions are those of the functions. */
const USED = (schema: string): string =>
  `SELECT COALESCE(s.queryid::text, 'of other roles') AS id, min(s.query) AS text, sum(s.calls)::text AS calls
  FROM ${quote(schema)}.pg_stat_statements s
  JOIN pg_catalog.pg_database d ON d.oid = s.dbid AND d.datname = pg_catalog.current_database()
  WHERE s.toplevel GROUP BY 1`;

/** The server counts, and does not say when; what it has dropped for want of room, and a reset, it does. */
export const usedStatements = (session: Session): Promise<UsedStatements> =>
  read(session, async (schema) => {
    const [info] = await session.query<{ lost: string }>(
      `SELECT pg_catalog.concat_ws(' ', dealloc, stats_reset) AS lost FROM ${quote(schema)}.pg_stat_statements_info`,
    );
    const rows = await session.query<{ id: string; text: string | null; calls: string }>(USED(schema));
    const statements = rows.map(({ id, text, calls }) => ({
      id,
      text: shown(text),
      calls: Number(calls),
      secondsAgo: null,
    }));
    return { statements, lost: info?.lost ?? "", toldSeconds: null };
  });
