import type { Catalog, Column, Constraint, Index } from "../../../../model/catalog.js";
import type { AlterColumnType } from "../../../../model/detail/column.js";
import type { Breakage, Effect, Lock } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import { effect, restsOn } from "../../../effect.js";
import { literal, quote } from "../../names.js";
import { bodies } from "../../parse/ast.js";
import { columnsOfTree } from "../../parse/column-refs.js";
import { dependentsOn, HOLDING } from "../dependents.js";
import { lock, merged } from "../locks.js";
import { partitionNote } from "../notes.js";
import { targetOf, withPartitions } from "../relations.js";
import { keepsDefault, valuesLost } from "../retyped-values.js";
import { broken, columnOf, locksBelow, type Subject, same } from "../subject.js";
import { expressionTree, indexTree } from "../trees.js";
import { type TypeChange, typeChange } from "../type-change.js";
import { typeName } from "../type-names.js";
import { isAtLeast } from "../versions.js";

/**
 * ALTER COLUMN TYPE: the table is written anew unless the old values are valid as they are; what is built or checked over
 * the column is built or checked again. Both tables of a foreign key over the column are locked.
 */
export function columnTypeEffect(detail: AlterColumnType, subject: Subject): Effect {
  const column = columnOf(subject, detail.column);
  const change = changeOf(detail, column, subject);
  const { rebuilt, scan } = checkedAgain(detail, column, change, subject);
  const held = change.rewrite ? "rewrite" : rebuilt ? "build" : scan ? "scan" : "brief";
  return effect({
    locks: locksOf(detail.column, held, subject),
    rewrite: change.rewrite,
    scan: change.rewrite || rebuilt || scan,
    indexesRebuilt: change.rewrite || rebuilt,
    breaks: breaksOf(detail, column, change),
    fails: failure(detail, column, change, subject),
    replicaCost: change.rewrite || rebuilt ? "replay" : "none",
    assumes: [...partitionNote(subject.table), ...change.assumes, ...unknowns(detail, subject)],
    ...restsOn(change.rewrite ? writtenFor(detail, column, change) : []),
  });
}

function changeOf(detail: AlterColumnType, column: Column | null, { context }: Subject): TypeChange {
  if (column !== null) return typeChange(column.type, detail.type, detail.column, detail.using, context);
  const assumes = [`the type of ${detail.column} is not known: the table is taken to be rewritten`];
  return { rewrite: true, indexesKept: false, impossible: false, assumes };
}

/** What makes it write the table, where that is not certain. */
function writtenFor({ column: name }: AlterColumnType, column: Column | null, { assumes }: TypeChange) {
  return column === null ? [`the type of ${quote(name)} is another one, as no file tells it`] : assumes;
}

function checkedAgain(detail: AlterColumnType, column: Column | null, change: TypeChange, { table }: Subject) {
  const collated = detail.collation !== null && detail.collation !== column?.collation;
  const indexes = (table?.indexes ?? []).filter((i) => i.columns.includes(detail.column));
  const kept = change.indexesKept && !collated;
  const rebuilt = indexes.some((i) => !survives(i, detail.column, kept));
  const checks = (table?.constraints ?? []).filter((c) => c.kind === "check" && c.columns.includes(detail.column));
  return { rebuilt, scan: checks.some((c) => c.validated) };
}

/** An index stays when the column is one of its keys under the same operators, or only included. */
function survives(index: Index, column: string, kept: boolean): boolean {
  const tree = indexTree(index.definition);
  // A constraint's index is printed as the constraint, and is over columns alone.
  if (tree === null) return kept && index.constraint !== null;
  const keys = bodies(tree.indexParams, "IndexElem");
  const computed = [tree.whereClause, ...keys.map((k) => k.expr)].filter((e) => e !== undefined);
  if (computed.some((e) => columnsOfTree(e).includes(column))) return false;
  return kept || !keys.some((k) => k.name === column);
}

function locksOf(column: string, held: Lock["held"], subject: Subject): Lock[] {
  const { table, context } = subject;
  const keys = (table?.constraints ?? []).filter((c) => c.kind === "foreign-key" && c.columns.includes(column));
  const pointing = (table?.referencedBy ?? []).filter((r) => r.columns.includes(column)).map((r) => r.relation);
  const others: RelationName[] = [...keys.flatMap((c: Constraint) => targetOf(c) ?? []), ...pointing];
  const all = others.flatMap((o) => withPartitions(context.catalog, o)).map((o) => lock(o, "ACCESS EXCLUSIVE", held));
  return merged([...locksBelow(subject, "ACCESS EXCLUSIVE", held), ...all], same(context));
}

