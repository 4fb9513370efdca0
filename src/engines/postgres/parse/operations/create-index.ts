import type { IndexElem, IndexStmt } from "libpg-query";
import type { CreateIndex, IndexKey } from "../../../../model/operation.js";
import { bodies, relationOf } from "../ast.js";
import {
  behindName,
  bracketed,
  findKeyword,
  type Run,
  type Source,
  spanOf,
  splitAtCommas,
  textOf,
  tokenAt,
} from "../source.js";
import type { Reading } from "./context.js";
import { namePartsOf } from "./index-name.js";

/** CREATE INDEX, whole. */
export function createIndex(stmt: IndexStmt, { source, run }: Reading): CreateIndex {
  const behind = behindTable(source, stmt, run);
  return Object.freeze({
    kind: "create-index",
    span: Object.freeze(spanOf(source, run)),
    relation: relationOf(stmt.relation ?? {}),
    name: stmt.idxname ?? null,
    unique: stmt.unique ?? false,
    concurrently: stmt.concurrent ?? false,
    ifNotExists: stmt.if_not_exists ?? false,
    keys: Object.freeze(keysOf(source, bodies(stmt.indexParams, "IndexElem"), behind)),
    // The tree says btree when the text says nothing.
    method: source.tokens[behind.from]?.keyword === "USING" ? (stmt.accessMethod ?? null) : null,
    where: whereOf(source, behind),
    definition: textOf(source, behind),
    only: stmt.relation?.inh !== true,
    nameParts: Object.freeze(namePartsOf(stmt)),
  });
}

/** What stands behind the table's name, which may be written `ONLY (t)` or `t *`. */
function behindTable(source: Source, stmt: IndexStmt, run: Run): Run {
  const name = tokenAt(source.tokens, source.at(stmt.relation?.location ?? 0));
  let from = behindName(source, name);
  if (source.tokens[name - 1]?.text === "(" || source.tokens[from]?.text === "*") from++;
  return { from, to: run.to };
}

function keysOf(source: Source, elements: readonly IndexElem[], behind: Run): IndexKey[] {
  const list = bracketed(source, behind);
  const runs = list === null ? [] : splitAtCommas(source, list);
  return elements.map((element, i) => {
    const run = runs[i];
    return Object.freeze({ column: element.name ?? null, text: run === undefined ? "" : textOf(source, run) });
  });
}

function whereOf(source: Source, behind: Run): string | null {
  const where = findKeyword(source, behind, "WHERE");
  return where === null ? null : textOf(source, { from: where + 1, to: behind.to });
}
