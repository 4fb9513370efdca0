import type { CreateStmt, Node, RangeVar } from "libpg-query";
import type { RelationName } from "../../../../model/name.js";
import type { ColumnDefinition, CreateTable, TableConstraint } from "../../../../model/operation.js";
import { bodies, body, relationFrom, relationOf, strings } from "../ast.js";
import { relationsIn } from "../relations.js";
import { findToken, type Run, type Source, spanOf, tokenAt } from "../source.js";
import { columnDefinition } from "./column-definition.js";
import type { Reading } from "./context.js";
import { tableConstraint } from "./table-constraint.js";

/** CREATE TABLE with its columns in the text, or with a form that takes them from elsewhere. */
export function createTable(stmt: CreateStmt, { source, run }: Reading): CreateTable {
  const relation = relationOf(stmt.relation ?? {});
  const elements = (stmt.tableElts ?? []).map((node) => ({ node, run: elementRun(source, node, run) }));
  return Object.freeze({
    kind: "create-table",
    span: Object.freeze(spanOf(source, run)),
    relation,
    ifNotExists: stmt.if_not_exists ?? false,
    temporary: isTemporary(stmt.relation ?? {}),
    columns: Object.freeze(elements.flatMap((e) => columnOf(source, e.node, e.run))),
    constraints: Object.freeze(elements.flatMap((e) => constraintOf(source, e.node, e.run))),
    form: formOf(stmt),
    partitioned: stmt.partspec !== undefined,
    sources: Object.freeze(sourcesOf(stmt)),
  });
}

/** An element reaches from its own location to the comma or bracket behind it. */
function elementRun(source: Source, node: Node, run: Run): Run {
  const location = locationOf(node);
  const from = tokenAt(source.tokens, source.at(location));
  const end = findToken(source, { from, to: run.to }, (t) => t.text === "," || t.text === ")");
  return { from, to: end ?? run.to };
}

function locationOf(node: Node): number {
  const named = body(node, "ColumnDef")?.location ?? body(node, "Constraint")?.location;
  return named ?? body(node, "TableLikeClause")?.relation?.location ?? 0;
}

function columnOf(source: Source, node: Node, run: Run): ColumnDefinition[] {
  const def = body(node, "ColumnDef");
  return def === null ? [] : [columnDefinition(source, def, run)];
}

function constraintOf(source: Source, node: Node, run: Run): TableConstraint[] {
  const constraint = body(node, "Constraint");
  const read = constraint === null ? null : tableConstraint(source, constraint, run);
  return read === null ? [] : [read];
}

function isTemporary(relation: RangeVar): boolean {
  return relation.relpersistence === "t" || relation.schemaname === "pg_temp";
}

function formOf(stmt: CreateStmt): CreateTable["form"] {
  if (stmt.partbound !== undefined) return "partition-of";
  if (stmt.inhRelations !== undefined) return "inherits";
  if (stmt.ofTypename !== undefined) return "of-type";
  return bodies(stmt.tableElts, "TableLikeClause").length > 0 ? "like" : "plain";
}

/** The relations that columns or locks come from: parents, the tables of LIKE, the type of OF. */
function sourcesOf(stmt: CreateStmt): RelationName[] {
  const parents = bodies(stmt.inhRelations, "RangeVar").map(relationOf);
  const likes = bodies(stmt.tableElts, "TableLikeClause").map((l) => relationOf(l.relation ?? {}));
  const types = stmt.ofTypename === undefined ? [] : [relationFrom(strings(stmt.ofTypename.names))];
  return [...parents, ...likes, ...types];
}

/** CREATE TABLE ... AS and SELECT ... INTO: the columns are the query's, unknown here. */
export function createTableAs(relation: RangeVar, query: unknown, ifNotExists: boolean, reading: Reading): CreateTable {
  return Object.freeze({
    kind: "create-table",
    span: Object.freeze(spanOf(reading.source, reading.run)),
    relation: relationOf(relation),
    ifNotExists,
    temporary: isTemporary(relation),
    columns: Object.freeze([]),
    constraints: Object.freeze([]),
    form: "as",
    partitioned: false,
    sources: Object.freeze(relationsIn(query)),
  });
}
