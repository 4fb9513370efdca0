import type { Operation } from "./operation.js";
import type { Span } from "./span.js";

/** One SQL statement of a file, with what it does. */
export interface Statement {
  /** From its first token to its last, without the semicolon and without leading comments. */
  readonly span: Span;
  readonly sql: string;
  readonly operations: readonly Operation[];
  /** Names in it that only some versions take without backticks; absent for none (MySQL, MariaDB). */
  readonly reservedNames?: readonly ReservedName[];
}

/** A word that stands for a name, and that some versions of the server have reserved. */
export interface ReservedName {
  readonly word: string;
  readonly span: Span;
  readonly reserved: ReservedBetween;
}

/** From which version on a word is reserved (`[8, 4]`), and the first that takes it for a name again. */
export interface ReservedBetween {
  readonly since: readonly number[];
  readonly until?: readonly number[];
}

/** A comment of a file; directives are found in these and nowhere else. */
export interface Comment {
  readonly span: Span;
  /** The text with its markers, e.g. `-- zmigrate:phase expand`. */
  readonly text: string;
}

/** Why a file is not SQL, and where. */
export interface SyntaxProblem {
  readonly message: string;
  readonly span: Span;
  /** What to do, where it is not to correct the SQL. */
  readonly help?: string;
  /** Whatever it does, the schema stays as it is. */
  readonly harmless?: true;
}

/** What an engine's parser makes of a file. With problems, the statements are those that could be read. */
export interface ParsedSql {
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
}
