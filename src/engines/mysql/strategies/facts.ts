import type { RelationName } from "../../../model/name.js";
import { LENT_ENUM, literal } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";

const schemaOf = (relation: RelationName) => (relation.schema === null ? "DATABASE()" : literal(relation.schema));

const exists = (view: string, where: string) => `EXISTS (SELECT 1 FROM information_schema.${view} WHERE ${where})`;

/** SQL conditions over information_schema: what probes, repairs and undo ask. Each is one boolean expression. */
export const hasTable = (relation: RelationName): string =>
  exists("TABLES", `TABLE_SCHEMA = ${schemaOf(relation)} AND TABLE_NAME = ${literal(relation.name)}`);

const columnWhere = (relation: RelationName, column: string) =>
  `TABLE_SCHEMA = ${schemaOf(relation)} AND TABLE_NAME = ${literal(relation.name)} AND COLUMN_NAME = ${literal(column)}`;

export const hasColumn = (relation: RelationName, column: string): string =>
  exists("COLUMNS", columnWhere(relation, column));

/** The column exists and its name has this very case. */
export const spelled = (relation: RelationName, column: string): string =>
  exists(
    "COLUMNS",
    `${columnWhere(relation, column)} AND CAST(COLUMN_NAME AS BINARY) = CAST(${literal(column)} AS BINARY)`,
  );

/**
 * The column exists and has any default but NULL. MariaDB prints a missing one of a nullable column as NULL, too; MySQL 9.7
 * prints none for an expression that `ALTER COLUMN ... SET DEFAULT` has given a column without one, until the next ALTER.
 */
export const hasDefault = (relation: RelationName, column: string): string =>
  exists(
    "COLUMNS",
    `${columnWhere(relation, column)} AND (COALESCE(COLUMN_DEFAULT, 'NULL') <> 'NULL' OR EXTRA LIKE '%DEFAULT_GENERATED%')`,
  );

/** Both columns exist and have the same default, none or NULL excepted. */
export function haveSameDefault(relation: RelationName, a: string, b: string): string {
  const text = (column: string) =>
    `(SELECT CAST(COLUMN_DEFAULT AS BINARY) FROM information_schema.COLUMNS WHERE ${columnWhere(relation, column)})`;
  return `COALESCE(${text(a)} = ${text(b)}, FALSE)`;
}

/** The column exists, and its default is printed so: a regular expression for the whole of it. */
export const hasDefaultLike = (relation: RelationName, column: string, printed: string): string =>
  exists("COLUMNS", `${columnWhere(relation, column)} AND COLUMN_DEFAULT REGEXP ${literal(`^${printed}$`)}`);

export const isNotNull = (relation: RelationName, column: string): string =>
  exists("COLUMNS", `${columnWhere(relation, column)} AND IS_NULLABLE = 'NO'`);

/** One column stands before another in the table. */
export const standsBefore = (relation: RelationName, first: string, second: string): string => {
  const position = (column: string) =>
    `(SELECT ORDINAL_POSITION FROM information_schema.COLUMNS WHERE ${columnWhere(relation, column)})`;
  return `COALESCE(${position(first)} < ${position(second)}, FALSE)`;
};

export const hasIndex = (relation: RelationName, index: string): string =>
  exists(
    "STATISTICS",
    `TABLE_SCHEMA = ${schemaOf(relation)} AND TABLE_NAME = ${literal(relation.name)} AND INDEX_NAME = ${literal(index)}`,
  );

/** The index exists and no query uses it. */
export const isHiddenIndex = (relation: RelationName, index: string, dialect: MysqlDialect): string =>
  exists(
    "STATISTICS",
    `TABLE_SCHEMA = ${schemaOf(relation)} AND TABLE_NAME = ${literal(relation.name)} AND INDEX_NAME = ${literal(index)} AND ${dialect === "mysql" ? "IS_VISIBLE = 'NO'" : "IGNORED = 'YES'"}`,
  );

export const hasTrigger = (relation: RelationName, trigger: string): string =>
  exists("TRIGGERS", `TRIGGER_SCHEMA = ${schemaOf(relation)} AND TRIGGER_NAME = ${literal(trigger)}`);

/** There is a trigger of ours on the table. */
export const hasOwnTrigger = (relation: RelationName): string =>
  exists(
    "TRIGGERS",
    `EVENT_OBJECT_SCHEMA = ${schemaOf(relation)} AND EVENT_OBJECT_TABLE = ${literal(relation.name)} AND LEFT(TRIGGER_NAME, 9) = 'zmigrate_'`,
  );

/** Rows of information_schema.COLUMNS: the table's ENUMs, or those of them with these names, that have a default of ours. */
export const isLentEnum = (relation: RelationName, own: readonly string[] | null = null): string =>
  `${own === null ? "" : `COLUMN_NAME IN (${own.map(literal).join(", ")}) AND `}TABLE_SCHEMA = ${schemaOf(relation)} AND TABLE_NAME = ${literal(relation.name)} AND DATA_TYPE = 'enum' AND COLUMN_DEFAULT IN (${literal(LENT_ENUM)}, ${literal(LENT_ENUM.slice(1, -1))})`;

export const hasLentEnum = (relation: RelationName, own: readonly string[] | null = null): string =>
  exists("COLUMNS", isLentEnum(relation, own));

