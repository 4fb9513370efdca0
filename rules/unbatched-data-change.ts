import { findTable } from "../src/engines/engine.js";
import type { Catalog, Table } from "../src/model/catalog.js";
import type { Constant, NamedInCondition } from "../src/model/detail/bound.js";
import type { DataChange } from "../src/model/detail/data.js";
import { hasFewRows, isBoundedByKey, writesNamedRows } from "./bounded-by-key.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { dataChangeOf, detailOf } from "./understood.js";

const BULK: ReadonlySet<string> = new Set(["update", "delete", "merge"]);

/** Batches, or rows that are written out, are no hazard. */
function isBulk(change: DataChange): boolean {
  // What is written elsewhere in the statement is judged there.
  const all = change.oneRow !== true && change.movesWritten !== true;
  const copies = change.verb !== "load" && change.source === "query" && all;
  return !change.limited && (BULK.has(change.verb) || copies);
}

/**
 * ORDER BY a column that no index begins with (MySQL, MariaDB): whatever the LIMIT, all rows are read, sorted and kept
 * locked until it commits.
 */
function sortsAll(
  { limited, orderedBy: [first] = [], writes: [relation], where }: DataChange,
  catalog: Catalog,
): boolean {
  const table = relation === undefined ? null : findTable(catalog, relation);
  if (!limited || table === null || first === undefined || hasColumnOf(table, where ?? "")) return false;
  const is = (name: string | undefined) => name?.toLowerCase() === first.toLowerCase();
  return !beginnings(table).some(is);
}

const beginnings = ({ indexes, constraints }: Table): readonly (string | undefined)[] => [
  ...indexes.map(({ columns }) => columns[0]),
  ...constraints.filter(({ kind }) => kind !== "check").map(({ columns }) => columns[0]),
];

/** An index may find the rows of the condition, so that no others are read. */
const hasColumnOf = (table: Table, where: string): boolean =>
  beginnings(table).some((name) => name !== undefined && where.toLowerCase().includes(name.toLowerCase()));

/** In a block: what it writes to a table that others use. */
function hidden({ operation, effect, catalog }: RuleContext): DataChange | null {
  const operations = detailOf(operation, "opaque")?.code?.operations ?? [];
  // A loop that commits makes batches; one that does not makes many statements of one transaction.
  const commits = operations.some(
    (each) => each.repeated && each.guarded !== true && detailOf(each.operation, "transaction")?.action === "commit",
  );
  const found = operations.find((each) => {
    const change = detailOf(each.operation, "data-change");
    if (change === null || (each.repeated && commits)) return false;
    const turns = each.fewTurns === true || each.turns?.every((query) => hasFewRows(query, catalog)) === true;
    const few = turns && isBoundedInCode(change, catalog, writesNamedRows);
    if (each.repeated && (few || !isRepeatedWrite(change))) return false;
    if (!each.repeated && (!isBulk(change) || isBoundedInCode(change, catalog, isBoundedByKey))) return false;
    return change.writes.some(({ name }) => effect.locks.some((lock) => lock.relation.name === name));
  });
  return found === undefined ? null : detailOf(found.operation, "data-change");
}

/** A variable has one value: `WHERE id = i`, `WHERE id = r.id` is one row. */
function isBoundedInCode(change: DataChange, catalog: Catalog, isBounded: typeof isBoundedByKey): boolean {
  if (isBounded(change, catalog)) return true;
  const [relation] = change.writes;
  const table = relation === undefined ? null : findTable(catalog, relation);
  if (table === null || change.bounds === undefined) return false;
  const isColumn = (word: string) => table.columns.some(({ name }) => name.toLowerCase() === word.toLowerCase());
  const own = new Set([change.joins?.alias ?? relation?.name, relation?.name]);
  // Where nothing is joined, another table is none: `r.id` is of a variable that holds a row.
  const isVariable = ({ table: of, name }: NamedInCondition) =>
    of === null ? !isColumn(name) : !own.has(of) && change.joins?.others.length === 0;
  const given = (value: Constant): Constant =>
    value.kind === "name" && isVariable(value.of) ? { kind: "passed" } : value;
  const bounds = change.bounds.map((b) => (b.kind === "is" ? { ...b, values: b.values.map(given) } : b));
  return isBounded({ ...change, bounds }, catalog);
}