function breaksOf(detail: AlterColumnType, column: Column | null, change: TypeChange): Breakage[] {
  if (column === null || !change.rewrite) return [];
  const [from, to] = [familyOf(column.type), familyOf(detail.type)];
  if (from === to && from !== null) return [];
  const why = `statements that bind or compare ${detail.column} as ${column.type} meet ${detail.type}`;
  return [{ ...broken("both", why), meets: true }];
}

const FAMILIES: readonly ReadonlySet<string>[] = [
  new Set(["int2", "int4", "int8", "numeric", "float4", "float8"]),
  new Set(["text", "varchar", "bpchar", "citext", "name"]),
  new Set(["timestamp", "timestamptz"]),
  new Set(["json", "jsonb"]),
  new Set(["bit", "varbit"]),
  new Set(["cidr", "inet"]),
];

/** Types that code can take for each other; null for what cannot be read. */
function familyOf(type: string): string | null {
  const read = typeName(type);
  if (read === null) return null;
  const family = FAMILIES.findIndex((f) => f.has(read.name));
  return `${family >= 0 && read.schema === "pg_catalog" ? family : read.name}${read.array ? "[]" : ""}`;
}

function failure(detail: AlterColumnType, column: Column | null, change: TypeChange, subject: Subject): string | null {
  const { table, operation } = subject;
  if (table?.partitionOf)
    return `${show(operation.relation ?? table.relation)} is a partition: its parent must be altered (42P16)`;
  const partitionKey = table?.partitionKey?.includes(detail.column) === true;
  if (partitionKey) return `${detail.column} is in the partition key (42P16)`;
  const named = dependentsOn(table, detail.column, HOLDING).map((d) => `${d.kind} ${d.name}`);
  const holding = named.length > 0 ? named : computedFrom(detail.column, subject);
  const computed = holding.every((one) => one.startsWith("generated column ")) && !isAtLeast(subject.context, 15);
  if (holding.length > 0)
    return `it is refused (${computed ? "42601" : "0A000"}), because ${holding.join(", ")} uses ${detail.column}`;
  if (column?.generated && detail.using !== null) return `a generated column takes no USING (42611)`;
  if (change.impossible) return `${column?.type} does not become ${detail.type} by itself: it takes USING (42804)`;
  if (keepsDefault(detail, column, subject.context))
    return `the default of ${detail.column} does not become ${detail.type} by itself (42804)`;
  return change.rewrite ? narrowing(detail, column, subject.context.catalog) : null;
}

/** Generated columns that files tell of. */
function computedFrom(column: string, { table }: Subject): string[] {
  const computed = (table?.columns ?? []).filter((c) => c.generated !== null && c.name !== column);
  const using = computed.filter((c) => columnsOfTree(expressionTree(c.generated?.expression ?? "")).includes(column));
  return using.map((c) => `generated column ${c.name}`);
}

/** Whether every old value is one of the new type is only known where the new one is wider. */
function narrowing(detail: AlterColumnType, column: Column | null, catalog: Catalog): string | null {
  const lost = valuesLost(detail, column, catalog);
  if (lost !== null)
    return lost.length === 0 ? null : `it fails where ${detail.column} is ${lost.map(literal).join(" or ")} (22P02)`;
  const [old, next] = [column === null ? null : typeName(column.type), typeName(detail.type)];
  if (old !== null && next !== null && detail.using === null && isWider(old.name, next)) return null;
  return `it fails where a value of ${detail.column} is none of ${detail.type} (22001, 22003, 22007, 22026, 22P02, 23514)`;
}

const WIDER: Readonly<Record<string, readonly string[]>> = Object.freeze({
  int2: ["int4", "int8", "numeric", "float4", "float8"],
  int4: ["int8", "numeric", "float8"],
  int8: ["numeric"],
  float4: ["float8"],
  json: ["jsonb"],
  jsonb: ["json"],
  date: ["timestamp", "timestamptz"],
  time: ["timetz", "interval"],
  timetz: ["time"],
  timestamp: ["timestamptz", "date", "time"],
  timestamptz: ["timestamp", "date", "time", "timetz"],
});

/** Whether every value of the one type is a value of the other. */
export function isWider(
  from: string,
  to: { readonly name: string; readonly modifiers: readonly number[] | null },
): boolean {
  if (to.modifiers !== null && !["timestamp", "timestamptz", "time", "timetz", "interval"].includes(to.name))
    return false;
  if (["text", "varchar", "citext"].includes(to.name)) return true;
  return from === to.name || (WIDER[from] ?? []).includes(to.name);
}

function unknowns({ column }: AlterColumnType, { table, context }: Subject): string[] {
  if (table === null) return [`indexes, constraints and foreign keys over ${column}: the table is not known`];
  if (context.catalog.source !== "files") return [];
  return [`views, policies and triggers may use ${column}, and PostgreSQL would refuse: files do not tell`];
}
