import type { Engine } from "../src/engines/engine.js";
import type { RelationName } from "../src/model/name.js";
import type { CreateIndex, IndexKey, TableConstraint } from "../src/model/operation.js";

type Quoting = Pick<Engine, "name" | "quote" | "quoteRelation">;

/** The rows that a unique index would refuse, as a SELECT: by what its keys hold, without their order and operator class. */
export function duplicatesOf({ relation, keys, where }: CreateIndex, engine: Quoting): string {
  const values = keys.map((key) => groupedBy(key, engine)).join(", ");
  const rows = `${engine.quoteRelation(relation)}${where === null ? "" : ` WHERE ${where}`}`;
  return `SELECT ${values}, count(*) FROM ${rows} GROUP BY ${values} HAVING count(*) > 1;`;
}

function groupedBy({ column, text }: IndexKey, engine: Quoting): string {
  if (column === null) return text.includes(")") ? text.slice(0, text.lastIndexOf(")") + 1) : text;
  // MySQL's prefix: `name(10)`.
  const length = engine.name === "postgres" ? undefined : /\(\s*(\d+)\s*\)/.exec(text)?.[1];
  return length === undefined ? engine.quote(column) : `LEFT(${engine.quote(column)}, ${length})`;
}

/**
 * The two statements by which PostgreSQL gets a UNIQUE or PRIMARY KEY beside the traffic, with all that was asked for.
 *
 * @param dropped the constraints that the same ALTER TABLE drops: the name of one is taken until then
 */
export function keyUsingIndex(
  relation: RelationName,
  constraint: TableConstraint,
  engine: Quoting,
  dropped: readonly string[],
): string {
  const { kind, columns, text } = constraint;
  const word = kind === "unique" ? "UNIQUE" : "PRIMARY KEY";
  const table = engine.quoteRelation(relation);
  const called = constraint.name ?? impliedName(relation, constraint);
  const name = engine.quote(called);
  const isTaken = dropped.includes(called);
  const index = isTaken ? engine.quote(`${called.slice(0, 59)}_new`) : name;
  const keys = columns.map((c) => engine.quote(c)).join(", ");
  const plain = text.replace(/"(?:[^"]|"")*"/g, (quoted) => "x".repeat(quoted.length));
  const include = part(text, plain, /\bINCLUDE\s*\([^)]*\)/i);
  const nulls = part(text, plain, /\bNULLS\s+NOT\s+DISTINCT\b/i);
  const later = part(text, plain, /\b(?:NOT\s+DEFERRABLE|DEFERRABLE|INITIALLY\s+\w+)(?:\s+INITIALLY\s+\w+)?/i);
  const build = `CREATE UNIQUE INDEX CONCURRENTLY ${index} ON ${table} (${keys})${include}${nulls};`;
  const drop = isTaken ? `DROP CONSTRAINT ${name}, ` : "";
  return `${build} ALTER TABLE ${table} ${drop}ADD CONSTRAINT ${name} ${word} USING INDEX ${index}${later};`;
}

/** What matches outside quoted names, with a blank before it; empty when nothing does. */
function part(text: string, plain: string, pattern: RegExp): string {
  const found = pattern.exec(plain);
  return found === null ? "" : ` ${text.slice(found.index, found.index + found[0].length)}`;
}

/** As PostgreSQL would call it. */
function impliedName({ name }: RelationName, { kind, columns }: TableConstraint): string {
  return (kind === "unique" ? `${name}_${columns.join("_")}_key` : `${name}_pkey`).slice(0, 63);
}