/** A loop goes on as long as there are rows, whatever one turn of it finds. */
const isRepeatedWrite = ({ verb, source }: DataChange): boolean =>
  BULK.has(verb) || (verb !== "load" && source === "query");

/** Other tables whose writers wait until it ends: what is read for a write is locked (MySQL and MariaDB). */
function alsoLocked({ effect, engine }: RuleContext, change: DataChange): string {
  const isWritten = (name: string) => change.writes.some((w) => w.name === name);
  const others = effect.locks.filter((l) => l.blocks === "writes" && l.held !== "brief" && !isWritten(l.relation.name));
  const names = others.map(({ relation }) => engine.quoteRelation(relation));
  return names.length === 0 ? "" : ` All writes of ${names.join(", ")}, which it reads, wait as long.`;
}

/** Whether a condition is over a key is told by the files alone. */
function assumed({ writes: [written], filtered }: DataChange, { catalog, engine }: RuleContext): string {
  if (written === undefined || !filtered || findTable(catalog, written) !== null) return "";
  return ` Assumed: its WHERE finds many rows, as the files do not tell for certain which keys ${engine.quoteRelation(written)} has.`;
}

function whatHappens({ source, filtered }: DataChange, table: string): string {
  if (source === "query")
    return `As many rows as the query finds are written to ${table} in one transaction: replicas fall behind by as long.`;
  const which = filtered ? "All rows that it finds" : "All rows";
  return `${which} of ${table} are written in one transaction: writers of the same rows wait until it ends, and replicas fall behind by as long.`;
}

