import type { Statement, SyntaxProblem } from "../../../model/statement.js";
import { body } from "./ast.js";
import { type Rejection, rawParse } from "./library.js";
import { metaCommand, problemAt } from "./problems.js";
import type { Source } from "./source.js";
import { piecesOf } from "./split.js";
import { readStatements } from "./statements.js";

type Read = { statements: Statement[]; problems: SyntaxProblem[] };

/**
 * Reads a file that PostgreSQL's grammar rejects as a whole, statement by statement: one problem for each that is
 * rejected, and the others as they are.
 */
export function parsePieces(source: Source, whole: Rejection): Read {
  const read: Read = { statements: [], problems: [] };
  let dataEnd = 0;
  let bytes = 0;
  let measured = 0;
  for (const piece of piecesOf(source)) {
    bytes += Buffer.byteLength(source.text.slice(measured, piece.start));
    measured = piece.start;
    if (piece.start < dataEnd) continue;
    if (piece.kind === "meta-command") read.problems.push(metaProblem(source, piece));
    else if (readPiece(source, piece, bytes, read)) dataEnd = endOfCopyData(source.text, piece.end);
  }
  // Each piece passes, the whole does not: the splitting was wrong somewhere, and the file stays rejected.
  if (read.problems.length === 0) read.problems.push(problemAt(source.text, source.tokens, whole));
  return read;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Adds what a piece holds. True when rows of data follow it. */
function readPiece(source: Source, piece: Place, bytes: number, read: Read): boolean {
  const text = source.text.slice(piece.start, piece.end);
  const parsed = rawParse(text);
  if ("rejection" in parsed) {
    const offset = piece.start + parsed.rejection.offset;
    const upToPiece = source.text.slice(0, piece.end);
    read.problems.push(problemAt(upToPiece, source.tokens, { ...parsed.rejection, offset }));
    return false;
  }
  const here = { ...source, text: source.text.slice(0, piece.end), at: (b: number) => source.at(b + bytes) };
  const { statements, problems } = readStatements(here, parsed.statements);
  read.statements.push(...statements);
  read.problems.push(...problems);
  return parsed.statements.some((s) => body(s.stmt, "CopyStmt")?.is_from === true) && problems.length > 0;
}

function metaProblem(source: Source, place: Place): SyntaxProblem {
  const line = source.text.slice(place.start, place.end);
  return Object.freeze({
    message: metaCommand(/^\\\S*/.exec(line)?.[0] ?? "\\"),
    span: Object.freeze({ start: place.start, end: place.end }),
  });
}

function endOfCopyData(text: string, from: number): number {
  const end = /^\\\.[ \t]*$/m.exec(text.slice(from));
  return end === null ? text.length : from + end.index + end[0].length;
}
