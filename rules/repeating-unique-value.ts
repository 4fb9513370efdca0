import { constantOf, isSureToHold } from "../src/engines/constant-condition.js";
import { findTable, sameRelation } from "../src/engines/engine.js";
import { mayBeFilled } from "../src/engines/unfilled-column.js";
import type { Column } from "../src/model/catalog.js";
import type { RelationName } from "../src/model/name.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** What must be unique from now on. */
interface Unique {
  readonly columns: readonly (string | null)[];
  /** Two NULLs are the same (PostgreSQL). */
  readonly nulls: boolean;
  readonly where: string | null;
}

function uniqueOf({ operation }: RuleContext): Unique | null {
  if (operation.kind === "add-column") {
    const { name, unique, primaryKey } = operation.column;
    return unique || primaryKey ? { columns: [name], nulls: false, where: null } : null;
  }
  if (operation.kind === "create-index") {
    const columns = operation.keys.map(({ column, text }) => column ?? CALL.exec(text)?.[1] ?? null);
    return operation.unique ? { columns, nulls: SAME_NULLS.test(operation.definition), where: operation.where } : null;
  }
  const added = detailOf(operation, "add-constraint");
  if (added === null || added.usingIndex !== null) return null;
  const { kind, columns, text } = added.constraint;
  const isKey = kind === "unique" || kind === "primary-key";
  return isKey ? { columns, nulls: SAME_NULLS.test(text), where: null } : null;
}

/** `lower(slug)` is the same where the column is. */
const CALL = /^\(*\s*\w+\s*\(\s*["`]?(\w+)["`]?\s*\)\s*\)*$/;
const SAME_NULLS = /\bNULLS\s+NOT\s+DISTINCT\b/i;

/** The columns that the file has added to the table of the operation, in this statement or in front of it. */
function addedTo(relation: RelationName, { addedColumns, siblings, catalog }: RuleContext): readonly string[] {
  const beside = siblings.flatMap((one) =>
    one.kind === "add-column" ? { relation: one.relation, column: one.column.name } : [],
  );
  return [...addedColumns, ...beside]
    .filter((one) => sameRelation(one.relation, relation, catalog.defaultSchema))
    .map(({ column }) => column.toLowerCase());
}

type Defined = Pick<Column, "name" | "default" | "generated" | "identity" | "autoIncrement">;

/** Every row that leaves the column out has the same in it. */
function isSame({ default: value, generated, identity, autoIncrement }: Defined, nulls: boolean): boolean {
  if (generated !== null || identity !== null || autoIncrement) return false;
  const isNull = value === null || /^\(*null\b/i.test(value);
  return isNull ? nulls : constantOf(value) !== null || /^(?:true|false)$/i.test(value);
}

/** The columns of what must be unique, where all of them are the same in every row of running code. */
function repeated(context: RuleContext): readonly Defined[] | null {
  const { operation, catalog } = context;
  const { relation } = operation;
  const unique = uniqueOf(context);
  if (unique === null || relation === null) return null;
  const table = findTable(catalog, relation);
  if (table !== null && mayBeFilled(table, "insert")) return null;
  const added = addedTo(relation, context);
  const known: readonly Defined[] = operation.kind === "add-column" ? [operation.column] : (table?.columns ?? []);
  const columns = unique.columns.map((name) =>
    known.find((c) => c.name.toLowerCase() === name?.toLowerCase() && added.includes(c.name.toLowerCase())),
  );
  const same = columns.flatMap((column) => (column !== undefined && isSame(column, unique.nulls) ? column : []));
  if (same.length !== columns.length || same.length === 0) return null;
  const { where } = unique;
  const isIn = ({ name, default: value }: Defined) =>
    where !== null && isSureToHold(where, name, value === null ? null : constantOf(value));
  return where === null || same.some(isIn) ? same : null;
}

const REFUSED = { postgres: "23505", mysql: "1062", mariadb: "1062" } as const;

export const rule: Rule = {
  id: "repeating-unique-value",
  engines: ALL_ENGINES,
  severity: "error",
  aside: true,
  protects:
    "Code that does not know a new column gives every row its default: only one row can have it where it is unique.",
  check(context) {
    const columns = context.phase === "contract" ? null : repeated(context);
    if (columns === null) return null;
    const { engine } = context;
    const names = columns.map(({ name }) => engine.quote(name)).join(", ");
    const code = REFUSED[engine.name];
    return {
      message: `Running code does not know ${names}, which the file adds: every row that it writes has the default, and the second one fails (${code}). With two rows of before, the index is not built (${code}).`,
      help: `Add ${names} without a default, so that it is NULL; fill the rows, and build the index behind that.`,
    };
  },
  bad: [
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);\nALTER TABLE users ADD COLUMN slug varchar(40) NOT NULL DEFAULT '';\nCREATE UNIQUE INDEX users_slug ON users (slug);",
    },
  ],
  good: [
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);\nALTER TABLE users ADD COLUMN slug varchar(40);\nCREATE UNIQUE INDEX users_slug ON users (slug);",
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);\nALTER TABLE users ADD COLUMN slug varchar(40) NOT NULL DEFAULT '';\nCREATE UNIQUE INDEX users_slug ON users (id, slug);",
    },
  ],
};