/** A foreign key, a CHECK or the primary key of this name: a unique one is an index, and may be called as they are. */
export const hasConstraint = (relation: RelationName, constraint: string): string =>
  exists(
    "TABLE_CONSTRAINTS",
    `TABLE_SCHEMA = ${schemaOf(relation)} AND TABLE_NAME = ${literal(relation.name)} AND CONSTRAINT_NAME = ${literal(constraint)} AND CONSTRAINT_TYPE <> 'UNIQUE'`,
  );

/** The primary key has these very columns, in this order. */
export function primaryKeyIs(relation: RelationName, columns: readonly string[]): string {
  const place = `TABLE_SCHEMA = ${schemaOf(relation)} AND TABLE_NAME = ${literal(relation.name)} AND INDEX_NAME = 'PRIMARY'`;
  const listed = `SELECT LOWER(GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX SEPARATOR ',')) FROM information_schema.STATISTICS`;
  return `COALESCE((${listed} WHERE ${place}) = LOWER(${literal(columns.join(","))}), FALSE)`;
}

/** The column has a CHECK in its definition (MariaDB), which is called like the column. */
export const isColumnChecked = (relation: RelationName, column: string): string =>
  exists(
    "CHECK_CONSTRAINTS",
    `CONSTRAINT_SCHEMA = ${schemaOf(relation)} AND TABLE_NAME = ${literal(relation.name)} AND CONSTRAINT_NAME = ${literal(column)} AND LEVEL = 'Column'`,
  );

/** A CHECK that rows are held to (MySQL). */
export const isEnforced = (relation: RelationName, check: string): string =>
  exists(
    "TABLE_CONSTRAINTS",
    `TABLE_SCHEMA = ${schemaOf(relation)} AND TABLE_NAME = ${literal(relation.name)} AND CONSTRAINT_NAME = ${literal(check)} AND ENFORCED = 'YES'`,
  );

const unquoted = (name: string) => name.replace(/^`|`$/g, "").replaceAll("``", "`");

/** MariaDB's roles and PUBLIC have no host. */
function isAccount(grantee: string): string {
  const at = grantee.lastIndexOf("`@`");
  const [user, host] = at < 0 ? [grantee, ""] : [grantee.slice(0, at + 1), grantee.slice(at + 2)];
  return `User = ${literal(unquoted(user))} AND Host = ${literal(unquoted(host))}`;
}

/**
 * The account has the privilege on the column by itself. MariaDB's roles and PUBLIC have no host. Asked of the table that
 * the plan was made from: not everybody who may read that one sees the same in information_schema.COLUMN_PRIVILEGES.
 */
export function hasColumnGrant(
  relation: RelationName,
  column: string,
  { privilege, grantee }: { readonly privilege: string; readonly grantee: string },
): string {
  const place = `Db = ${schemaOf(relation)} AND Table_name = ${literal(relation.name)} AND LOWER(Column_name) = LOWER(${literal(column)})`;
  return `EXISTS (SELECT 1 FROM mysql.columns_priv WHERE ${place} AND ${isAccount(grantee)} AND FIND_IN_SET(${literal(privilege)}, UPPER(Column_priv)) > 0)`;
}

export const not = (condition: string): string => `NOT ${condition}`;

export const all = (...conditions: readonly string[]): string => conditions.join(" AND ");

/** A probe's query: done, absent, or half for what is neither. */
export const state = (done: string, absent: string): string =>
  `SELECT IF(${done}, 'done', IF(${absent}, 'absent', 'half')) AS state`;

/** For what is one atomic change: it is done or it is not. */
export const stateOf = (done: string): string => `SELECT IF(${done}, 'done', 'absent') AS state`;

export const hasView = (relation: RelationName): string =>
  exists("VIEWS", `TABLE_SCHEMA = ${schemaOf(relation)} AND TABLE_NAME = ${literal(relation.name)}`);

export const hasRoutine = (relation: RelationName, kind: "FUNCTION" | "PROCEDURE"): string =>
  exists(
    "ROUTINES",
    `ROUTINE_SCHEMA = ${schemaOf(relation)} AND ROUTINE_NAME = ${literal(relation.name)} AND ROUTINE_TYPE = '${kind}'`,
  );

export const hasEvent = (relation: RelationName): string =>
  exists("EVENTS", `EVENT_SCHEMA = ${schemaOf(relation)} AND EVENT_NAME = ${literal(relation.name)}`);

export const hasPartition = (relation: RelationName, partition: string): string =>
  exists(
    "PARTITIONS",
    `TABLE_SCHEMA = ${schemaOf(relation)} AND TABLE_NAME = ${literal(relation.name)} AND PARTITION_NAME = ${literal(partition)}`,
  );

/** The account has the privilege on the table by itself: asked of the table that the plan was made from. */
export function hasTableGrant(relation: RelationName, privilege: string, grantee: string): string {
  const place = `Db = ${schemaOf(relation)} AND Table_name = ${literal(relation.name)}`;
  return `EXISTS (SELECT 1 FROM mysql.tables_priv WHERE ${place} AND ${isAccount(grantee)} AND FIND_IN_SET(${literal(privilege)}, UPPER(Table_priv)) > 0)`;
}
