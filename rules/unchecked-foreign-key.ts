import { findTable, sameRelation } from "../src/engines/engine.js";
import { tablesPointedAt } from "../src/engines/table-lookup.js";
import type { Table } from "../src/model/catalog.js";
import type { DataChange } from "../src/model/detail/data.js";
import type { RelationName } from "../src/model/name.js";
import { MYSQL_ENGINES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

const OFF = /^(?:0|off|false)$/i;

/** A foreign key: columns of a child that point at columns of a parent. */
interface Key {
  readonly child: RelationName;
  readonly columns: readonly string[];
  readonly parent: RelationName;
  readonly pointed: readonly string[];
}

/** What finds the rows of the child that point nowhere. */
function orphans({ child, columns, parent, pointed }: Key, { engine }: RuleContext): string {
  const [c, p] = [engine.quoteRelation(child), engine.quoteRelation(parent)];
  const pairs = columns.map((one, i) => `c.${engine.quote(one)} = p.${engine.quote(pointed[i] ?? one)}`);
  const [first = ""] = columns;
  const [key = first] = pointed;
  return `Look for them before and behind it: SELECT c.* FROM ${c} c LEFT JOIN ${p} p ON ${pairs.join(" AND ")} WHERE c.${engine.quote(first)} IS NOT NULL AND p.${engine.quote(key)} IS NULL;`;
}

/** One of its columns is the file's own, and NULL in every row: no row points anywhere. */
function isEmptyKey(columns: readonly string[], table: RelationName, { emptyColumns, catalog }: RuleContext): boolean {
  const own = emptyColumns.filter(({ relation }) => sameRelation(relation, table, catalog.defaultSchema));
  return own.some(({ column }) => names([column], columns));
}

function unlooked(context: RuleContext): Verdict | null {
  const { operation, engine } = context;
  const added = detailOf(operation, "add-constraint");
  const target = added?.constraint.references ?? null;
  if (added?.constraint.kind !== "foreign-key" || operation.relation === null || target === null) return null;
  const { columns } = added.constraint;
  if (isEmptyKey(columns, operation.relation, context)) return null;
  return {
    message: `The key is added without a look at the rows of ${engine.quoteRelation(operation.relation)}: those that point nowhere stay.`,
    help: orphans({ child: operation.relation, columns, parent: target.relation, pointed: target.columns }, context),
  };
}

/** The keys by which a table points at others, as far as those are known. */
function keysFrom(table: Table, { catalog }: RuleContext): readonly Key[] {
  const isSame = (a: RelationName, b: RelationName) => sameRelation(a, b, catalog.defaultSchema);
  return tablesPointedAt(catalog, table.relation, isSame).flatMap((parent) =>
    parent.referencedBy.flatMap(({ relation, constraint, columns: pointed }) => {
      const own = isSame(relation, table.relation) && table.constraints.find(({ name }) => name === constraint);
      return own ? [{ child: table.relation, columns: own.columns, parent: parent.relation, pointed }] : [];
    }),
  );
}

/** The keys by which others point at a table. */
function keysTo(table: Table, { catalog }: RuleContext): readonly Key[] {
  return table.referencedBy.flatMap(({ relation, constraint, columns: pointed }) => {
    const own = findTable(catalog, relation)?.constraints.find(({ name }) => name === constraint);
    return own === undefined ? [] : [{ child: relation, columns: own.columns, parent: table.relation, pointed }];
  });
}

const names = (written: readonly string[], columns: readonly string[]): boolean =>
  columns.some((column) => written.some((name) => name.toLowerCase() === column.toLowerCase()));

/** The key that rows may come to violate: what is not named in an INSERT is NULL, which points at nothing, or a default. */
function violable(change: DataChange, table: Table, context: RuleContext): Key | null {
  const { verb, columns } = change;
  const hasDefault = (name: string) => table.columns.some((c) => c.name === name && c.default !== null);
  const written = (key: Key) => columns.length === 0 || names(columns, key.columns) || key.columns.some(hasDefault);
  if (verb === "insert" || verb === "load") return keysFrom(table, context).find(written) ?? null;
  const pointedAt = keysTo(table, context);
  if (verb === "delete") return pointedAt[0] ?? null;
  if (verb === "replace") return pointedAt[0] ?? keysFrom(table, context).find(written) ?? null;
  const from = keysFrom(table, context).find((key) => names(columns, key.columns));
  return from ?? pointedAt.find((key) => names(columns, key.pointed)) ?? null;
}

function unkept(context: RuleContext): Verdict | null {
  const change = detailOf(context.operation, "data-change");
  for (const relation of change?.writes ?? []) {
    const table = findTable(context.catalog, relation);
    const key = change === null || table === null ? null : violable(change, table, context);
    if (key === null) continue;
    const [child, parent] = [context.engine.quoteRelation(key.child), context.engine.quoteRelation(key.parent)];
    return {
      message: `With foreign_key_checks off nothing looks whether rows of ${child} point at rows of ${parent} that are there, and no ON DELETE or ON UPDATE happens: those that point nowhere stay.`,
      help: `Leave the checks on, and write in the order of the keys. ${orphans(key, context)}`,
    };
  }
  return null;
}

export const rule: Rule = {
  id: "unchecked-foreign-key",
  engines: MYSQL_ENGINES,
  severity: "warning",
  aside: true,
  protects: "With foreign_key_checks off, rows that point nowhere stay in the table, and nothing finds them later.",
  check(context) {
    if (!OFF.test(context.settings.foreign_key_checks ?? "")) return null;
    return unlooked(context) ?? unkept(context);
  },
  bad: [
    {
      sql: "CREATE TABLE IF NOT EXISTS orgs (id int PRIMARY KEY);\nCREATE TABLE IF NOT EXISTS users (id int PRIMARY KEY, org int, FOREIGN KEY (org) REFERENCES orgs (id));\nSET foreign_key_checks = 0;\nDELETE FROM orgs WHERE id = 3;",
    },
    {
      sql: "SET foreign_key_checks = 0;\nALTER TABLE users ADD CONSTRAINT team FOREIGN KEY (team_id) REFERENCES teams (id);",
    },
  ],
  good: [
    {
      sql: "SET foreign_key_checks = 0;\nSET foreign_key_checks = 1;\nALTER TABLE users ADD CONSTRAINT team FOREIGN KEY (team_id) REFERENCES teams (id);",
    },
    { sql: "SET foreign_key_checks = 0;\nALTER TABLE users ADD COLUMN age int;" },
    {
      sql: "CREATE TABLE IF NOT EXISTS orgs (id int PRIMARY KEY);\nCREATE TABLE IF NOT EXISTS users (id int PRIMARY KEY, org int, FOREIGN KEY (org) REFERENCES orgs (id));\nSET foreign_key_checks = 0;\nINSERT INTO users (id) VALUES (3);\nDELETE FROM users WHERE id = 4;\nINSERT INTO orgs VALUES (3);",
    },
  ],
};
