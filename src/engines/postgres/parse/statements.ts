import type { RawStmt } from "libpg-query";
import type { Statement, SyntaxProblem } from "../../../model/statement.js";
import { body } from "./ast.js";
import { operationsOf } from "./operations/index.js";
import { COPY_DATA, COPY_HELP } from "./problems.js";
import { type Run, runWithin, type Source, spanOf } from "./source.js";

/** Statements of one accepted text, which may be a piece of a file: `source.at` knows where its locations are. */
export function readStatements(
  source: Source,
  raw: readonly RawStmt[],
): { statements: Statement[]; problems: SyntaxProblem[] } {
  const statements: Statement[] = [];
  const problems: SyntaxProblem[] = [];
  for (const one of raw) {
    const run = runOf(source, one);
    statements.push(readStatement(source, one, run));
    if (readsStandardInput(one))
      problems.push(Object.freeze({ message: COPY_DATA, span: spanOf(source, run), help: COPY_HELP, harmless: true }));
  }
  return { statements, problems };
}

function runOf(source: Source, raw: RawStmt): Run {
  const location = raw.stmt_location ?? 0;
  // A length of 0 means "to the end of the text".
  const length = raw.stmt_len ?? 0;
  const run = runWithin(source, source.at(location), length === 0 ? source.text.length : source.at(location + length));
  const semicolon = source.tokens[run.to - 1]?.text === ";";
  return semicolon ? { from: run.from, to: run.to - 1 } : run;
}

function readStatement(source: Source, raw: RawStmt, run: Run): Statement {
  const at = spanOf(source, run);
  const operations = operationsOf(source, raw.stmt, run);
  return Object.freeze({
    span: Object.freeze(at),
    sql: source.text.slice(at.start, at.end),
    operations: Object.freeze(operations),
  });
}

function readsStandardInput(raw: RawStmt): boolean {
  const copy = body(raw.stmt, "CopyStmt");
  return copy?.is_from === true && copy.filename === undefined;
}
