import type { Span } from "../../../model/span.js";
import type { Statement, SyntaxProblem } from "../../../model/statement.js";
import { TOO_DEEP } from "./depth.js";
import { type RawParse, type Rejection, rawParse, type Token } from "./library.js";
import { isOfScreen, META_HELP, metaCommand, problemAt } from "./problems.js";
import type { Source } from "./source.js";
import { piecesOf } from "./split.js";
import { readStatements } from "./statements.js";

type Read = { statements: Statement[]; problems: SyntaxProblem[] };

/**
 * Reads a file that PostgreSQL's grammar rejects as a whole, statement by statement: one problem for each that is
 * rejected, and the others as they are. `deep` are the tokens at which a statement is too deep to be tried.
 */
export function parsePieces(source: Source, whole: Rejection, deep: readonly Token[]): Read {
  const read: Read = { statements: [], problems: [] };
  let dataEnd = 0;
  let bytes = 0;
  let measured = 0;
  for (const piece of piecesOf(source)) {
    bytes += Buffer.byteLength(source.text.slice(measured, piece.start));
    measured = piece.start;
    if (piece.start < dataEnd) continue;
    if (piece.kind === "meta-command") read.problems.push(metaProblem(source, piece));
    else if (readPiece(source, { ...piece, bytes }, deep, read)) dataEnd = endOfCopyData(source.text, piece.end);
  }
  // Each piece passes, the whole does not: the splitting was wrong somewhere, and the file stays rejected.
  if (read.problems.length === 0) read.problems.push(problemAt(source.text, source.tokens, whole));
  return read;
}

interface Place {
  readonly start: number;
  readonly end: number;
  /** `start` in bytes. */
  readonly bytes: number;
}

/** Adds what a piece holds. True when rows of data follow it. */
function readPiece(source: Source, piece: Place, deep: readonly Token[], read: Read): boolean {
  const text = source.text.slice(0, piece.end);
  const parsed = parsePiece(
    text.slice(piece.start),
    deep.find((t) => t.start >= piece.start && t.start < piece.end),
  );
  if ("rejection" in parsed) {
    const offset = parsed.rejection.offset + piece.start;
    read.problems.push(problemAt(text, source.tokens, { ...parsed.rejection, offset }));
    return false;
  }
  const at = (location: number) => source.at(location + piece.bytes);
  const { statements, problems } = readStatements({ ...source, text, at }, parsed.statements);
  read.statements.push(...statements);
  read.problems.push(...problems);
  return problems.length > 0;
}

function parsePiece(text: string, deep: Token | undefined): RawParse {
  if (deep === undefined) return rawParse(text);
  return { rejection: { message: TOO_DEEP, offset: Math.max(text.search(/\S/), 0) } };
}

function metaProblem(source: Source, place: Span): SyntaxProblem {
  const line = source.text.slice(place.start, place.end);
  const command = /^\\\S*/.exec(line)?.[0] ?? "\\";
  return Object.freeze({
    message: metaCommand(command),
    span: Object.freeze({ start: place.start, end: place.end }),
    help: META_HELP,
    ...(isOfScreen(command) ? { harmless: true } : {}),
  });
}

function endOfCopyData(text: string, from: number): number {
  const end = /^\\\.[ \t]*$/m.exec(text.slice(from));
  return end === null ? text.length : from + end.index + end[0].length;
}
