import type { Column, Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import type { UndoNeeds } from "../../../model/step.js";
import type { StrategyContext } from "../../engine.js";
import { generatedName, quote, quoteRelation, shortHash } from "../names.js";
import { hasNotNullConstraints, notNullDefinition } from "./constraints.js";

function proofName(table: Table, column: Column, context: StrategyContext): string {
  const original = table.constraints.find((c) => c.kind === "not-null" && c.columns.includes(column.name));
  const hash = shortHash(context.migrationId, table.relation.name, column.name);
  return original?.name ?? generatedName("zmigrate_new", `${column.name}_not_null`, hash);
}

/** Who has dropped NOT NULL lets NULLs in: they are counted before it comes back. */
export function needsNoNull(table: Table, column: Column, context: StrategyContext): UndoNeeds {
  const { relation } = table;
  const [where, name] = [quoteRelation(relation), quote(column.name)];
  return {
    verify: {
      relation,
      mismatch: `${name} IS NULL`,
      violation: {
        rows: `of ${show(relation)} hold NULL in ${column.name}`,
        help: `Give them a value, and run \`zmigrate rollback\` again: UPDATE ${where} SET ${name} = ... WHERE ${name} IS NULL;`,
      },
    },
    cleanup: [`ALTER TABLE ${where} DROP CONSTRAINT IF EXISTS ${quote(proofName(table, column, context))}`],
  };
}

/**
 * Statements, each in a transaction of its own, that make a column NOT NULL as it was, without a scan under a strong lock.
 * They fail where rows hold NULL by then.
 */
export function notNullAgain(table: Table, column: Column, context: StrategyContext): string[] {
  const relation = quoteRelation(table.relation);
  const proof = quote(proofName(table, column, context));
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
