import type { WrittenQuery } from "../../engine.js";
import { queryName } from "../../query-name.js";
import { deepTokens, TOO_DEEP } from "../parse/depth.js";
import { rawParse, rawScan, type Token } from "../parse/library.js";
import { byteOffsets } from "../parse/offsets.js";
import { runWithin, type Source, tokenAt } from "../parse/source.js";
import { type Piece, piecesOf } from "../parse/split.js";
import { placeholders } from "./placeholders.js";

/** What reads or writes rows, and can be prepared. */
const QUERIES: ReadonlySet<string> = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

/** Applications send these, they name tables, and no server prepares them. */
const NOT_PREPARED: ReadonlySet<string> = new Set(
  "CopyStmt CallStmt DeclareCursorStmt DoStmt LockStmt TruncateStmt PrepareStmt ExplainStmt RefreshMatViewStmt".split(
    " ",
  ),
);

const unreadable = (reason: string): WrittenQuery["read"] => ({ kind: "unreadable", reason });

function kindOf(tree: object, sql: string): WrittenQuery["read"] {
  const [kind = ""] = Object.keys(tree);
  const word = /^\w+/.exec(sql)?.[0]?.toUpperCase() ?? "this";
  const into = (tree as { SelectStmt?: { intoClause?: unknown } }).SelectStmt?.intoClause;
  if (into !== undefined) return unreadable("SELECT INTO makes a table, and cannot be prepared");
  if (QUERIES.has(kind)) return { kind: "query", sql };
  return NOT_PREPARED.has(kind)
    ? unreadable(`${word} cannot be prepared`)
    : { kind: "no-query", reason: `${word} is no query` };
}

function readOne(text: string, tokens: readonly Token[]): WrittenQuery["read"] {
  const [deep] = deepTokens(tokens);
  if (deep !== undefined) return unreadable(TOO_DEEP);
  const sql = placeholders(text, tokens);
  const parsed = rawParse(sql);
  if ("rejection" in parsed) return unreadable(`it does not parse: ${parsed.rejection.message}`);
  const [first, second] = parsed.statements;
  if (first?.stmt === undefined || second !== undefined) return unreadable("it is not one statement");
  return kindOf(first.stmt, sql);
}

const nameIn = ({ comments }: Source, from: number, to: number): string | null =>
  queryName(comments.slice(tokenAt(comments, from), tokenAt(comments, to)));

const shifted = (token: Token, by: number): Token => ({ ...token, start: token.start - by, end: token.end - by });

function readPiece(source: Source, piece: Piece): WrittenQuery[] {
  const { from, to } = runWithin(source, piece.start, piece.end);
  const tokens = source.tokens.slice(from, source.tokens[to - 1]?.text === ";" ? to - 1 : to);
  const [first, last] = [tokens[0], tokens.at(-1)];
  if (first === undefined || last === undefined) return [];
  const text = source.text.slice(first.start, last.end);
  const read =
    piece.kind === "statement"
      ? readOne(
          text,
          tokens.map((t) => shifted(t, first.start)),
        )
      : unreadable("it is a command of psql");
  return [{ text, start: first.start, name: nameIn(source, piece.start, first.start), read }];
}

/**
 * The queries of a text, one a statement. Placeholders: `$1`, `?`, `:name`, `@name`. Call `loadParser` before.
 *
 * @example
 * readQueries("-- name: ById\nSELECT * FROM t WHERE id = ?;")[0]?.read // { kind: "query", sql: "SELECT * FROM t WHERE id =  $1" }
 */
export function readQueries(text: string): readonly WrittenQuery[] {
  const scanned = rawScan(text);
  if (scanned === null)
    return [{ text, start: 0, name: null, read: unreadable("a string or comment in it has no end") }];
  const tokens = scanned.filter((t) => !t.comment);
  const comments = scanned.filter((t) => t.comment);
  const source = { text, tokens, comments, at: byteOffsets(text) };
  return [...piecesOf(source)].flatMap((piece) => readPiece(source, piece));
}
