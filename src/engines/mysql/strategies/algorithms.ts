import type { StrategyContext, Version } from "../../engine.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { atLeast } from "../version.js";

/** What every ALTER of ours ends with: the server refuses instead of copying. INSTANT takes no LOCK clause (error 1221). */
export const INSTANT = "ALGORITHM=INSTANT";
export const ONLINE = "ALGORITHM=INPLACE, LOCK=NONE";

/** A strategy's context, and which of the two servers it is for. */
export interface MysqlContext extends StrategyContext {
  readonly dialect: MysqlDialect;
}

const from =
  (...parts: readonly number[]) =>
  (version: Version, dialect: MysqlDialect) =>
    dialect === "mariadb" || atLeast(version, ...parts);

/** A column added last. */
export const addsInstantly = from(8, 0, 12);

/** FIRST and AFTER: 8.0.29 began it, and 8.0.29 to 8.0.31 could corrupt tables with INSTANT changes. */
export const addsInstantlyAnywhere = from(8, 0, 32);

/** Before, a rename is INPLACE without a rebuild. */
export const renamesInstantly = from(8, 0, 28);

/** See `addsInstantlyAnywhere` for the version. */
export const dropsInstantly = from(8, 0, 32);

export const algorithm = (instant: boolean): string => (instant ? INSTANT : ONLINE);

/** How an undo hides and drops a column. */
export const undoing = (
  version: Version,
  dialect: MysqlDialect,
): { readonly rename: string; readonly drop: string } => ({
  rename: algorithm(renamesInstantly(version, dialect)),
  drop: algorithm(dropsInstantly(version, dialect)),
});
