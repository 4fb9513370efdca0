import type { Session } from "../../engine.js";
import { quote } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { tokenize } from "../parse/lexer.js";
import type { Token } from "../parse/token.js";

/** What an INSERT or REPLACE writes. */
export interface Inserted {
  readonly table: string;
  /** Null without a list: all columns in their order. */
  readonly columns: readonly string[] | null;
  /** IGNORE puts something in the place of what must not be NULL. */
  readonly ignores: boolean;
}

const BEFORE_TABLE: ReadonlySet<string> = new Set(["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO"]);
const AFTER_LIST: ReadonlySet<string> = new Set(["VALUES", "VALUE", "SELECT", "SET", "WITH", "TABLE", "("]);

const isWord = (token: Token | undefined): token is Token => token?.kind === "word" || token?.kind === "quoted";

/** Names in front of `=` on the top level behind SET. */
function assigned(tokens: readonly Token[]): string[] {
  let depth = 0;
  return tokens.flatMap((token, i) => {
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    const begins = i === 0 || tokens[i - 1]?.text === "," || tokens[i - 1]?.text === ".";
    return depth === 0 && begins && isWord(token) && tokens[i + 1]?.text === "=" ? [token.value] : [];
  });
}

/** The columns behind the table's name, where a list of them stands there. */
function listed(tokens: readonly Token[]): string[] | null {
  if (tokens[0]?.upper === "SET") return assigned(tokens.slice(1));
  if (tokens[0]?.text !== "(") return null;
  const close = tokens.findIndex((t) => t.text === ")");
  const within = tokens.slice(1, close);
  if (isWord(within[0]) && AFTER_LIST.has(within[0].upper)) return null;
  return within.filter((t, i) => isWord(t) && within[i + 1]?.text !== ".").map((t) => t.value);
}

/**
 * What an INSERT or REPLACE writes; null for another statement.
 *
 * @example
 * insertedBy("INSERT INTO t (a, b) VALUES (?, ?)", "mysql") // { table: "t", columns: ["a", "b"], ignores: false }
 */
export function insertedBy(sql: string, dialect: MysqlDialect): Inserted | null {
  const { tokens } = tokenize(sql, dialect);
  if (tokens[0]?.upper !== "INSERT" && tokens[0]?.upper !== "REPLACE") return null;
  let at = 1;
  while (tokens[at]?.kind === "word" && BEFORE_TABLE.has(tokens[at]?.upper ?? "")) at += 1;
  const ignores = tokens.slice(1, at).some((t) => t.upper === "IGNORE");
  if (tokens[at + 1]?.text === ".") at += 2;
  const name = tokens[at];
  return isWord(name) ? { table: name.value, columns: listed(tokens.slice(at + 1)), ignores } : null;
}

interface ColumnRow {
  readonly name: string;
  /** 1 where it takes no NULL and has nothing to put in its place; an ENUM has its first value. */
  readonly strict: number;
}

interface TriggerRow {
  readonly name: string;
  readonly body: string;
}

const COLUMNS = `SELECT c.column_name AS name, c.is_nullable = 'NO' AND c.column_default IS NULL AND c.data_type <> 'enum'
    AND c.extra NOT LIKE '%auto_increment%' AND c.extra NOT LIKE '%GENERATED%' AS strict
  FROM information_schema.columns c
  JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
  WHERE c.table_schema = DATABASE() AND c.table_name = ? AND c.extra NOT LIKE '%INVISIBLE%' ORDER BY c.ordinal_position`;

const TRIGGERS = `SELECT trigger_name AS name, action_statement AS body FROM information_schema.triggers
  WHERE event_object_schema = DATABASE() AND event_object_table = ? AND action_timing = 'BEFORE' AND event_manipulation = 'INSERT'`;

/** What a trigger makes of a column that is left out: ours fill it by themselves, or from another one that is given. */
function filledBy(
  triggers: readonly TriggerRow[],
  column: string,
  others: readonly string[],
  given: ReadonlySet<string>,
) {
  const naming = triggers.filter((t) => t.body.includes(column));
  const fills = naming.some(({ name, body }) => {
    const named = others.filter((other) => body.includes(quote(other)));
    return name.startsWith("zmigrate_") && (named.length === 0 || named.some((o) => given.has(o.toLowerCase())));
  });
  if (fills) return "filled";
  return naming.some((t) => !t.name.startsWith("zmigrate_")) ? "perhaps" : "empty";
}

/** The columns that an INSERT writes by their names, and those that it leaves out although they must not be NULL. */
export async function writtenColumns(session: Session, { table, columns, ignores }: Inserted) {
  const rows = await session.query<ColumnRow>(COLUMNS, [table]);
  const triggers = await session.query<TriggerRow>(TRIGGERS, [table]);
  const names = rows.map((r) => r.name);
  const given = new Set((columns ?? names).map((name) => name.toLowerCase()));
  const leftOut = rows.filter((r) => !ignores && Number(r.strict) === 1 && !given.has(r.name.toLowerCase()));
  const of = (kind: ReturnType<typeof filledBy>) =>
    leftOut
      .map((r) => r.name)
      .filter(
        (name) =>
          filledBy(
            triggers,
            name,
            names.filter((n) => n !== name),
            given,
          ) === kind,
      );
  return {
    written: columns ?? names,
    missing: of("empty")[0] ?? null,
    maybe: of("perhaps").map((n) => `${table}.${n}`),
  };
}
