import fc from "fast-check";
import { quote as mysqlQuote } from "../../../src/engines/mysql/names.js";
import { quote as postgresQuote } from "../../../src/engines/postgres/names.js";

/** A table with rows, and statements that change it. */
export interface RandomChange {
  readonly table: string;
  /** Creates the table and fills it. */
  readonly setup: readonly string[];
  readonly statements: readonly string[];
  /** The table's name when they have run. */
  readonly after: string;
}

type Dialect = "postgres" | "mysql" | "mariadb";

/** A type, wider or other types that its values become by themselves, and literals. */
interface Kind {
  readonly type: string;
  readonly becomes: readonly string[];
  readonly values: readonly string[];
  /** Takes a plain index. */
  readonly indexed: boolean;
}

const kind = (type: string, becomes: readonly string[], values: readonly string[], indexed = true): Kind => ({
  type,
  becomes,
  values,
  indexed,
});

const KINDS: Readonly<Record<"postgres" | "mysql", readonly Kind[]>> = {
  postgres: [
    kind("int", ["bigint", "numeric(20,2)", "text"], ["0", "-7", "2147483647", "42"]),
    kind("bigint", ["numeric(30,0)", "text"], ["0", "9223372036854775807", "-1"]),
    kind("varchar(20)", ["varchar(40)", "text"], ["''", "'a'", "'it''s'", "'Ünï ☃'"]),
    kind("text", ["varchar(400)"], ["''", "'NULL'", "'a\\b'", "'{}'"]),
    kind("numeric(8,2)", ["numeric(12,2)", "numeric(12,4)", "text"], ["1.50", "-0.01", "999999.99"]),
    kind("boolean", ["text"], ["true", "false"]),
    kind("timestamptz", ["timestamptz(3)"], ["'2026-01-01 00:00:00.123456+02'", "'epoch'"]),
    kind("uuid", ["text"], ["'c0ffee00-0000-4000-8000-000000000001'", "'00000000-0000-0000-0000-000000000000'"]),
    kind("jsonb", ["json", "text"], [`'{"a": [1, null]}'`, "'1.0'"], false),
    kind("text[]", [], ["'{}'", `'{a,NULL,"b c"}'`]),
  ],
  mysql: [
    kind("int", ["bigint", "decimal(20,2)", "varchar(30)"], ["0", "-7", "2147483647", "42"]),
    kind("bigint unsigned", ["decimal(30,0)"], ["0", "18446744073709551615"]),
    kind("varchar(20)", ["varchar(40)", "varchar(400)", "text"], ["''", "'a'", "'it''s'", "'Ünï ☃'"]),
    kind("text", ["mediumtext"], ["''", "'NULL'", "'a\\\\b'"], false),
    kind("decimal(8,2)", ["decimal(12,2)", "decimal(12,4)"], ["1.50", "-0.01", "999999.99"]),
    kind("datetime(3)", ["datetime(6)"], ["'2026-01-01 00:00:00.123'", "'1000-01-01 00:00:00'"]),
    kind("enum('x','y')", ["enum('x','y','z')", "varchar(20)"], ["'x'", "'y'"]),
    kind("varbinary(20)", ["varbinary(200)"], ["x'00ff'", "''"]),
    kind("json", [], [`'{"a": [1, null]}'`, "'1.0'"], false),
  ],
};

const NAMES = ["a", "B c", 'q"uote`', "select", "naïve", "zmigrate", `long_${"x".repeat(58)}`, "it's"];

interface Column {
  readonly name: string;
  readonly kind: Kind;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly index: "none" | "plain" | "pair";
}

const columnOf = (dialect: "postgres" | "mysql", name: string): fc.Arbitrary<Column> =>
  fc.constantFrom(...KINDS[dialect]).chain((k) =>
    fc.record({
      name: fc.constant(name),
      kind: fc.constant(k),
      notNull: fc.boolean(),
      default: fc.option(fc.constantFrom(...k.values), { freq: 2 }),
      index: k.indexed
        ? fc.constantFrom("none" as const, "plain" as const, "pair" as const)
        : fc.constant("none" as const),
    }),
  );

type Change = "rename" | "retype" | "set-not-null" | "drop-not-null" | "set-default" | "drop-default" | "drop" | "add";
const CHANGES: readonly Change[] = [
  "rename",
  "retype",
  "set-not-null",
  "drop-not-null",
  "set-default",
  "drop-default",
  "drop",
  "add",
];

interface Pick {
  readonly change: Change;
  readonly type: number;
  readonly value: number;
}

/** A column as MODIFY says it again. */
const modified = (type: string, notNull: boolean, fallback: string | null) =>
  `${type} ${notNull ? "NOT NULL" : "NULL"}${fallback === null ? "" : ` DEFAULT ${fallback}`}`;

/** MySQL takes no literal as the default of these. */
const hasNoDefault = (dialect: Dialect, { type }: Kind): boolean =>
  dialect !== "postgres" && /^(?:text|json)$/.test(type);

const at = <T>(of: readonly T[], n: number): T | undefined => (of.length === 0 ? undefined : of[n % of.length]);

