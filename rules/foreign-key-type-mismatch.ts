import { findTable } from "../src/engines/engine.js";
import { differenceOf } from "../src/engines/mysql/effects/foreign-columns.js";
import { lettersOf as tableLetters } from "../src/engines/mysql/table-charset.js";
import { isOfExtension, typeName as readType, userType } from "../src/engines/postgres/effects/type-names.js";
import type { Catalog, Column, Table } from "../src/model/catalog.js";
import type { ColumnDefinition, ForeignKeyTarget, Operation } from "../src/model/operation.js";
import { refusedTypes } from "./mysql-refused-foreign-key.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";
import { typeName } from "./written-columns.js";

interface Reference {
  readonly columns: readonly string[];
  readonly target: ForeignKeyTarget;
  /** Columns that the statement itself defines. */
  readonly defined: readonly ColumnDefinition[];
  /** What they have that say nothing of their letters. */
  readonly table: Pick<Table, "characterSet" | "collation">;
}

/** Types that fit each other though they are called differently. */
const KINDS: Readonly<Record<string, string>> = {
  int: "integer",
  int4: "integer",
  serial: "integer",
  serial4: "integer",
  int8: "bigint",
  bigserial: "bigint",
  serial8: "bigint",
  int2: "smallint",
  smallserial: "smallint",
  serial2: "smallint",
  varchar: "text",
  "character varying": "text",
  decimal: "numeric",
};

/** A type as it is compared. */
interface Kind {
  readonly name: string;
  /** It may be a domain over another one, which files do not tell. */
  readonly untold: boolean;
  /** The enum that it is a domain over; absent for all others. */
  readonly over?: string;
}

const plainKind = (type: string): Kind => ({ name: KINDS[typeName(type)] ?? typeName(type), untold: false });

/** On PostgreSQL a key of a domain is one of the type that it is over; over an enum, the server refuses it (42804). */
function kindOnPostgres(type: string, catalog: Catalog): Kind {
  const read = readType(type);
  if (read === null) return plainKind(type);
  const known = userType(read, catalog);
  const base = known?.kind === "domain" && known.base !== null && !read.array ? readType(known.base) : null;
  const isOverEnum = base !== null && !base.array && userType(base, catalog)?.kind === "enum";
  if (known?.base != null && base !== null && !isOverEnum) return kindOnPostgres(known.base, catalog);
  const schema = isOfExtension(read) ? null : (read.schema ?? catalog.defaultSchema);
  const own = KINDS[read.name] ?? read.name;
  const name = read.schema === "pg_catalog" ? own : `${schema}\0${read.name}`;
  return {
    name: read.array ? `${name}[]` : name,
    untold: read.schema !== "pg_catalog" && !isOfExtension(read) && known === null,
    ...(isOverEnum && known?.base != null ? { over: known.base } : {}),
  };
}

function referencesOf(operation: Operation, known: Table | null): readonly Reference[] {
  const made = operation.kind === "create-table" ? tableLetters(operation.options ?? []) : null;
  const of = (columns: readonly string[], target: ForeignKeyTarget | null, defined: Reference["defined"]) =>
    target === null ? [] : [{ columns, target, defined, table: made ?? known ?? {} }];
  if (operation.kind === "create-table") {
    const { columns: defined, constraints } = operation;
    const own = defined.flatMap(({ name, references }) => of([name], references, defined));
    return [...own, ...constraints.flatMap(({ columns, references }) => of(columns, references, defined))];
  }
  if (operation.kind === "add-column") {
    const { column } = operation;
    return of([column.name], column.references, [column]);
  }
  const constraint = detailOf(operation, "add-constraint")?.constraint;
  return constraint === undefined ? [] : of(constraint.columns, constraint.references, []);
}

function pointedAt(table: Table, { columns }: ForeignKeyTarget): readonly string[] {
  return columns.length > 0 ? columns : (table.constraints.find(({ kind }) => kind === "primary-key")?.columns ?? []);
}

interface Mismatch {
  readonly column: string;
  readonly what: "type" | "letters" | "domain";
  readonly is: string;
  readonly other: string;
  /** One that may be a domain over the other's type. */
  readonly untold: string | null;
}

function mismatchOnPostgres(
  column: string,
  mine: ColumnDefinition | Column,
  other: Column,
  catalog: Catalog,
): Mismatch | null {
  const [here, there] = [kindOnPostgres(mine.type, catalog), kindOnPostgres(other.type, catalog)];
  if (here.name !== there.name) {
    const untold = here.untold ? mine.type : there.untold ? other.type : null;
    return { column, what: "type", is: mine.type, other: other.type, untold };
  }
  return here.over === undefined ? null : { column, what: "domain", is: mine.type, other: here.over, untold: null };
}

