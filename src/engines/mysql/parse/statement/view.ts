import type { ViewShape } from "../../../../model/detail/view-shape.js";
import type { Operation } from "../../../../model/operation.js";
import type { Span } from "../../../../model/span.js";
import { outputsTold } from "../../../view-flat.js";
import {
  accept,
  acceptOneOf,
  aside,
  atEnd,
  type Cursor,
  expect,
  expectEnd,
  fail,
  looksAt,
  spanFrom,
} from "../cursor.js";
import { readColumnNames, readRelation } from "../names.js";
import { other } from "../operations.js";
import { readQueryExpression } from "../query/query.js";
import { readSelected } from "../query/select.js";
import { distinct } from "../query/table.js";
import { softly } from "../softly.js";
import { wordsIn } from "../token-text.js";
import { readDefiner } from "./definer.js";
import { viewShape } from "./view/shape.js";

type Verb = "create" | "alter";

/** `[OR REPLACE] ... VIEW v AS query`, from behind CREATE or ALTER; null when it is no view. @throws Unreadable */
export function readView(cursor: Cursor, span: Span, verb: Verb): Operation | null {
  const start = cursor.index;
  const orReplace = verb === "create" && accept(cursor, "OR", "REPLACE");
  const copied = readAlgorithm(cursor) === "TEMPTABLE";
  const definer = readDefiner(cursor);
  const security = readSecurity(cursor);
  if (!accept(cursor, "VIEW")) {
    cursor.index = start;
    return null;
  }
  const conditional = readCondition(cursor, verb);
  const name = readRelation(cursor, "a name");
  const body = softly(cursor, readBody);
  if (body === null) return other(`${verb}-view`, name, span);
  const { span: query, tokens, check } = body;
  const read = viewShape(tokens, { dialect: cursor.dialect, copied, check });
  const outputs = body.outputs ?? (read && outputsTold(read));
  const common = {
    object: "view",
    name,
    body: query,
    reads: distinct(cursor.read),
    columns: namesIn(tokens),
    ...(outputs && { outputs }),
    ...(read && { shape: read.shape }),
  } as const;
  if (verb === "alter") {
    // Without the words ALTER leaves it as it is.
    const set = security === null ? {} : { options: [{ name: BY_READER, on: security === "INVOKER" }] };
    return other("alter-view", name, span, {
      kind: "alter-object",
      ...common,
      ...set,
      ifExists: false,
      changes: ["AS"],
    });
  }
  const options = security === "INVOKER" ? { options: [BY_READER] } : {};
  const detail = {
    kind: "create-object",
    ...common,
    ...options,
    orReplace,
    ifNotExists: conditional,
    definer,
  } as const;
  return other("create-view", name, span, { ...detail, trigger: null });
}

function readAlgorithm(cursor: Cursor): string | null {
  if (!accept(cursor, "ALGORITHM", "=")) return null;
  return acceptOneOf(cursor, ["UNDEFINED", "MERGE", "TEMPTABLE"]) ?? fail(cursor, "UNDEFINED, MERGE or TEMPTABLE");
}

/** `SQL SECURITY INVOKER`; null where it is not said. @throws Unreadable */
function readSecurity(cursor: Cursor): string | null {
  if (!accept(cursor, "SQL", "SECURITY")) return null;
  return acceptOneOf(cursor, ["DEFINER", "INVOKER"]) ?? fail(cursor, "DEFINER or INVOKER");
}

/** The name of the option that has a view read its tables with the rights of its reader. */
const BY_READER = "sql_security_invoker";

/** Both servers have IF NOT EXISTS of views (MySQL since 9.1). */
function readCondition(cursor: Cursor, verb: Verb): boolean {
  return verb === "create" && accept(cursor, "IF", "NOT", "EXISTS");
}

interface Body {
  readonly span: Span;
  /** The names of the view's columns; null where they are not told. */
  readonly outputs: readonly (string | null)[] | null;
  /** Those of the query. */
  readonly tokens: Cursor["tokens"];
  readonly check: ViewShape["check"];
}

/** `[(columns)] AS query [WITH CHECK OPTION]`: where the query stands. */
function readBody(cursor: Cursor): Body {
  const named = looksAt(cursor, "(") ? readColumnNames(cursor) : null;
  expect(cursor, "AS");
  const start = cursor.index;
  readQueryExpression(cursor);
  const span = spanFrom(cursor, start);
  const tokens = cursor.tokens.slice(start, cursor.index);
  const check = atEnd(cursor) ? null : readCheck(cursor);
  expectEnd(cursor);
  return { span, outputs: named ?? outputsAt(cursor, start), tokens, check };
}

/** Every word that may be a column's name: more is safer than less. `*` where columns are read that it does not name. */
function namesIn(tokens: Cursor["tokens"]): readonly string[] {
  const isAll = (at: number) =>
    tokens[at]?.upper === "NATURAL" || (tokens[at]?.text === "*" && endsItem(tokens[at + 1]));
  return Object.freeze([...wordsIn(tokens), ...(tokens.some((_, at) => isAll(at)) ? ["*"] : [])]);
}

/** `SELECT *`, and no product. */
const endsItem = (token: Cursor["tokens"][number] | undefined): boolean =>
  token === undefined || token.text === "," || token.upper === "FROM";

function readCheck(cursor: Cursor): "local" | "cascaded" {
  expect(cursor, "WITH");
  const how = acceptOneOf(cursor, ["CASCADED", "LOCAL"]);
  expect(cursor, "CHECK", "OPTION");
  return how === "LOCAL" ? "local" : "cascaded";
}

/** The names that the first SELECT gives to what it selects; `*` is told where it means one table. */
function outputsAt(cursor: Cursor, start: number): Body["outputs"] {
  const at = aside(cursor, start);
  if (!accept(at, "SELECT")) return null;
  const { items, tables } = readSelected(at);
  const [only, another] = tables;
  const known = only !== undefined && only.relation !== null && another === undefined;
  return items.includes("*") && !known ? null : Object.freeze(items);
}
