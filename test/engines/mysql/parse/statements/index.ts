import type { MysqlDialect } from "../../../../../src/engines/mysql/parse/index.js";
import { accountsStatements } from "./accounts.js";
import { administrationStatements } from "./administration.js";
import { alterTableStatements } from "./alter-table.js";
import { createTableStatements } from "./create-table.js";
import { dataStatements } from "./data.js";
import type { Known } from "./known.js";
import { objectsStatements } from "./objects.js";
import { otherStatements } from "./other.js";
import { partitionsStatements } from "./partitions.js";
import { queriesStatements } from "./queries.js";
import { sessionStatements } from "./session.js";
import { storedStatements } from "./stored.js";
import { tablesStatements } from "./tables.js";

export const KNOWN: readonly Known[] = [
  ...createTableStatements,
  ...alterTableStatements,
  ...otherStatements,
  ...partitionsStatements,
  ...tablesStatements,
  ...storedStatements,
  ...queriesStatements,
  ...dataStatements,
  ...sessionStatements,
  ...objectsStatements,
  ...accountsStatements,
  ...administrationStatements,
];

/** Those that this server takes. */
export function knownTo(dialect: MysqlDialect): readonly Known[] {
  return KNOWN.filter(([on]) => on === "both" || on === dialect);
}
