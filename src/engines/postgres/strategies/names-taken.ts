import type { Constraint, Table } from "../../../model/catalog.js";
import type { CreateIndex } from "../../../model/operation.js";
import type { StrategyContext } from "../../engine.js";
import { impliedName } from "../implied-name.js";

const LABELS: Readonly<Record<Constraint["kind"], string>> = {
  "primary-key": "pkey",
  unique: "key",
  exclusion: "excl",
  check: "check",
  "foreign-key": "fkey",
  "not-null": "not_null",
};

/** Tables that share the names of constraints and indexes with this one: those of its schema. */
function neighbours(table: Table, { catalog }: StrategyContext): readonly Table[] {
  const schemaOf = (t: Table) => t.relation.schema ?? catalog.defaultSchema;
  return catalog.tables.filter((t) => schemaOf(t) === schemaOf(table));
}

/** No relation of the schema may have the name of an index. */
function takenBy(table: Table, ofIndex: boolean): string[] {
  const relations = ofIndex ? [table.relation.name, ...table.indexes.map((i) => i.name)] : [];
  return [...relations, ...table.constraints.map((c) => c.name)];
}

/**
 * The name that the server gives to an index without one. It stands in the plan, so that a run which was cut off finds
 * its index again.
 *
 * @param more names that are given away already
 */
export function indexName(
  table: Table,
  operation: CreateIndex,
  context: StrategyContext,
  more: Iterable<string> = [],
): string {
  const taken = neighbours(table, context).flatMap((t) => [t.relation.name, ...t.indexes.map((i) => i.name)]);
  const words = operation.nameParts ?? operation.keys.map((k) => k.column ?? "expr");
  return impliedName(table.relation.name, words, "idx", new Set([...taken, ...more]));
}

/**
 * The name that the server gives to a constraint without one.
 *
 * @param columns of a key those in INCLUDE too; a check over several has none in its name
 */
export function nameFor(
  table: Table,
  kind: Constraint["kind"],
  columns: readonly string[],
  context: StrategyContext,
): string {
  const ofIndex = kind === "primary-key" || kind === "unique" || kind === "exclusion";
  const taken = neighbours(table, context).flatMap((t) => takenBy(t, ofIndex));
  const words = kind === "primary-key" || (kind === "check" && columns.length !== 1) ? [] : columns;
  return impliedName(table.relation.name, words, LABELS[kind], new Set(taken));
}
