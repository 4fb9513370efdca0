import type { Query } from "../../../../../model/detail/data.js";
import type { Operation } from "../../../../../model/operation.js";
import type { Span } from "../../../../../model/span.js";
import { accept, atEnd, type Cursor, expect, fail, looksAt } from "../../cursor.js";
import { harmless, other } from "../../operations.js";
import { readQueryExpression } from "../../query/query.js";
import { distinct } from "../../query/table.js";
import { readWith } from "../../query/with.js";
import { softly } from "../../softly.js";
import { givenBySelect } from "../../text-value.js";
import { readDelete } from "./delete.js";
import { readUpdate } from "./update.js";

/**
 * A query: SELECT, VALUES, TABLE, or one in parentheses. It is harmless when it was understood, takes no locks, writes
 * no file and calls nothing that may change something. The cursor is at its first word. @throws Unreadable
 */
export function readQuery(cursor: Cursor, span: Span): readonly Operation[] {
  const start = cursor.index;
  const query = softly(cursor, readShape);
  const what = nameOf(cursor, start, query);
  const gives = query?.into === "variables" ? givenBySelect(cursor.tokens.slice(start)) : null;
  const detail = gives === null ? query : Object.freeze({ ...query, kind: "query", gives } as Query);
  const still = what === "select" && query !== null && query.locks === null && query.calls?.length === 0;
  return [still ? harmless(what, span, detail) : other(what, null, span, detail)];
}

function readShape(cursor: Cursor): Query {
  const end = readQueryExpression(cursor);
  return Object.freeze({ kind: "query", reads: distinct(cursor.read), ...end, calls: distinct(cursor.calls) });
}

function nameOf(cursor: Cursor, start: number, query: Query | null): string {
  const rest = cursor.tokens.slice(start);
  if (query === null ? rest.some(({ upper }) => /^(OUT|DUMP)FILE$/.test(upper)) : query.into === "file") {
    return "select-into-file";
  }
  const moves = rest.some(({ upper }, at) => {
    if (upper === "NEXT") return rest[at + 1]?.upper === "VALUE" && rest[at + 2]?.upper === "FOR";
    return (upper === "NEXTVAL" || upper === "SETVAL") && rest[at + 1]?.text === "(";
  });
  return moves ? "advance-sequence" : "select";
}

/** `WITH x AS (...) SELECT | UPDATE | DELETE`, from WITH on. @throws Unreadable */
export function readWithStatement(cursor: Cursor, span: Span): readonly Operation[] {
  const start = cursor.index;
  if (atEnd(cursor)) fail(cursor, "a name");
  readWith(cursor);
  if (looksAt(cursor, "UPDATE") || looksAt(cursor, "DELETE")) return readWritten(cursor, span);
  cursor.index = start;
  cursor.read.length = 0;
  cursor.calls.length = 0;
  return readQuery(cursor, span);
}

/** MariaDB has it since 12.3 only: there it is named and no more. */
function readWritten(cursor: Cursor, span: Span): readonly Operation[] {
  if (cursor.dialect === "mariadb") {
    const what = looksAt(cursor, "UPDATE") ? "update" : "delete";
    cursor.index = cursor.tokens.length;
    return [other(what, null, span)];
  }
  if (accept(cursor, "UPDATE")) return readUpdate(cursor, span, true);
  expect(cursor, "DELETE");
  return readDelete(cursor, span, true);
}
