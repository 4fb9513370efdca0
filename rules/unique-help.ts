import type { Engine } from "../src/engines/engine.js";
import type { RelationName } from "../src/model/name.js";
import type { CreateIndex, IndexKey, TableConstraint } from "../src/model/operation.js";
import { inParts } from "./in-parts.js";
import type { RuleContext } from "./rule.js";

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

/** A UNIQUE or PRIMARY KEY as it was asked for, in parts. */
interface KeyText {
  /** Not quoted. */
  readonly name: string;
  /** `UNIQUE`, `PRIMARY KEY`. */
  readonly word: string;
  /** `("a", "b") INCLUDE (c)`. */
  readonly keys: string;
  /** ` NULLS NOT DISTINCT`, or nothing: in front of the keys of a constraint, behind those of an index. */
  readonly nulls: string;
  /** ` DEFERRABLE`, or nothing. */
  readonly later: string;
}

function keyText(relation: RelationName, constraint: TableConstraint, { quote }: Quoting): KeyText {
  const { kind, columns, text } = constraint;
  const plain = text.replace(/"(?:[^"]|"")*"/g, (quoted) => "x".repeat(quoted.length));
  const include = part(text, plain, /\bINCLUDE\s*\([^)]*\)/i);
  return {
    name: constraint.name ?? impliedName(relation, constraint),
    word: kind === "unique" ? "UNIQUE" : "PRIMARY KEY",
    keys: `(${columns.map(quote).join(", ")})${include}`,
    nulls: part(text, plain, /\bNULLS\s+NOT\s+DISTINCT\b/i),
    later: part(text, plain, /\b(?:NOT\s+DEFERRABLE|DEFERRABLE|INITIALLY\s+\w+)(?:\s+INITIALLY\s+\w+)?/i),
  };
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
  const { name: called, word, keys, nulls, later } = keyText(relation, constraint, engine);
  const table = engine.quoteRelation(relation);
  const name = engine.quote(called);
  const isTaken = dropped.includes(called);
  const index = isTaken ? engine.quote(`${called.slice(0, 59)}_new`) : name;
  const build = `CREATE UNIQUE INDEX CONCURRENTLY ${index} ON ${table} ${keys}${nulls};`;
  const drop = isTaken ? `DROP CONSTRAINT ${name}, ` : "";
  return `${build} ALTER TABLE ${table} ${drop}ADD CONSTRAINT ${name} ${word} USING INDEX ${index}${later};`;
}

/** The same for a partitioned table, which takes no USING INDEX: its partitions do, and their keys become parts of its own. */
export function keyInParts(
  relation: RelationName,
  constraint: TableConstraint,
  context: Pick<RuleContext, "engine" | "catalog">,
): string {
  const { quote, quoteRelation } = context.engine;
  const { name, word, keys, nulls, later } = keyText(relation, constraint, context.engine);
  const whole = `ALTER TABLE ONLY ${quoteRelation(relation)} ADD CONSTRAINT ${quote(name)} ${word}${nulls} ${keys}${later};`;
  return inParts(whole, { relation, name }, context, (partition, own) => [
    `CREATE UNIQUE INDEX CONCURRENTLY ${quote(own)} ON ${quoteRelation(partition)} ${keys}${nulls};`,
    `ALTER TABLE ${quoteRelation(partition)} ADD CONSTRAINT ${quote(own)} ${word} USING INDEX ${quote(own)}${later};`,
  ]);
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
