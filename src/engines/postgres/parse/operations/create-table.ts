import type { CreateStmt, IntoClause, Node, RangeVar } from "libpg-query";
import type { RelationName } from "../../../../model/name.js";
import type { ColumnDefinition, CreateTable, TableConstraint } from "../../../../model/operation.js";
import { bodies, body, relationFrom, relationOf, strings } from "../ast.js";
import { optionValue } from "../def-elem.js";
import { relationsIn } from "../relations.js";
import { behindName, closingBracket, findToken, type Run, type Source, spanOf, tokenAt } from "../source.js";
import { columnDefinition } from "./column-definition.js";
import type { Reading } from "./context.js";
import { partitionBound } from "./partition-bound.js";
import { partitioning } from "./partitioning.js";
import { queryColumns } from "./query-columns.js";
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
    ...(stmt.oncommit === "ONCOMMIT_DROP" ? { untilCommit: true } : {}),
    columns: Object.freeze(elements.flatMap((e) => columnOf(source, e.node, e.run))),
    constraints: Object.freeze(elements.flatMap((e) => constraintOf(source, e.node, e.run))),
    form: formOf(stmt),
    ...(copiesAll(stmt) ? { copiesAll: true } : {}),
    partitioned: stmt.partspec !== undefined,
    sources: Object.freeze(sourcesOf(stmt)),
    ...(formOf(stmt) === "inherits" ? { inherits: Object.freeze(parentsOf(stmt)) } : {}),
    ...optionsOf(stmt),
    ...partitionsOf(stmt, { source, run }),
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

/** `INCLUDING ALL`, as the grammar counts it. */
const ALL = 0x7fffffff;

function copiesAll(stmt: CreateStmt): boolean {
  const elements = stmt.tableElts ?? [];
  const [like] = bodies(elements, "TableLikeClause");
  return elements.length === 1 && like?.options === ALL && formOf(stmt) === "like";
}

/** UNLOGGED, WITH (...), TABLESPACE and USING; absent when none is written. */
function optionsOf(
  stmt: Pick<CreateStmt, "relation" | "options" | "accessMethod" | "tablespacename">,
): Pick<CreateTable, "options"> {
  const parameters = bodies(stmt.options, "DefElem").map((o) => {
    const name = [o.defnamespace, o.defname].filter((part) => part !== undefined).join(".");
    return { option: name.toLowerCase(), value: optionValue(o) ?? "true" };
  });
  const options = [
    ...(stmt.relation?.relpersistence === "u" ? [{ option: "UNLOGGED", value: null }] : []),
    ...(stmt.accessMethod === undefined ? [] : [{ option: "ACCESS METHOD", value: stmt.accessMethod }]),
    ...parameters,
    ...(stmt.tablespacename === undefined ? [] : [{ option: "TABLESPACE", value: stmt.tablespacename }]),
  ];
  return options.length === 0 ? {} : { options: Object.freeze(options.map((o) => Object.freeze(o))) };
}

/** How the table is cut, and which rows it takes when it is a partition. */
function partitionsOf(stmt: CreateStmt, { source, run }: Pick<Reading, "source" | "run">) {
  const by = stmt.partspec === undefined ? null : partitioning(source, stmt.partspec, run);
  const parents = bodies(stmt.inhRelations, "RangeVar").map((r) => tokenAt(source.tokens, source.at(r.location ?? 0)));
  const behind = { from: behindColumns(source, parents.at(-1) ?? run.from, run), to: run.to };
  return {
    ...(by === null ? {} : { partitioning: by }),
    ...(stmt.partbound === undefined ? {} : { bound: partitionBound(source, stmt.partbound, behind) }),
  };
}

/** `PARTITION OF parent (columns) FOR VALUES ...`: the columns' brackets are not the bound's. */
function behindColumns(source: Source, parent: number, run: Run): number {
  const behind = behindName(source, parent);
  return source.tokens[behind]?.text === "(" ? closingBracket(source, behind, run.to) + 1 : behind;
}

const parentsOf = (stmt: CreateStmt): RelationName[] => bodies(stmt.inhRelations, "RangeVar").map(relationOf);

/** The relations that columns or locks come from: parents, the tables of LIKE, the type of OF. */
function sourcesOf(stmt: CreateStmt): RelationName[] {
  const parents = parentsOf(stmt);
  const likes = bodies(stmt.tableElts, "TableLikeClause").map((l) => relationOf(l.relation ?? {}));
  const types = stmt.ofTypename === undefined ? [] : [relationFrom(strings(stmt.ofTypename.names))];
  return [...parents, ...likes, ...types];
}

/** CREATE TABLE ... AS and SELECT ... INTO: the columns are the query's. */
export function createTableAs(
  into: IntoClause,
  query: Node | undefined,
  ifNotExists: boolean,
  reading: Reading,
): CreateTable {
  const relation = into.rel ?? {};
  const withData = into.skipData !== true;
  const taken = queryColumns(query, into.colNames);
  return Object.freeze({
    kind: "create-table",
    span: Object.freeze(spanOf(reading.source, reading.run)),
    relation: relationOf(relation),
    ifNotExists,
    temporary: isTemporary(relation),
    ...(into.onCommit === "ONCOMMIT_DROP" ? { untilCommit: true } : {}),
    columns: Object.freeze([]),
    constraints: Object.freeze([]),
    form: "as",
    partitioned: false,
    sources: Object.freeze(relationsIn(query)),
    ...optionsOf({
      relation,
      ...(into.options === undefined ? {} : { options: into.options }),
      ...(into.accessMethod === undefined ? {} : { accessMethod: into.accessMethod }),
      ...(into.tableSpaceName === undefined ? {} : { tablespacename: into.tableSpaceName }),
    }),
    ...(withData ? {} : { withData }),
    ...(taken === null ? {} : { taken }),
  });
}
