import type { Comment, ParsedSql, Statement, SyntaxProblem } from "../../../model/statement.js";
import { withoutCopyData } from "./copy-data.js";
import { deepTokens, TOO_DEEP } from "./depth.js";
import { withoutDumpGuard } from "./dump-guard.js";
import { rawParse, rawScan, type Token } from "./library.js";
import { byteOffsets } from "./offsets.js";
import { problemAt } from "./problems.js";
import { parsePieces } from "./recover.js";
import type { Source } from "./source.js";
import { readStatements } from "./statements.js";

/**
 * Reads a file with PostgreSQL 18's own grammar. What cannot be read is in `problems`; the statements are then those
 * that can be read by themselves. Call `loadParser` before.
 *
 * Positions are UTF-16 offsets into `text`.
 *
 * @throws ZmigrateError internal, when the parser was not loaded. Never because of the text.
 * @example
 * await loadParser();
 * parsePostgres("ALTER TABLE t ADD COLUMN n int").statements[0]?.operations[0]?.kind // "add-column"
 */
export function parsePostgres(written: string): ParsedSql {
  const text = withoutCopyData(withoutDumpGuard(written));
  const tokens = rawScan(text);
  if (tokens === null) return unscannable(text);
  const source = sourceOf(text, tokens);
  const comments = source.comments.map((c) => Object.freeze({ span: span(c), text: c.text }));
  const deep = deepTokens(source.tokens);
  const parsed = deep[0] === undefined ? rawParse(text) : { rejection: { message: TOO_DEEP, offset: deep[0].start } };
  if ("rejection" in parsed) return freeze({ ...parsePieces(source, parsed.rejection, deep), comments });
  return freeze({ ...readStatements(source, parsed.statements), comments });
}

/** An unterminated string or comment: the grammar says where it begins. */
function unscannable(text: string): ParsedSql {
  const parsed = rawParse(text);
  // The grammar accepts what the scanner refuses: a defect of the library, and no reason to pass the file.
  const problem = "rejection" in parsed ? parsed.rejection : UNSCANNABLE;
  return freeze({ statements: [], comments: [], problems: [problemAt(text, null, problem)] });
}

const UNSCANNABLE = { message: "the text cannot be split into tokens", offset: 0 };

function sourceOf(text: string, tokens: readonly Token[]): Source {
  return {
    text,
    tokens: tokens.filter((t) => !t.comment),
    comments: tokens.filter((t) => t.comment),
    at: byteOffsets(text),
  };
}

function span(token: Token): { start: number; end: number } {
  return Object.freeze({ start: token.start, end: token.end });
}

function freeze(parsed: { statements: Statement[]; comments: Comment[]; problems: SyntaxProblem[] }): ParsedSql {
  return Object.freeze({
    statements: Object.freeze(parsed.statements),
    comments: Object.freeze(parsed.comments),
    problems: Object.freeze(parsed.problems),
  });
}
