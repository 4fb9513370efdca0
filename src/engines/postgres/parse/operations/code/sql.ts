import type { Node, RawStmt } from "libpg-query";
import type { Operation } from "../../../../../model/operation.js";
import { deepTokens, TOO_DEEP } from "../../depth.js";
import { rawParse, rawScan } from "../../library.js";
import { byteOffsets } from "../../offsets.js";
import { type Run, runWithin, type Source, spanOf } from "../../source.js";
import type { ReadOperations } from "../context.js";

/** One statement of a text, and what it does. Its spans are offsets of that text. */
export interface SqlStatement {
  readonly statement: string;
  readonly operations: readonly Operation[];
  readonly node: Node | undefined;
}

/** The statements of a piece of SQL that stands inside a string, or why it is none. */
export function sqlStatements(text: string, read: ReadOperations): readonly SqlStatement[] | string {
  const tokens = rawScan(text);
  if (tokens === null) return "it cannot be split into tokens";
  if (deepTokens(tokens).length > 0) return TOO_DEEP;
  const parsed = rawParse(text);
  if ("rejection" in parsed) return parsed.rejection.message;
  const source: Source = {
    text,
    tokens: tokens.filter((t) => !t.comment),
    comments: tokens.filter((t) => t.comment),
    at: byteOffsets(text),
  };
  return parsed.statements.map((raw) => {
    const run = statementRun(source, raw);
    const { start, end } = spanOf(source, run);
    return { statement: text.slice(start, end), operations: read(source, raw.stmt, run), node: raw.stmt };
  });
}

function statementRun(source: Source, raw: RawStmt): Run {
  const location = raw.stmt_location ?? 0;
  // A length of 0 means "to the end of the text".
  const length = raw.stmt_len ?? 0;
  const run = runWithin(source, source.at(location), length === 0 ? source.text.length : source.at(location + length));
  return source.tokens[run.to - 1]?.text === ";" ? { from: run.from, to: run.to - 1 } : run;
}
