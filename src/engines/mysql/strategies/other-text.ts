import { Refusal } from "../../engine.js";
import { tokenize } from "../parse/lexer.js";
import type { Token } from "../parse/token.js";
import type { MysqlContext } from "./algorithms.js";

/** What a SQL mode of the server gives another meaning than this text is read with. */
interface OtherText {
  readonly mode: string;
  readonly means: string;
  readonly instead: string;
  has(token: Token): boolean;
}

const OTHER_TEXT: readonly OtherText[] = [
  {
    mode: "PIPES_AS_CONCAT",
    means: "|| joins strings there, and is read as OR",
    instead: "Write CONCAT(...), or OR.",
    has: (token) => token.text === "||",
  },
  {
    mode: "ANSI_QUOTES",
    means: `"..." is a name there, and is read as a string`,
    instead: "Write names in backticks, and strings in single quotes.",
    has: ({ kind, text }) => kind === "string" && /^\w*"/.test(text),
  },
  {
    mode: "NO_BACKSLASH_ESCAPES",
    means: "a backslash in a string stands for itself there, and is read as the beginning of another character",
    instead: "Write the character itself, or CHAR(...).",
    has: ({ kind, text }) => kind === "string" && text.includes("\\"),
  },
  {
    mode: "HIGH_NOT_PRECEDENCE",
    means: "NOT binds tighter there than it is read",
    instead: "Write the condition without NOT, or with NOT behind what it is about (NOT LIKE, NOT IN, IS NOT NULL).",
    has: (token) => token.kind === "word" && token.upper === "NOT",
  },
  {
    mode: "REAL_AS_FLOAT",
    means: "REAL is FLOAT there, and is read as DOUBLE",
    instead: "Write FLOAT or DOUBLE.",
    has: (token) => token.kind === "word" && token.upper === "REAL",
  },
];

const PLAIN = /^(?:NULL|EXISTS|LIKE|IN|REGEXP|RLIKE|ENFORCED|DETERMINISTIC|FOUND|VISIBLE)$/;

/** NOT NULL, IF NOT EXISTS, NOT LIKE and the like mean the same in each mode. */
const isPlainNot = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.upper === "NOT" && PLAIN.test(tokens[at + 1]?.upper ?? "");

/**
 * Files are read in the default SQL mode. Where the server's makes something else of a statement, it would not do what it
 * was planned as.
 *
 * @throws Refusal
 */
export function refuseOtherText({ catalog, dialect, statement, up, down, fill }: MysqlContext): void {
  const modes = catalog.sqlModes ?? [];
  const meant = OTHER_TEXT.filter(({ mode }) => modes.includes(mode));
  if (meant.length === 0) return;
  for (const text of [statement, up, down, fill]) {
    const { tokens } = tokenize(text ?? "", dialect);
    for (const { mode, means, instead, has } of meant)
      if (tokens.some((token, at) => has(token) && !isPlainNot(tokens, at)))
        throw new Refusal(`The server's sql_mode has ${mode}: ${means}.`, instead);
  }
}
