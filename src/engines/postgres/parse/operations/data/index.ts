import type {
  CopyStmt,
  DeleteStmt,
  ExplainStmt,
  InsertStmt,
  MergeStmt,
  Node,
  SelectStmt,
  UpdateStmt,
} from "libpg-query";
import type { DataChange, Query } from "../../../../../model/detail/data.js";
import { bodies, body, relationFrom, relationOf, strings } from "../../ast.js";
import { isSet } from "../../def-elem.js";
import { type Run, type Source, spanOf } from "../../source.js";
import type { Reading } from "../context.js";
import { one, type Part, type PartReader, reader } from "../part.js";
import { configured } from "../session/set.js";
import { insertName } from "../what.js";
import { dataChange } from "./change.js";
import { isWriter, nestedWriters } from "./nested.js";
import { queryOf } from "./query.js";

/** Statements that read and write rows. */
export const DATA_READERS: readonly (readonly [string, PartReader])[] = [
  reader("InsertStmt", (stmt: InsertStmt, reading) => written({ InsertStmt: stmt }, reading)),
  reader("UpdateStmt", (stmt: UpdateStmt, reading) => written({ UpdateStmt: stmt }, reading)),
  reader("DeleteStmt", (stmt: DeleteStmt, reading) => written({ DeleteStmt: stmt }, reading)),
  reader("MergeStmt", (stmt: MergeStmt, reading) => written({ MergeStmt: stmt }, reading)),
  reader("SelectStmt", selected),
  reader("DeclareCursorStmt", (stmt) => {
    const select = body(stmt.query, "SelectStmt");
    return select === null ? null : one(null, queryOf(select));
  }),
  reader("CopyStmt", copied),
  reader("ExplainStmt", explained),
  reader("CallStmt", (stmt) => {
    const parts = strings(stmt.funccall?.funcname);
    return one(null, { kind: "opaque", how: "call", name: parts.join("."), procedure: relationFrom(parts) });
  }),
  reader("ExecuteStmt", (stmt) => one(null, { kind: "opaque", how: "prepared", name: stmt.name ?? null })),
];

/** The statement itself, behind those inside its WITH: each writes for itself. */
function written(node: Node, { source, run }: Reading): readonly Part[] | null {
  const own = dataChange(node, source, run);
  if (own === null) return null;
  return [...nestedParts(node, source, run), { relation: own.writes[0] ?? null, detail: own }];
}

function nestedParts(tree: unknown, source: Source, run: Run): Part[] {
  return nestedWriters(tree, source, run).flatMap((nested) => {
    const detail = dataChange(nested.node, source, nested.run);
    if (detail === null) return [];
    const span = Object.freeze(spanOf(source, nested.run));
    const what = writerName(nested.node, detail);
    return [{ relation: detail.writes[0] ?? null, detail, what, span, harmless: false }];
  });
}

function writerName(node: Node, { verb }: DataChange): string {
  const insert = body(node, "InsertStmt");
  return insert === null ? verb : insertName(insert);
}

function selected(select: SelectStmt, { source, run }: Reading): readonly Part[] {
  const settings = configured(select);
  if (settings !== null) return one(null, { kind: "set-variables", settings: Object.freeze(settings) });
  return [...nestedParts(select, source, run), { relation: null, detail: queryOf(select) }];
}

/** COPY from a file loads, COPY to one reads. From standard input it is a problem of its own. */
function copied(stmt: CopyStmt): readonly Part[] | null {
  const relation = stmt.relation === undefined ? null : relationOf(stmt.relation);
  if (stmt.is_from === true && relation !== null) return [{ relation, detail: loaded(stmt, relation) }];
  const select = body(stmt.query, "SelectStmt");
  if (stmt.query !== undefined && select === null) return null;
  const reads = relation === null ? [] : [relation];
  const query: Query = select === null ? { ...EMPTY, reads: Object.freeze(reads) } : queryOf(select);
  return one(relation, stmt.filename === undefined ? query : { ...query, into: "file" });
}

const EMPTY: Query = Object.freeze({ kind: "query", reads: [], locks: null, into: null, calls: Object.freeze([]) });

function loaded(stmt: CopyStmt, relation: DataChange["writes"][number]): DataChange {
  return {
    kind: "data-change",
    verb: "load",
    writes: Object.freeze([relation]),
    reads: Object.freeze([]),
    columns: Object.freeze(strings(stmt.attlist)),
    filtered: stmt.whereClause !== undefined,
    ordered: false,
    limited: false,
    source: "file",
    conflict: null,
    returning: false,
    cte: false,
  };
}

/** EXPLAIN plans; EXPLAIN ANALYZE runs what it explains. */
function explained(stmt: ExplainStmt, { source, run }: Reading): readonly Part[] | null {
  const runs = isSet(bodies(stmt.options, "DefElem"), "analyze");
  const select = body(stmt.query, "SelectStmt");
  if (stmt.query === undefined || (runs && select === null && !isWriter(stmt.query))) return null;
  const change = dataChange(stmt.query, source, run);
  const of = select === null ? change : queryOf(select);
  const nested = runs ? nestedParts(stmt.query, source, run) : [];
  return [...nested, { relation: runs ? (change?.writes[0] ?? null) : null, detail: { kind: "explain", runs, of } }];
}
