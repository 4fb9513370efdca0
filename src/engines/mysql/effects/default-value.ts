import type { MysqlDialect } from "../parse/dialect.js";
import { tokenize } from "../parse/lexer.js";
import type { Token } from "../parse/token.js";

/** How the rows that are there get a default. */
export interface DefaultValue {
  /** The value is the same in every row, so that the server may keep it beside the table. */
  readonly instant: boolean;
  /** MySQL refuses it where the binary log is on. */
  readonly unsafe: boolean;
  /** The expression is not known, and taken for one that is computed for each row. */
  readonly unknown: boolean;
}

const CLOCK = /^(current_timestamp|now|localtime|localtimestamp)\s*(\(\s*\d*\s*\))?$/i;
const CONSTANT: ReadonlySet<string> = new Set(["TRUE", "FALSE", "NULL"]);

/** MySQL 9.7 answers 1674 to these: each call gives something else, or the session's user. */
const UNSAFE: ReadonlySet<string> = new Set(
  "UUID UUID_SHORT RAND RANDOM_BYTES USER CURRENT_USER SESSION_USER SYSTEM_USER SYSDATE".split(" "),
);

/** Functions that give another value in each call, or in each session. @param name in upper case */
export const changesEachTime = (name: string): boolean => UNSAFE.has(name) || OF_SESSION.has(name);

const OF_SESSION: ReadonlySet<string> = new Set(
  "CONNECTION_ID CURRENT_ROLE DATABASE FOUND_ROWS ROWNUM ROW_COUNT SCHEMA SYS_GUID".split(" "),
);

/** MariaDB computes these once for all rows, as seen on 10.11. */
const ONCE: ReadonlySet<string> = new Set(
  `NOW CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP CURDATE CURRENT_DATE CURTIME CURRENT_TIME UTC_DATE UTC_TIME
  CONCAT FLOOR CEIL CEILING ABS ROUND LOWER UPPER JSON_ARRAY JSON_OBJECT UNIX_TIMESTAMP USER CURRENT_USER
  RAND DATE TIME TIMESTAMP TRUE FALSE NULL INTERVAL DAY HOUR MINUTE SECOND MONTH YEAR WEEK`.split(/\s+/),
);

/**
 * What a default's text means for ADD COLUMN.
 *
 * @example
 * defaultValue("(uuid())", "mysql") // { instant: false, unsafe: true, unknown: false }
 */
export function defaultValue(text: string, dialect: MysqlDialect): DefaultValue {
  if (CLOCK.test(text.trim())) return { instant: true, unsafe: false, unknown: false };
  const { tokens, problems } = tokenize(text, dialect);
  const words = tokens.filter((t) => t.kind === "word" || t.kind === "quoted");
  if (problems.length === 0 && isLiteral(tokens, dialect)) return { instant: true, unsafe: false, unknown: false };
  if (dialect === "mysql") return { instant: false, unsafe: words.some((w) => UNSAFE.has(w.upper)), unknown: false };
  const once = problems.length === 0 && words.every((w) => w.kind === "word" && ONCE.has(w.upper));
  const known = once || words.some((w) => w.upper === "UUID" || w.upper === "UUID_SHORT");
  return { instant: once, unsafe: false, unknown: !known };
}

/** Numbers and strings, with signs and introducers. On MariaDB brackets and arithmetic around them change nothing. */
function isLiteral(tokens: readonly Token[], dialect: MysqlDialect): boolean {
  if (dialect === "mysql" && tokens.some((t) => t.text === "(")) return false;
  return tokens.every((t, i) => t.kind !== "quoted" && (t.kind !== "word" || isConstant(tokens, i)));
}

function isConstant(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined) return false;
  return CONSTANT.has(token.upper) || /^(string|number)$/.test(tokens[at + 1]?.kind ?? "");
}
