import type { Node } from "libpg-query";
import { ZmigrateError } from "../../../errors.js";
import { body } from "./ast.js";
import { deepTokens, TOO_DEEP } from "./depth.js";
import { rawParse, rawScan } from "./library.js";
import { byteOffsets } from "./offsets.js";
import type { Source } from "./source.js";

/** A piece of SQL that is no statement by itself, read inside one. Offsets are those of `source.text`. */
export interface Fragment {
  readonly source: Source;
  readonly node: Node;
  /** Where the piece begins in the text that was read. */
  readonly start: number;
  readonly end: number;
}

/** Reads `before + piece + after` as one statement. A message instead when it is none. */
export function readFragment(before: string, piece: string, after: string): Fragment | string {
  const text = before + piece + after;
  const tokens = rawScan(text);
  if (tokens !== null && deepTokens(tokens).length > 0) return TOO_DEEP;
  const parsed = rawParse(text);
  if ("rejection" in parsed) return parsed.rejection.message;
  const node = parsed.statements[0]?.stmt;
  if (tokens === null || node === undefined || parsed.statements.length !== 1) return "it is not one piece of SQL";
  const source: Source = {
    text,
    tokens: tokens.filter((t) => !t.comment),
    comments: tokens.filter((t) => t.comment),
    at: byteOffsets(text),
  };
  return { source, node, start: before.length, end: before.length + piece.length };
}

/** An expression as the one column of a SELECT; a message when it is not exactly one expression. */
export function readExpression(expression: string): { fragment: Fragment; tree: Node } | string {
  // The line break ends a trailing comment. The brackets hold: a piece that closes them is not one value.
  const fragment = readFragment("SELECT (", expression, "\n)");
  if (typeof fragment === "string") return fragment;
  const select = body(fragment.node, "SelectStmt");
  const value = body(select?.targetList?.[0], "ResTarget")?.val;
  const extra = Object.keys(select ?? {}).filter((k) => !["targetList", "limitOption", "op"].includes(k));
  const alone = select?.targetList?.length === 1 && extra.length === 0 && closesAtEnd(fragment);
  if (value === undefined || !alone || "RowExpr" in value) return "it is not one expression";
  return { fragment, tree: value };
}

/** The bracket before the piece is closed by the one behind it, not by one inside. */
function closesAtEnd({ source, end }: Fragment): boolean {
  let depth = 0;
  for (const token of source.tokens) {
    if (token.text === "(") depth++;
    if (token.text === ")" && --depth === 0) return token.start >= end;
  }
  return false;
}

/** What the database printed, or a strategy composed, could not be read: ours, not the author's. */
export function unreadable(what: string, text: string, reason: string): ZmigrateError {
  return new ZmigrateError("internal", { reason: `${what} could not be read: ${reason}: ${text}` });
}
