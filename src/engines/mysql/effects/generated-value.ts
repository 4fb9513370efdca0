import type { Column, Table } from "../../../model/catalog.js";
import type { Breakage } from "../../../model/effect.js";
import type { ColumnDefinition } from "../../../model/operation.js";
import { columnsIn, isColumnPlace } from "../parse/column-mentions.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { tokenize } from "../parse/lexer.js";
import type { Token } from "../parse/token.js";
import { columnIn } from "./facts.js";
import { columnType, type Type, typeOf } from "./modify/type.js";
import { holdsAll } from "./modify/values.js";
import { broken, brokenForAll } from "./subject.js";

/** Functions that give NULL for NULL, and what is written in their brackets. */
const STRICT: ReadonlySet<string> = new Set(
  `LOWER UPPER LCASE UCASE TRIM LTRIM RTRIM REVERSE LEFT RIGHT SUBSTRING SUBSTR MID CONCAT LENGTH CHAR_LENGTH ABS ROUND
  FLOOR CEIL CEILING MOD DATE YEAR MONTH DAY HOUR MINUTE SECOND MD5 SHA SHA1 SHA2 HEX UNHEX CRC32 CAST JSON_EXTRACT
  JSON_UNQUOTE JSON_VALUE JSON_LENGTH LPAD RPAD REPLACE POW POWER SQRT TO_DAYS DATE_FORMAT DATEDIFF UUID_TO_BIN
  BIN_TO_UUID INET_ATON INET6_ATON AS SIGNED UNSIGNED CHAR DECIMAL DATETIME`.split(/\s+/),
);
const OPERATORS: ReadonlySet<string> = new Set(["+", "-", "*", "/", "%", "(", ")", ",", "->", "->>"]);
/** Functions whose text is as long as the one that they take, or shorter. */
const SAME_LENGTH: ReadonlySet<string> = new Set("LOWER UPPER LCASE UCASE TRIM LTRIM RTRIM REVERSE".split(" "));

/** What running code cannot write any more when a computed column is there, as far as the types of its sources tell. */
export function generatedBreaks(column: ColumnDefinition, table: Table | null, dialect: MysqlDialect): Breakage[] {
  if (column.generated === null || table === null) return [];
  const { tokens } = tokenize(column.generated.expression, dialect);
  const why = nullRefused(column, tokens, table) ?? valueRefused(column, tokens, table, dialect);
  if (why === null) return [];
  // Rows that are there are computed where the column is stored, and else at their next UPDATE, whoever does it.
  return column.generated.kind === "virtual" ? brokenForAll("writes", why) : [broken("writes", why)];
}

function nullRefused(column: ColumnDefinition, tokens: readonly Token[], table: Table): string | null {
  if (!column.notNull || !givesNullForNull(tokens)) return null;
  const names = new Map(table.columns.map(({ name }) => [name.toLowerCase(), name] as const));
  const nullable = columnsIn([tokens], names).filter((name) => columnIn(table, name)?.notNull === false);
  if (nullable.length === 0) return null;
  const which = nullable.join(" or ");
  return `every INSERT and UPDATE of a row whose ${which} is NULL fails (1048), as ${column.name} is NOT NULL and computed from it`;
}

function givesNullForNull(tokens: readonly Token[]): boolean {
  return tokens.every(({ kind, text, upper }, at) => {
    if (kind === "string" || kind === "number" || isColumnPlace(tokens, at)) return true;
    return kind === "operator" ? OPERATORS.has(text) : STRICT.has(upper);
  });
}

function valueRefused(
  column: ColumnDefinition,
  tokens: readonly Token[],
  table: Table,
  dialect: MysqlDialect,
): string | null {
  const source = sourceOf(tokens, table);
  if (source === null) return null;
  const [from, to] = [columnType(source.column, dialect), typeOf(column.type, dialect)];
  if (!refuses(from, to, source.bare)) return null;
  const { name, type } = source.column;
  return `every INSERT and UPDATE of a row whose ${name} (${type}) does not fit ${column.type} fails (1264, 1265, 1366, 1406), as ${column.name} is computed from it`;
}

