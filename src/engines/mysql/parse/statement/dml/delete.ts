import type { DataChange } from "../../../../../model/detail/data.js";
import type { RelationName } from "../../../../../model/name.js";
import type { Operation } from "../../../../../model/operation.js";
import type { Span } from "../../../../../model/span.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt } from "../../cursor.js";
import { readArithmetic } from "../../expression/expression.js";
import { readColumnNames, readIdentifier, readRelation } from "../../names.js";
import { other } from "../../operations.js";
import { readAlias, readTables } from "../../query/from.js";
import { readItems } from "../../query/select.js";
import { softly } from "../../softly.js";
import { readPortion } from "./portion.js";
import { dataChange, resolve } from "./shape.js";
import { readClauses } from "./update.js";
import { readWhere } from "./where.js";

/** `DELETE`, from behind the verb on. The relation is null when several are written. @throws Unreadable */
export function readDelete(cursor: Cursor, span: Span, cte = false): readonly Operation[] {
  if (cursor.index >= cursor.tokens.length) fail(cursor, "FROM");
  const change = softly(cursor, (each) => readRest(each, cte));
  const [only, ...more] = change?.writes ?? [];
  return [other("delete", more.length > 0 ? null : (only ?? null), span, change)];
}

function readRest(cursor: Cursor, cte: boolean): DataChange {
  while (acceptOneOf(cursor, ["LOW_PRIORITY", "QUICK", "IGNORE"]) !== null);
  const history = cursor.dialect === "mariadb" && accept(cursor, "HISTORY");
  if (history && !looksAt(cursor, "FROM")) fail(cursor, "FROM");
  if (!accept(cursor, "FROM")) return readSeveral(cursor, "FROM", cte);
  const start = cursor.index;
  const relation = readRelation(cursor);
  const several = ["USING", ",", "."].some((mark) => looksAt(cursor, mark));
  if (!several) return history ? readHistory(cursor, relation) : readOne(cursor, relation, cte);
  if (history) fail(cursor, "one table");
  cursor.index = start;
  return readSeveral(cursor, "USING", cte);
}

function readOne(cursor: Cursor, relation: RelationName, cte: boolean): DataChange {
  if (accept(cursor, "PARTITION")) readColumnNames(cursor);
  readPortion(cursor);
  const alias = readAlias(cursor, false);
  if (alias !== null && accept(cursor, "PARTITION")) readColumnNames(cursor);
  const clauses = readClauses(cursor);
  const returning = cursor.dialect === "mariadb" && accept(cursor, "RETURNING");
  if (returning) readItems(cursor);
  return dataChange(cursor, "delete", [relation], { ...clauses, returning, cte });
}

/** `DELETE HISTORY FROM t BEFORE SYSTEM_TIME '...'`: rows as they were, of which nobody sees the present ones change. */
function readHistory(cursor: Cursor, relation: RelationName): DataChange {
  if (accept(cursor, "PARTITION")) readColumnNames(cursor);
  const filtered = accept(cursor, "BEFORE");
  if (filtered) {
    expect(cursor, "SYSTEM_TIME");
    acceptOneOf(cursor, ["TRANSACTION"]);
    readArithmetic(cursor);
  }
  return dataChange(cursor, "delete", [relation], { filtered });
}

/** `a, b.* FROM tables WHERE`, `FROM a, b USING tables WHERE`. */
function readSeveral(cursor: Cursor, word: "FROM" | "USING", cte: boolean): DataChange {
  const names: RelationName[] = [];
  do names.push(readStarred(cursor));
  while (accept(cursor, ","));
  expect(cursor, word);
  const tables = readTables(cursor);
  const where = readWhere(cursor);
  return dataChange(cursor, "delete", resolve(names, tables), { ...where, cte });
}

/** `t`, `s.t`, `t.*`, `s.t.*`. */
function readStarred(cursor: Cursor): RelationName {
  const first = readIdentifier(cursor, "the name of a table");
  if (!accept(cursor, ".")) return Object.freeze({ schema: null, name: first });
  if (accept(cursor, "*")) return Object.freeze({ schema: null, name: first });
  const second = readIdentifier(cursor, "the name of a table");
  if (accept(cursor, ".")) expect(cursor, "*");
  return Object.freeze({ schema: first, name: second });
}
