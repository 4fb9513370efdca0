import type { Column, Table } from "../../../model/catalog.js";
import type { StrategyContext } from "../../engine.js";
import { generatedName, quote, quoteRelation, shortHash } from "../names.js";
import { hasNotNullConstraints, notNullDefinition } from "./constraints.js";

/**
 * Statements, each in a transaction of its own, that make a column NOT NULL as it was, without a scan under a strong lock.
 * They fail where rows hold NULL by then.
 */
export function notNullAgain(table: Table, column: Column, context: StrategyContext): string[] {
  const relation = quoteRelation(table.relation);
  const original = table.constraints.find((c) => c.kind === "not-null" && c.columns.includes(column.name));
  const hash = shortHash(context.migrationId, table.relation.name, column.name);
  const proof = quote(original?.name ?? generatedName("zmigrate_new", `${column.name}_not_null`, hash));
  const settle = [
    `ALTER TABLE ${relation} ALTER COLUMN ${quote(column.name)} SET NOT NULL`,
    `ALTER TABLE ${relation} DROP CONSTRAINT ${proof}`,
  ];
  return [
    `ALTER TABLE ${relation} DROP CONSTRAINT IF EXISTS ${proof}`,
    `ALTER TABLE ${relation} ADD CONSTRAINT ${proof} ${notNullDefinition(column.name, context.version)} NOT VALID`,
    `ALTER TABLE ${relation} VALIDATE CONSTRAINT ${proof}`,
    ...(hasNotNullConstraints(context.version) ? [] : settle),
  ];
}
