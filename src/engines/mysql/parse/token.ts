import type { Span } from "../../../model/span.js";
import type { Comment, SyntaxProblem } from "../../../model/statement.js";

/**
 * - `word`: a bare identifier or keyword; `quoted`: an identifier in backticks
 * - `string`: `'x'`, `"x"`, `N'x'`; `number`: also `0x1F`, `x'1F'`, `b'01'`; `variable`: `@x`, `@@global.x`, the host
 *   of `user@host`
 * - `semicolon`: always `;`, whatever the client's delimiter is; `delimiter`: the one that DELIMITER has set
 * - `broken`: text that is no token; its problem is reported by the lexer
 * - `end`: stands behind the last token of a statement; the lexer never makes one
 */
export type TokenKind =
  | "word"
  | "quoted"
  | "string"
  | "number"
  | "variable"
  | "operator"
  | "semicolon"
  | "delimiter"
  | "broken"
  | "end";

/** One token of a MySQL or MariaDB text. */
export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** The identifier or string without its quotes and escapes; for the other kinds the text. */
  readonly value: string;
  /** The text of a word in upper case, to compare with keywords; empty for what is none, and for the other kinds. */
  readonly upper: string;
  readonly span: Span;
  /** The executable comment that the token stands in, as an index into `Lexed.regions`; -1 outside. */
  readonly region: number;
}

/** What the lexer makes of a text. */
export interface Lexed {
  readonly tokens: readonly Token[];
  /** Comments that the server skips. Executable comments that it runs are tokens instead. */
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
  /** Executable comments, with their markers. */
  readonly regions: readonly Span[];
  /** The first tokens of the SET statements that changed what quotes or backslashes mean, as indexes into `tokens`. */
  readonly modeChanges: readonly number[];
}