const TEXT = /^(?:var)?char$|^(?:tiny|medium|long)?text$/;
const NUMBER = /int$|^decimal$/;

/** A shorter text, a smaller number, and a number of a text. What is rounded, or printed, is not refused. */
function refuses(from: Type, to: Type, bare: boolean): boolean {
  if (from.json || to.json) return false;
  if (TEXT.test(from.base) && TEXT.test(to.base)) return lettersOf(from) > lettersOf(to);
  if (!bare) return false;
  if (TEXT.test(from.base)) return NUMBER.test(to.base);
  if (/int$/.test(from.base) && /int$/.test(to.base)) return !holdsAll(from, to);
  const whole = ({ numbers: [all = 0, fraction = 0] }: Type) => all - fraction;
  return from.base === "decimal" && to.base === "decimal" && whole(from) > whole(to);
}

const LONG: Readonly<Record<string, number>> = { tinytext: 255, text: 65_535, mediumtext: 2 ** 24, longtext: 2 ** 32 };

const lettersOf = ({ base, numbers }: Type): number => LONG[base] ?? numbers[0] ?? 1;

interface Source {
  readonly column: Column;
  /** Nothing is around it. */
  readonly bare: boolean;
}

/** The column whose value, or all the letters of it, an expression gives: `a`, `lower(a)`, `a COLLATE utf8mb4_bin`. */
function sourceOf(tokens: readonly Token[], table: Table): Source | null {
  const [first, second] = tokens;
  if (first === undefined) return null;
  if (tokens.at(-2)?.upper === "COLLATE") return around(sourceOf(tokens.slice(0, -2), table));
  if (tokens.length === 1) {
    const column = isColumnPlace(tokens, 0) ? columnIn(table, first.value) : null;
    return column === null ? null : { column, bare: true };
  }
  if (first.text === "(" && closes(tokens, 0)) return sourceOf(tokens.slice(1, -1), table);
  if (!SAME_LENGTH.has(first.upper) || second?.text !== "(" || !closes(tokens, 1)) return null;
  return around(sourceOf(tokens.slice(2, -1), table));
}

const around = (source: Source | null): Source | null => (source === null ? null : { ...source, bare: false });

/** The bracket at a place is closed by the last token. */
function closes(tokens: readonly Token[], from: number): boolean {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const text = tokens[at]?.text;
    depth += text === "(" ? 1 : text === ")" ? -1 : 0;
    if (depth === 0) return at === tokens.length - 1;
  }
  return false;
}

const JSON_READ = /->|\bJSON_(?:EXTRACT|UNQUOTE|VALUE)\s*\(/i;

/**
 * What a computed column may refuse though no type tells it: the part of JSON that is no number, or is not there, and a division
 * by 0. Null for nothing.
 */
export function mayRefuse({ name, type, notNull, generated }: ColumnDefinition, dialect: MysqlDialect): string | null {
  if (generated === null) return null;
  const { expression } = generated;
  const { base } = typeOf(type, dialect);
  // With RETURNING, what cannot be converted is NULL.
  if (JSON_READ.test(expression) && !/\bRETURNING\b|\b(?:CASE|IF|NULLIF|REGEXP|JSON_TYPE)\b/i.test(expression)) {
    if (NUMBER.test(base) || /^(?:float|double|date|datetime|timestamp|time|year)$/.test(base))
      return `whose JSON has something there that is no ${type}, as a text or its null, fails (1366, 1292, 3156)`;
    if (notNull) return `whose JSON has nothing there fails (1048), as ${name} is NOT NULL`;
  }
  return isDivided(tokenize(expression, dialect).tokens) ? "whose divisor is 0 fails (1365)" : null;
}

/** By something that is no number, and not NULLIF(..., 0). */
function isDivided(tokens: readonly Token[]): boolean {
  return tokens.some(({ text, upper }, at) => {
    const divisor = tokens[at + 1];
    const divides = text === "/" || text === "%" || upper === "DIV" || (upper === "MOD" && divisor?.text !== "(");
    return (
      divides &&
      divisor !== undefined &&
      divisor.upper !== "NULLIF" &&
      !(divisor.kind === "number" && Number(divisor.value) !== 0)
    );
  });
}
