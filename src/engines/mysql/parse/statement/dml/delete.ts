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
import { joinsOf } from "./joins.js";
import { readPortion } from "./portion.js";
import { dataChange, resolve } from "./shape.js";
import { readClauses } from "./update.js";
import { onlyWritten, walked, walkOf } from "./walk.js";
import { readWhere } from "./where.js";

/** `DELETE`, from behind the verb on. The relation is null when several are written. @throws Unreadable */
export function readDelete(cursor: Cursor, span: Span, cte = false): readonly Operation[] {
  if (cursor.index >= cursor.tokens.length) fail(cursor, "FROM");
  const change = softly(cursor, (each) => readRest(each, cte));
  const [only, ...more] = change?.writes ?? [];
  return [other("delete", more.length > 0 ? null : (only ?? null), span, change)];
}

function readRest(cursor: Cursor, cte: boolean): DataChange {
  const ignores = readModifiers(cursor);
  return { ...readTarget(cursor, cte), conflict: ignores ? "ignore" : null };
}

/** Whether IGNORE is among them. */
function readModifiers(cursor: Cursor): boolean {
  let ignores = false;
  for (;;) {
    const word = acceptOneOf(cursor, ["LOW_PRIORITY", "QUICK", "IGNORE"]);
    if (word === null) return ignores;
    ignores ||= word === "IGNORE";
  }
}

function readTarget(cursor: Cursor, cte: boolean): DataChange {
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
  const portion = readPortion(cursor);
  const alias = readAlias(cursor, false);
  if (alias !== null && accept(cursor, "PARTITION")) readColumnNames(cursor);
  const where = cursor.index;
  const clauses = readClauses(cursor);
  const place = { where, end: cursor.index };
  const returning = cursor.dialect === "mariadb" && accept(cursor, "RETURNING");
  if (returning) readItems(cursor);
  const whole = portion || cte || returning || clauses.ordered || clauses.limited;
  const table = { alias: alias ?? relation.name, relation };
  const joins = joinsOf(cursor, table, [], clauses.bounds);
  const walk = whole ? null : walkOf(cursor, table, relation, 0, place);
  return dataChange(cursor, "delete", [relation], walked({ ...clauses, ...joins, returning, cte }, walk));
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
  const at = cursor.index;
  const where = readWhere(cursor);
  const writes = resolve(names, tables);
  const table = onlyWritten(tables, writes);
  const walk =
    cte || table === null ? null : walkOf(cursor, table, table.relation, 1, { where: at, end: cursor.index });
  const joined = tables.length > 1 ? { joined: true as const } : {};
  const joins = joinsOf(cursor, table, tables, where.bounds);
  return dataChange(cursor, "delete", writes, walked({ ...where, ...joined, ...joins, cte }, walk));
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
