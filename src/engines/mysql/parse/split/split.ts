import type { Span } from "../../../../model/span.js";
import type { SyntaxProblem } from "../../../../model/statement.js";
import { atTerminator } from "../brackets.js";
import { atEnd, type Cursor, newCursor, next } from "../cursor.js";
import type { MysqlDialect } from "../dialect.js";
import type { Lexed, Token } from "../token.js";
import { skipBody } from "./body.js";
import { moveToBody } from "./routine.js";

/** One statement before it is read. */
export interface Group {
  /** Without its terminator. */
  readonly tokens: readonly Token[];
  /** With the markers of the executable comments that it begins or ends in. */
  readonly span: Span;
}

/** What a file's tokens fall into. What has a problem is no group. */
export interface Groups {
  readonly groups: readonly Group[];
  readonly problems: readonly SyntaxProblem[];
}

/** Splits a file into statements, at semicolons and at what DELIMITER has set, but not inside of bodies. */
export function splitStatements(text: string, dialect: MysqlDialect, lexed: Lexed): Groups {
  const cursor = newCursor(text, dialect, lexed.tokens);
  const groups: Group[] = [];
  const problems: SyntaxProblem[] = [];
  const starts = new Set<number>();
  while (!atEnd(cursor)) {
    const start = cursor.index;
    starts.add(start);
    const open = skipStatement(cursor);
    const tokens = lexed.tokens.slice(start, cursor.index);
    next(cursor);
    if (tokens.length === 0 || tokens.some(({ kind }) => kind === "broken")) continue;
    const problem = open === null ? cutRegion(lexed, start, start + tokens.length) : unclosed(open);
    if (problem === null) groups.push({ tokens, span: spanOf(lexed, tokens) });
    else problems.push(problem);
  }
  problems.push(...lexed.modeChanges.flatMap((at) => (starts.has(at) ? [] : [modeInBody(lexed, at)])));
  return { groups, problems };
}

/** The lexer takes a SET of sql_mode behind a semicolon for a statement; in a body it holds when the body runs. */
function modeInBody(lexed: Lexed, at: number): SyntaxProblem {
  const span = lexed.tokens[at]?.span ?? { start: 0, end: 0 };
  return { message: "A body that sets sql_mode to another meaning of quotes must stand behind DELIMITER.", span };
}

/** Moves to the terminator. Gives the keyword of a block that is still open there. */
function skipStatement(cursor: Cursor): Token | null {
  const start = cursor.index;
  if (moveToBody(cursor)) return skipBody(cursor);
  cursor.index = start;
  while (!atTerminator(cursor)) next(cursor);
  return null;
}

function unclosed(open: Token): SyntaxProblem {
  return { message: `${open.upper} is not closed: its END is missing.`, span: open.span };
}

/** A statement must hold an executable comment whole, or the text between its semicolons is none. */
function cutRegion(lexed: Lexed, start: number, end: number): SyntaxProblem | null {
  const cut = [
    [start, start - 1],
    [end - 1, end],
  ].find(([inside = -1, outside = -1]) => {
    const region = lexed.tokens[inside]?.region ?? -1;
    return region >= 0 && lexed.tokens[outside]?.region === region;
  });
  if (cut === undefined) return null;
  const region = lexed.tokens[cut[0] ?? 0]?.region ?? 0;
  const span = lexed.regions[region] ?? { start: 0, end: 0 };
  return { message: "A statement may not end inside of an executable comment.", span };
}

function spanOf(lexed: Lexed, tokens: readonly Token[]): Span {
  const first = tokens[0];
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) return { start: 0, end: 0 };
  const opened = lexed.regions[first.region] ?? first.span;
  const closed = lexed.regions[last.region] ?? last.span;
  return Object.freeze({ start: opened.start, end: closed.end });
}
