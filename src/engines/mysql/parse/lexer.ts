import type { MysqlDialect } from "./dialect.js";
import { scanBlockComment, scanLineComment, scanRegionEnd, skipSpace } from "./scan/comment.js";
import { scanBitString, scanNumber } from "./scan/number.js";
import { scanOperator } from "./scan/operator.js";
import { scanBackticks, scanDollar, scanString } from "./scan/quoted.js";
import { emit, newScanner, type Scanner } from "./scan/scanner.js";
import { endStatement } from "./scan/sql-mode.js";
import { scanVariable } from "./scan/variable.js";
import { scanDelimiter, scanWord } from "./scan/word.js";
import type { Lexed } from "./token.js";

// In this order: a delimiter may look like anything else, and the last one takes whatever is left.
const SCANS: readonly ((scanner: Scanner) => boolean)[] = [
  skipSpace,
  scanDelimiter,
  scanRegionEnd,
  scanLineComment,
  scanBlockComment,
  scanString,
  scanBackticks,
  scanDollar,
  scanBitString,
  scanNumber,
  scanVariable,
  scanWord,
  scanOperator,
];

/**
 * Cuts a text into tokens and comments, as the server (and, for DELIMITER, the mysql client) does with the default
 * sql_mode: double quotes hold strings and a backslash escapes, until the text itself sets ANSI_QUOTES or
 * NO_BACKSLASH_ESCAPES. Never throws; what is no token is in `problems`.
 * Time is linear in the text.
 *
 * @example
 * tokenize("SELECT `a b`", "mysql").tokens.map((token) => token.value); // ["SELECT", "a b"]
 */
export function tokenize(text: string, dialect: MysqlDialect): Lexed {
  const scanner = newScanner(text, dialect);
  while (scanner.position < text.length) SCANS.some((scan) => scan(scanner));
  closeRegion(scanner);
  endStatement(scanner);
  const { tokens, comments, problems, regions, modeChanges } = scanner;
  return { tokens, comments, problems, regions, modeChanges };
}

/** An executable comment that is still open at the end of the text. */
function closeRegion(scanner: Scanner): void {
  if (scanner.regionStart < 0) return;
  const { text } = scanner;
  const span = { start: scanner.regionStart, end: text.length };
  scanner.problems.push({ message: "The executable comment is not closed: `*/` is missing.", span });
  // So that what stands in it is no statement.
  emit(scanner, "broken", text.length);
  scanner.regions.push(span);
}
