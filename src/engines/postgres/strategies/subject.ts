import type { Column, Constraint, Table } from "../../../model/catalog.js";
import { type RelationName, show } from "../../../model/name.js";
import { findTable, Refusal, type StrategyContext } from "../../engine.js";
import { columnTaken, noColumn, noTable, unknownTable } from "../../not-found.js";
import { domainDefault } from "../effects/domain-default.js";
import { quoteRelation } from "../names.js";

/** The table that an operation is about. @throws Refusal when it is not known */
export function tableOf(relation: RelationName, context: StrategyContext): Table {
  const table = findTable(context.catalog, relation);
  if (table !== null) return table;
  if (context.catalog.complete) throw noTable(relation, context.catalog);
  throw unknownTable(relation, context.catalog);
}

/** @throws Refusal when the table has no such column */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((c) => c.name === name);
  if (column !== undefined) return column;
  throw noColumn(table, name);
}

/** Every table has these (`ddl-system-columns` in the manual). */
const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"]);

/** @throws Refusal when the table has a column of that name already, its own or the server's */
export function mustBeFree(table: Table, name: string): void {
  if (SYSTEM_COLUMNS.has(name))
    throw new Refusal(`${name} is the name of a system column, which every table has.`, "Choose another name.");
  if (!table.columns.some((c) => c.name === name)) return;
  throw columnTaken(table, name);
}

/** @throws Refusal where a column of a type that follows another one does not begin as NULL: its domain says something else */
export function mustBeginAsNull(type: string, { catalog }: StrategyContext): void {
  const value = domainDefault(type, catalog);
  if (value === null) return;
  throw new Refusal(
    `${type} is a domain with the default ${value}: a column of it that follows another one would not begin empty.`,
    "Use the domain's base type here, and change the column's type to the domain in a later migration.",
  );
}

/** @throws Refusal for partitioned tables and inheritance trees */
export function mustBePlain(table: Table, change: string): void {
  if (!table.partitioned) return;
  throw new Refusal(
    `${show(table.relation)} is partitioned or part of an inheritance tree, and ${change} on such a table is not supported yet.`,
    "Make the change by hand, partition by partition, or wait for a version that supports it.",
  );
}

/** The constraints that name a column; what their index takes in besides its key counts: expressions, INCLUDE, a predicate. */
export function constraintsNaming(table: Table, column: string): readonly Constraint[] {
  const carried = new Set(table.indexes.filter((i) => i.columns.includes(column)).map((i) => i.constraint));
  return table.constraints.filter((c) => c.columns.includes(column) || (c.index !== null && carried.has(c.name)));
}

/** EXCLUDE, and a key WITHOUT OVERLAPS (PostgreSQL 18): an index that nothing builds beside writers. */
export const isExclusion = ({ kind, definition }: Constraint): boolean =>
  kind === "exclusion" || (kind === "unique" && /\bWITHOUT OVERLAPS\b/i.test(definition));

/** @throws Refusal where an UPDATE, as a backfill makes it, fails or becomes something else */
export function mustTakeUpdates(table: Table): void {
  const where = show(table.relation);
  const rule = table.writeRules?.[0];
  if (rule !== undefined)
    throw new Refusal(
      `The rule ${rule} of ${where} puts other statements beside or in the place of a write, so rows cannot be moved in batches.`,
      "Put a trigger in the rule's place in an earlier migration.",
    );
  const publication = table.publications?.find((p) => p.unidentified);
  if (publication !== undefined)
    throw new Refusal(
      `${publication.name} publishes updates of ${where}, which has no replica identity: every UPDATE of it fails.`,
      `Give it one first: \`ALTER TABLE ${quoteRelation(table.relation)} REPLICA IDENTITY FULL\`, or USING INDEX.`,
    );
}