/** One statement about a column; null where the change says nothing about it. */
function statementOf(dialect: Dialect, table: string, column: Column, { change, type, value }: Pick): string | null {
  const quote = dialect === "postgres" ? postgresQuote : mysqlQuote;
  const [t, c] = [quote(table), quote(column.name)];
  const own = dialect === "postgres";
  const other = at(column.kind.becomes, type);
  const literal = at(column.kind.values, value) ?? "NULL";
  const noDefault = hasNoDefault(dialect, column.kind);
  const kept = noDefault ? null : column.default;
  switch (change) {
    case "rename":
      return `ALTER TABLE ${t} RENAME COLUMN ${c} TO ${quote(`new ${column.name.slice(0, 40)}`)}`;
    case "retype":
      if (other === undefined) return null;
      if (!own)
        return kept === null ? `ALTER TABLE ${t} MODIFY COLUMN ${c} ${modified(other, column.notNull, null)}` : null;
      return `ALTER TABLE ${t} ALTER COLUMN ${c} TYPE ${other}${column.kind.type === "jsonb" || other !== "text" ? "" : ` USING ${c}::text`}`;
    case "set-not-null":
    case "drop-not-null": {
      const strict = change === "set-not-null";
      if (strict === column.notNull) return null;
      if (!own) return `ALTER TABLE ${t} MODIFY COLUMN ${c} ${modified(column.kind.type, strict, kept)}`;
      return `ALTER TABLE ${t} ALTER COLUMN ${c} ${strict ? "SET" : "DROP"} NOT NULL`;
    }
    case "set-default":
      return noDefault ? null : `ALTER TABLE ${t} ALTER COLUMN ${c} SET DEFAULT ${literal}`;
    case "drop-default":
      return noDefault ? null : `ALTER TABLE ${t} ALTER COLUMN ${c} DROP DEFAULT`;
    case "drop":
      return `ALTER TABLE ${t} DROP COLUMN ${c}`;
    case "add":
      return `ALTER TABLE ${t} ADD COLUMN ${quote(`added ${column.name.slice(0, 40)}`)} ${column.kind.type}${noDefault ? "" : ` NOT NULL DEFAULT ${literal}`}`;
  }
}

const ROWS = 25;

function rowsOf(
  columns: readonly Column[],
  seed: readonly number[],
  quote: (name: string) => string,
  table: string,
): string {
  const names = ["id", ...columns.map((c) => quote(c.name))].join(", ");
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const values = columns.map((c, n) => {
      const pick = (seed[(row + n * 7) % seed.length] ?? 0) + row;
      return !c.notNull && pick % 4 === 0 ? "NULL" : (at(c.kind.values, pick) ?? "NULL");
    });
    return `(${[row * 3 + 1, ...values].join(", ")})`;
  });
  return `INSERT INTO ${quote(table)} (${names}) VALUES ${rows.join(", ")}`;
}

interface Drawn {
  readonly columns: readonly Column[];
  readonly picks: readonly Pick[];
  readonly seed: readonly number[];
  readonly table: string;
}

function changeOf(dialect: Dialect, { columns, picks, seed, table }: Drawn): RandomChange {
  const quote = dialect === "postgres" ? postgresQuote : mysqlQuote;
  const definitions = columns.map((c) => {
    const fallback = c.default === null || hasNoDefault(dialect, c.kind) ? "" : ` DEFAULT ${c.default}`;
    return `${quote(c.name)} ${c.kind.type}${c.notNull ? " NOT NULL" : ""}${fallback}`;
  });
  const indexes = columns.flatMap((c, n) => {
    if (c.index === "none") return [];
    const keys = c.index === "pair" ? `${quote(c.name)}, id` : quote(c.name);
    return [`CREATE INDEX ${quote(`i${n}`)} ON ${quote(table)} (${keys})`];
  });
  return {
    table: quote(table),
    setup: [
      `CREATE TABLE ${quote(table)} (id int NOT NULL PRIMARY KEY, ${definitions.join(", ")})${dialect === "postgres" ? "" : " CHARACTER SET utf8mb4"}`,
      ...indexes,
      rowsOf(columns, seed, quote, table),
    ],
    statements: picks.flatMap((pick, n) => {
      const column = columns[n];
      return column === undefined ? [] : (statementOf(dialect, table, column, pick) ?? []);
    }),
    after: quote(table),
  };
}

/** Small tables of any columns with any values, and up to three changes of different columns. */
export function randomChange(dialect: Dialect): fc.Arbitrary<RandomChange> {
  const kinds = dialect === "postgres" ? "postgres" : "mysql";
  const pick = fc.record({ change: fc.constantFrom(...CHANGES), type: fc.nat(5), value: fc.nat(5) });
  const names = fc.shuffledSubarray(NAMES, { minLength: 2, maxLength: 4 });
  return names
    .chain((chosen) =>
      fc.record({
        columns: fc.tuple(...chosen.map((name) => columnOf(kinds, name))),
        picks: fc.array(pick, { minLength: 1, maxLength: 3 }),
        seed: fc.array(fc.nat(20), { minLength: 5, maxLength: 5 }),
        table: fc.constantFrom("t", 'T "x"', "select", `tab_${"y".repeat(56)}`),
      }),
    )
    .map((drawn) => changeOf(dialect, drawn))
    .filter((change) => change.statements.length > 0);
}
