import type { EffectContext } from "../../engine.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { atLeast } from "../version.js";

/** What is asked of a server: which of the two, and how old. */
export interface Server extends EffectContext {
  readonly dialect: MysqlDialect;
}

/** MariaDB has had what is asked for since before 10.6, MySQL since a version. */
function since(...parts: readonly number[]): (server: Server) => boolean {
  return ({ dialect, version }) => dialect === "mariadb" || atLeast(version, ...parts);
}

/** True on MySQL of a version or later, whatever MariaDB does. */
export function isMysqlFrom(server: Server, ...parts: readonly number[]): boolean {
  return server.dialect === "mysql" && atLeast(server.version, ...parts);
}

/** ALGORITHM=INSTANT is there, for changes that touch the catalog only. */
export const hasInstant = since(8, 0, 12);

/**
 * Collations and utf8mb3 change without touching the rows of columns that are in no index: seen on MySQL 9.7 and
 * MariaDB 10.11. What the manuals say of MySQL before is a copy.
 */
export const recodesInPlace = since(9, 7);

/** The character set of a new database, where its server was not told otherwise; null where releases differ. */
export const usualCharacterSet = (server: Server): string | null => (isMysqlFrom(server, 8, 0) ? "utf8mb4" : null);

/** ANALYZE TABLE no longer makes new statements wait behind old ones (MySQL bug 87065, fixed about 8.0.24). */
export const analyzesQuietly = since(8, 0, 24);

/** Unless the session says otherwise, values that do not fit are errors. */
export function isStrict({ settings }: Server): boolean {
  const mode = settings?.sql_mode;
  return mode === undefined || /STRICT_(TRANS|ALL)_TABLES|TRADITIONAL|@|\(/i.test(mode);
}

/** Rows that are read for a write stay locked until it commits, unless the session has another isolation level. */
export function locksWhatIsRead({ settings }: Server): boolean {
  const level = settings?.transaction_isolation ?? settings?.tx_isolation ?? "";
  return !/^'?read[- ](un)?committed/i.test(level);
}

/** Foreign keys are checked, unless the session says otherwise. */
export function checksForeignKeys({ settings }: Server): boolean {
  return !/^(0|off|false)$/i.test(settings?.foreign_key_checks ?? "1");
}

/** A column at the end, without touching rows. */
export const addsInstantly = since(8, 0, 12);

/** FIRST and AFTER without touching rows. */
export const placesInstantly = since(8, 0, 29);

/** DROP COLUMN without touching rows. */
export const dropsInstantly = since(8, 0, 29);

/** RENAME COLUMN as INSTANT; before, it is a change of the catalog all the same. */
export const renamesInstantly = since(8, 0, 28);

/** CHECK is more than a comment. */
export const enforcesChecks = since(8, 0, 16);

/** REFERENCES at a column is more than a comment. */
export const enforcesInlineReferences = since(9, 0);