/** The first pair of columns that are both known and differ. */
function mismatchOf(
  reference: Reference,
  known: Table | null,
  { catalog, engine: { name } }: RuleContext,
): Mismatch | null {
  const target = findTable(catalog, reference.target.relation);
  if (target === null) return null;
  const names = pointedAt(target, reference.target);
  const pairs = reference.columns.map((column, at) => {
    const mine = [...reference.defined, ...(known?.columns ?? [])].find(({ name }) => name === column);
    const other = target.columns.find(({ name }) => name === names[at]);
    if (mine === undefined || other === undefined) return null;
    if (name === "postgres") return mismatchOnPostgres(column, mine, other, catalog);
    const found = differenceOf(mine, reference.table, other, target, name);
    return found === null
      ? null
      : ({ column, ...found, what: found.what === "letters" ? "letters" : "type", untold: null } as const);
  });
  return pairs.find((pair) => pair !== null) ?? null;
}

/** PostgreSQL's integers, the narrowest first. */
const INTEGERS: readonly string[] = ["smallint", "integer", "bigint"];

/** What becomes of a key between two types: test/rules/foreign-key-type-mismatch.server.test.ts. */
function consequence({ is, other }: Mismatch, own: boolean): string {
  if (!own) return "a server that reads the key refuses it (3780, 1005)";
  const [mine, theirs] = [is, other].map((type) => INTEGERS.indexOf(plainKind(type).name));
  if (mine === undefined || theirs === undefined || mine < 0 || theirs < 0)
    return "the server refuses the key (42804), or converts one of them at each comparison";
  return mine < theirs
    ? `rows beyond ${is} cannot be pointed at (22003)`
    : "one of them is converted at each comparison";
}

export const rule: Rule = {
  id: "foreign-key-type-mismatch",
  engines: ALL_ENGINES,
  severity: "warning",
  aside: true,
  onFreshTables: true,
  protects:
    "A foreign key of another type than its target is refused, or casts at each comparison and overflows one day.",
  check(context) {
    const { operation, catalog, engine } = context;
    const { relation } = operation;
    // `contradicting-history` says it.
    if (relation === null || refusedTypes(context) !== null) return null;
    const known = operation.kind === "create-table" ? null : findTable(catalog, relation);
    const found = referencesOf(operation, known)
      .map((one) => mismatchOf(one, known, context))
      .find((one) => one !== null);
    if (found === undefined || found === null) return null;
    const { what, is, other, untold } = found;
    const assumed = untold === null ? "" : ` Assumed: ${untold} is no domain over the same: files do not tell.`;
    const column = engine.quote(found.column);
    if (what === "domain")
      return {
        message: `${column} and what it points at are of a domain over the enum ${other}: the server refuses the key (42804).`,
        help: `Make both of them ${other}, with a CHECK of their tables in the place of the domain's.`,
      };
    return {
      message:
        what === "type"
          ? `${column} is ${is}, and what it points at is ${other}: ${consequence(found, engine.name === "postgres")}.${assumed}`
          : `${column} has the letters of ${is}, and what it points at those of ${other}: the server refuses the key (3780, 1005).`,
      help: `Give it the ${what} of its target: ${other}.`,
    };
  },
  bad: [
    {
      sql: "CREATE TABLE teams (id bigint PRIMARY KEY);\nCREATE TABLE users (team_id int REFERENCES teams (id));",
      engines: ["postgres", "mysql"],
    },
    {
      sql: "CREATE TABLE teams (id bigint PRIMARY KEY);\nALTER TABLE users ADD COLUMN team_id int REFERENCES teams (id);",
    },
    {
      sql: "CREATE TABLE teams (name varchar(9) UNIQUE) DEFAULT CHARSET=utf8mb4;\nALTER TABLE users ADD COLUMN team varchar(9) CHARACTER SET latin1 REFERENCES teams (name);",
      engines: ["mysql", "mariadb"],
    },
  ],
  good: [
    {
      sql: "CREATE TABLE teams (name varchar(9) UNIQUE) DEFAULT CHARSET=utf8mb4;\nCREATE TABLE users (team varchar(20) CHARACTER SET utf8mb4, FOREIGN KEY (team) REFERENCES teams (name)) DEFAULT CHARSET=latin1;",
      engines: ["mysql", "mariadb"],
    },
    { sql: "CREATE TABLE teams (id bigint PRIMARY KEY);\nCREATE TABLE users (team_id bigint REFERENCES teams (id));" },
    { sql: "CREATE TABLE users (team_id int REFERENCES teams (id));" },
    {
      sql: "CREATE DOMAIN team_name AS text;\nCREATE TABLE teams (name team_name UNIQUE);\nCREATE TABLE users (team text REFERENCES teams (name));",
      engines: ["postgres"],
    },
  ],
};
