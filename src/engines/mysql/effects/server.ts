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
