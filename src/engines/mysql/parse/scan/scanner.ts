import type { Span } from "../../../../model/span.js";
import type { Comment, SyntaxProblem } from "../../../../model/statement.js";
import type { MysqlDialect } from "../dialect.js";
import type { Token, TokenKind } from "../token.js";
import { DEFAULT_MODE, type TextMode } from "./sql-mode.js";

/** Where the lexer is in its text, and what it has found so far. Only the lexer changes it. */
export interface Scanner {
  readonly text: string;
  readonly dialect: MysqlDialect;
  readonly tokens: Token[];
  readonly comments: Comment[];
  readonly problems: SyntaxProblem[];
  readonly regions: Span[];
  position: number;
  /** What DELIMITER has set; null while it is the semicolon. */
  delimiter: string | null;
  /** The start of the executable comment that is open, or -1. */
  regionStart: number;
  /** What a SET of sql_mode in this text has made of quotes and backslashes. */
  mode: TextMode;
  /** Modes that were saved in user variables, by the variable's text in lower case. */
  readonly savedModes: Map<string, TextMode>;
  /** The first tokens of the statements that changed the mode. */
  readonly modeChanges: number[];
  /** The first token of the statement that is being scanned. */
  statementStart: number;
}

export function newScanner(text: string, dialect: MysqlDialect): Scanner {
  return {
    text,
    dialect,
    tokens: [],
    comments: [],
    problems: [],
    regions: [],
    position: 0,
    delimiter: null,
    regionStart: -1,
    mode: DEFAULT_MODE,
    savedModes: new Map(),
    modeChanges: [],
    statementStart: 0,
  };
}

/** Ends a token at `end` and moves there. A `name` is a word that is no keyword, whatever it looks like. */
export function emit(scanner: Scanner, kind: TokenKind | "name", end: number, value?: string): void {
  const start = scanner.position;
  const text = scanner.text.slice(start, end);
  scanner.tokens.push({
    kind: kind === "name" ? "word" : kind,
    text,
    value: value ?? text,
    upper: kind === "word" ? text.toUpperCase() : "",
    span: { start, end },
    // An open region is pushed when it closes, so its index is the next one.
    region: scanner.regionStart < 0 ? -1 : scanner.regions.length,
  });
  scanner.position = end;
}

/** Reports what stands between here and `end`, which is no token, and goes on behind it. */
export function emitBroken(scanner: Scanner, end: number, message: string): void {
  scanner.problems.push({ message, span: { start: scanner.position, end } });
  emit(scanner, "broken", end);
}