export const rule: Rule = {
  id: "unbatched-data-change",
  engines: ALL_ENGINES,
  severity: "warning",
  protects: "One UPDATE of a whole table locks its rows until it commits, doubles its size and drowns the replicas.",
  check(context) {
    const { operation, engine } = context;
    const own = dataChangeOf(operation);
    const change = own ?? hidden(context);
    const sorts = own !== null && sortsAll(own, context.catalog);
    if (change === null || (own !== null && !sorts && (!isBulk(own) || isBoundedByKey(own, context.catalog))))
      return null;
    // Nobody uses a table that the file made: what holds up those that it is filled from has a rule of its own.
    if (context.filled !== null || context.readsFew) return null;
    const [first] = change.writes;
    const table = first === undefined ? "the table" : engine.quoteRelation(first);
    if (sorts) {
      return {
        message: `No index is in the order of its ORDER BY: for each batch all rows of ${table} are read and sorted, and nobody can write any of them until it commits.`,
        help: "Order by the primary key, or go by ranges of it: WHERE id > ... AND id <= ....",
      };
    }
    return {
      message: `${whatHappens(change, table)}${alsoLocked(context, change)}${assumed(change, context)}`,
      help: `Walk the table by its key in batches of some thousand rows, each committed, with a pause when replicas lag; or say with an ignore that it is small.`,
    };
  },
  bad: [
    { sql: "UPDATE users SET active = true;" },
    {
      sql: "CREATE TEMPORARY TABLE chosen (id int);\nINSERT INTO chosen SELECT id FROM teams;\nINSERT INTO users (id) SELECT id FROM chosen;",
    },
    {
      sql: "INSERT INTO users (id) WITH RECURSIVE d AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM d WHERE id < 1000000) SELECT id FROM d;",
      engines: ["mysql", "mariadb"],
    },
    { sql: "DELETE FROM users WHERE active = false;" },
    {
      sql: "WITH m AS (DELETE FROM users WHERE active = false RETURNING *) INSERT INTO archive SELECT * FROM m;",
      engines: ["postgres"],
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);\nWITH m AS (DELETE FROM users WHERE id = 3 RETURNING *) INSERT INTO archive SELECT * FROM m CROSS JOIN orders;",
      engines: ["postgres"],
    },
    { sql: "DO $$ BEGIN UPDATE users SET active = true; END $$;", engines: ["postgres"] },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id int PRIMARY KEY, age int);\nDELETE FROM users ORDER BY age LIMIT 100;",
      engines: ["mysql", "mariadb"],
    },
    {
      sql: "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id FROM users LOOP UPDATE users SET active = true WHERE id = r.id; END LOOP; END $$;",
      engines: ["postgres"],
    },
    {
      sql: "DO $$ BEGIN FOR i IN 1..9 LOOP DELETE FROM users WHERE ctid IN (SELECT ctid FROM users LIMIT 50000); END LOOP; END $$;",
      engines: ["postgres"],
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, age int);\nDO $$ BEGIN FOR i IN 1..9 LOOP UPDATE users SET age = 0 WHERE age = i; END LOOP; END $$;",
      engines: ["postgres"],
    },
  ],
  good: [
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, age int);\nDO $$ DECLARE i bigint; BEGIN FOREACH i IN ARRAY ARRAY[1, 2] LOOP UPDATE users SET age = 0 WHERE id = i; END LOOP; END $$;",
      engines: ["postgres"],
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id int PRIMARY KEY, age int);\nDELETE FROM users WHERE age = 3 ORDER BY id LIMIT 100;",
      engines: ["mysql", "mariadb"],
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id int PRIMARY KEY, age int);\nUPDATE users SET age = v.age FROM (VALUES (1, 30), (2, 31)) AS v (id, age) WHERE users.id = v.id;",
      engines: ["postgres"],
    },
    { sql: "INSERT INTO roles (id, name) SELECT 1, 'a' UNION ALL SELECT 2, 'b';" },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, age int);\nUPDATE users SET age = 0 WHERE id BETWEEN 1 AND 1000 AND age IS NULL;\nDELETE FROM users WHERE id = 7;",
    },
    { sql: "INSERT INTO users (id) VALUES (1);" },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);\nWITH m AS (DELETE FROM users WHERE id = 3 RETURNING *) INSERT INTO archive SELECT * FROM m;",
      engines: ["postgres"],
    },
    { sql: "INSERT INTO roles (id) SELECT 1;" },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, mail varchar(90) UNIQUE);\nUPDATE users SET id = 5 WHERE mail = 'a@b';\nINSERT INTO admins (id) SELECT id FROM users WHERE mail = 'a@b';",
    },
    { sql: "INSERT INTO roles (id) SELECT id FROM (VALUES (1), (2)) AS v (id);", engines: ["postgres"] },
    {
      sql: "INSERT INTO roles (id) SELECT 1 FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM roles WHERE id = 7);",
      engines: ["mysql", "mariadb"],
    },
    {
      sql: "INSERT INTO roles (name) SELECT 'admin' WHERE NOT EXISTS (SELECT 1 FROM roles WHERE name = 'admin');",
      engines: ["postgres"],
    },
    { sql: "CREATE TABLE users (id int);\nUPDATE users SET id = 1;" },
    {
      sql: "CREATE TEMPORARY TABLE chosen (id int);\nINSERT INTO chosen VALUES (1), (2);\nINSERT INTO users (id) SELECT id FROM chosen;",
    },
    {
      sql: "INSERT INTO users (id, name) WITH d AS (SELECT 1 AS id, 'x' AS name) SELECT id, name FROM d;",
      engines: ["mysql", "mariadb"],
    },
    { sql: "CREATE TABLE users (id int);\nDO $$ BEGIN UPDATE users SET id = 1; END $$;", engines: ["postgres"] },
    { sql: "UPDATE users SET active = true LIMIT 100;", engines: ["mysql", "mariadb"] },
  ],
};
