import { findTable } from "../src/engines/engine.js";
import { columnIn } from "../src/engines/mysql/effects/facts.js";
import { dependsOnLetters } from "../src/engines/mysql/effects/modify/type-way.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/**
 * The column of a MODIFY or CHANGE that rewrites the table or not by its character set, which no file tells; null for
 * none (MySQL, MariaDB).
 */
export function unknownLetters(context: RuleContext): string | null {
  const { operation, catalog, version, settings, engine } = context;
  const detail = detailOf(operation, "modify-column");
  if (detail === null || operation.relation === null || engine.name === "postgres") return null;
  const table = findTable(catalog, operation.relation);
  const old = columnIn(table, detail.column);
  const server = { dialect: engine.name, catalog, version, settings };
  return old !== null && dependsOnLetters(old, detail.definition, table, server) ? old.name : null;
}
