import type { Index, Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { Step } from "../../../model/step.js";
import { Refusal } from "../../engine.js";
import { literal, quote, quoteRelation } from "../names.js";

/** `UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) DEFERRABLE`, as a constraint says it, in the words of CREATE INDEX. */
export function indexStatement(index: Index, relation: RelationName): string {
  if (/^CREATE\s/i.test(index.definition)) return index.definition;
  const [, nulls = "", keys = ""] =
    /^(?:UNIQUE|PRIMARY KEY)( NULLS (?:NOT )?DISTINCT)?\s*(\(.*\))[^)]*$/is.exec(index.definition) ?? [];
  const [list = "", include = ""] = keys.split(/(?<=\))(?= INCLUDE )/i);
  return `CREATE UNIQUE INDEX ${quote(index.name)} ON ${quoteRelation(relation)} USING btree ${list}${include}${nulls}`;
}

const PART = String.raw`(?:"(?:[^"]|"")+"|[^\s".]+)`;
const START = new RegExp(`^CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?${PART} ON `, "i");
const HEAD = new RegExp(String.raw`^CREATE (UNIQUE )?INDEX (?:CONCURRENTLY )?${PART} ON ${PART}(?:\.${PART})? `, "i");

/** A definition from the table's name on, whatever the index is called in it; null where it is no `CREATE INDEX`. */
export function behindName(definition: string): string | null {
  const [start] = START.exec(definition) ?? [];
  return start === undefined ? null : definition.slice(start.length);
}

/** What an index is on: a table or a materialized view. */
type Indexed = Pick<Table, "relation">;

/** What the table and the server say of an index besides its definition. */
function marksOf(table: Indexed, index: Index): string[] {
  const name = quoteRelation({ schema: table.relation.schema, name: index.name });
  return [
    ...(index.statistics ?? []).map((s) => `ALTER INDEX ${name} ALTER COLUMN ${s.column} SET STATISTICS ${s.target}`),
    ...(index.comment == null ? [] : [`COMMENT ON INDEX ${name} IS ${literal(index.comment)}`]),
    ...(index.clustered === true
      ? [`ALTER TABLE ${quoteRelation(table.relation)} CLUSTER ON ${quote(index.name)}`]
      : []),
  ];
}

/** What a failed build left, dropped: the name is free then. */
export const clearing = (table: Indexed, index: Index): string =>
  `DROP INDEX CONCURRENTLY IF EXISTS ${quoteRelation({ schema: table.relation.schema, name: index.name })}`;

/** Gone is done; one that a cut-off DROP left marked as invalid is dropped again. */
export const goneProbe = (schema: string | null, name: string): Step["probe"] => ({
  sql: `SELECT CASE WHEN pg_catalog.to_regclass(${literal(quoteRelation({ schema, name }))}) IS NULL THEN 'done' ELSE 'absent' END AS state`,
  repair: [],
});

/**
 * Statements, outside a transaction, that build an index as it was while the table is read and written.
 *
 * @throws Refusal for a definition that is no CREATE INDEX
 */
export function restoringIndex(table: Indexed, index: Index): string[] {
  const definition = indexStatement(index, table.relation);
  if (!HEAD.test(definition))
    throw new Refusal(
      `The index ${index.name} could not be built again: ${definition}`,
      "Please report this definition.",
    );
  // The definition has the names of the day it was read: a file may rename the index, or the table, in front of this.
  const at = `${quote(index.name)} ON ${quoteRelation(table.relation)}`;
  const built = definition.replace(HEAD, (_, unique = "") => `CREATE ${unique}INDEX CONCURRENTLY ${at} `);
  return [clearing(table, index), built, ...marksOf(table, index)];
}

/** The same for the index of a unique or primary key, and its constraint. */
export function restoringKey(
  table: Table,
  index: Index,
  constraint: { name: string; definition: string; kind: string; comment?: string | null },
): string[] {
  const deferrable =
    /\)((?: (?:NOT )?DEFERRABLE| INITIALLY (?:DEFERRED|IMMEDIATE))*)$/.exec(constraint.definition)?.[1] ?? "";
  const word = constraint.kind === "primary-key" ? "PRIMARY KEY" : "UNIQUE";
  const on = quoteRelation(table.relation);
  return [
    ...restoringIndex(table, { ...index, comment: null, clustered: false }),
    `ALTER TABLE ${on} ADD CONSTRAINT ${quote(constraint.name)} ${word} USING INDEX ${quote(index.name)}${deferrable}`,
    ...(constraint.comment == null
      ? []
      : [`COMMENT ON CONSTRAINT ${quote(constraint.name)} ON ${on} IS ${literal(constraint.comment)}`]),
    ...marksOf(table, { ...index, statistics: [] }),
  ];
}
