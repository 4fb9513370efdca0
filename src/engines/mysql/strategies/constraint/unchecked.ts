import type { RelationName } from "../../../../model/name.js";
import { sameRelation } from "../../../engine.js";
import { quote, quoteRelation } from "../../names.js";
import { type MysqlContext, ONLINE } from "../algorithms.js";
import { alter } from "../ddl.js";
import { hasConstraint, not } from "../facts.js";
import { guarded } from "../guarded.js";

/** A foreign key as it is added. */
interface Added {
  readonly name: string;
  readonly definition: string;
  readonly target: RelationName;
}

/**
 * Adds a foreign key without a look at the rows: with a look the server copies the table. From then on it holds for every
 * write. A transaction that is under way and has deleted from the other table must be over first: MySQL's ALTER waits
 * for it by itself, MariaDB's does not (measured on 10.11: the row that pointed at the deleted one stayed, and the replica,
 * which came to the DELETE behind the ALTER, stopped with 1451), so there the other table is locked for that moment. The server takes a missing table for one that comes later, hence the SELECT.
 */
export function addingUnchecked(relation: RelationName, key: Added, context: MysqlContext): string[] {
  return around(relation, key, context, [adding(relation, key)]);
}

/** The same for an undo, which may be run again. */
export function addingUncheckedIfAbsent(relation: RelationName, key: Added, context: MysqlContext): string[] {
  return around(relation, key, context, guarded(not(hasConstraint(relation, key.name)), adding(relation, key)));
}

const adding = (relation: RelationName, { name, definition }: Added): string =>
  alter(relation, `ADD CONSTRAINT ${quote(name)} ${definition}, ${ONLINE}`);

function around(
  relation: RelationName,
  { target }: Added,
  { dialect, catalog }: MysqlContext,
  add: readonly string[],
): string[] {
  const other = quoteRelation(target);
  const [unchecked, checked] = ["SET SESSION foreign_key_checks = 0", "SET SESSION foreign_key_checks = 1"];
  if (dialect === "mysql" || sameRelation(relation, target, catalog.defaultSchema))
    return [`SELECT 1 FROM ${other} LIMIT 0`, unchecked, ...add, checked];
  return [unchecked, `LOCK TABLES ${quoteRelation(relation)} WRITE, ${other} READ`, ...add, "UNLOCK TABLES", checked];
}

/** The settings that the effects of such a statement are asked with. */
export const withoutChecks = (context: MysqlContext): MysqlContext => ({
  ...context,
  settings: { ...context.settings, foreign_key_checks: "0" },
});
