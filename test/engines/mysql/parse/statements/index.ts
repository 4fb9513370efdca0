import type { MysqlDialect } from "../../../../../src/engines/mysql/parse/index.js";
import { alterTableStatements } from "./alter-table.js";
import { createTableStatements } from "./create-table.js";
import type { Known } from "./known.js";
import { otherStatements } from "./other.js";

export const KNOWN: readonly Known[] = [...createTableStatements, ...alterTableStatements, ...otherStatements];

/** Those that this server takes. */
export function knownTo(dialect: MysqlDialect): readonly Known[] {
  return KNOWN.filter(([on]) => on === "both" || on === dialect);
}
