import { findTable, sameRelation } from "../src/engines/engine.js";
import { domainDefault } from "../src/engines/postgres/effects/domain-default.js";
import { isNull } from "../src/engines/postgres/effects/null-text.js";
import { failsForNull } from "../src/engines/postgres/null-condition.js";
import { mayBeFilled } from "../src/engines/unfilled-column.js";
import type { RelationName } from "../src/model/name.js";
import { POSTGRES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

/** What every row of code that does not know the columns which the file adds, and leaves NULL, is refused for. */
function refusedInserts(context: RuleContext): Verdict | null {
  const { operation, phase, engine } = context;
  const added = detailOf(operation, "add-constraint");
  if (added === null || added.validated || !added.enforced || phase === "contract") return null;
  const { constraint, expression } = added;
  const empty = emptyColumns(context);
  const isEmpty = (column: string) => empty.includes(column);
  const isNotNull = constraint.kind === "not-null";
  if (isNotNull ? !constraint.columns.some(isEmpty) : expression === null || !failsForNull(expression, isEmpty))
    return null;
  const columns = empty.filter((column) => constraint.text.includes(column)).map(engine.quote);
  const [are, they] = columns.length > 1 ? ["are", "them"] : ["is", "it"];
  return {
    message: `Running code leaves out ${columns.join(", ")}, which the file adds and which ${are} NULL then: its INSERTs fail (${isNotNull ? "23502" : "23514"}), and so do its UPDATEs of the rows that are there. NOT VALID spares neither.`,
    help: `Give ${they} a default in front of it; or add it in a later release, under \`-- zmigrate:phase contract\`, when all code writes ${they} and the rows are filled.`,
  };
}

/** Columns that the file has added, and to which nothing gives a value but code that knows them. */
function emptyColumns({ operation, addedColumns, siblings, laterOn, catalog }: RuleContext): readonly string[] {
  const { relation } = operation;
  const table = relation === null ? null : findTable(catalog, relation);
  if (relation === null || table === null || mayBeFilled(table, "insert")) return [];
  const isOn = (other: RelationName) => sameRelation(other, relation, catalog.defaultSchema);
  const beside = siblings.flatMap((one) =>
    one.kind === "add-column" ? { relation: one.relation, column: one.column.name } : [],
  );
  const given = [...siblings, ...laterOn(relation.name)].flatMap((one) => detailOf(one, "set-default")?.column ?? []);
  const names = [...addedColumns, ...beside].filter((one) => isOn(one.relation)).map(({ column }) => column);
  return table.columns
    .filter(({ name }) => names.includes(name) && !given.includes(name))
    .filter((c) => isNull(c.default ?? domainDefault(c.type, catalog) ?? "NULL"))
    .filter(({ generated, identity, autoIncrement }) => generated === null && identity === null && !autoIncrement)
    .map(({ name }) => name);
}

/** What the statement updates, by itself or in a block that it runs. */
function updates({ operation }: RuleContext) {
  const inside = detailOf(operation, "opaque")?.code?.operations ?? [];
  const all = [operation, ...inside.map((one) => one.operation)].flatMap((one) => detailOf(one, "data-change") ?? []);
  return all.filter(({ verb }) => verb === "update");
}

export const rule: Rule = {
  id: "check-before-backfill",
  engines: POSTGRES,
  severity: "error",
  aside: true,
  protects: "NOT VALID spares the old rows only until they are written: an UPDATE of any column checks the whole row.",
  check(context) {
    const { notNullChecks, engine } = context;
    const refused = refusedInserts(context);
    if (refused !== null) return refused;
    if (notNullChecks.length === 0) return null;
    const changes = updates(context);
    const early = notNullChecks.find(({ relation, column }) =>
      changes.some(
        ({ columns, writes }) => columns.includes(column) && writes.some(({ name }) => name === relation.name),
      ),
    );
    if (early === undefined) return null;
    const column = engine.quote(early.column);
    return {
      message: `Until this is done, every UPDATE by running code of a row whose ${column} is still NULL fails (23514), even of another column: the check above is in force already.`,
      help: `Fill ${column} first, and add CHECK (${column} IS NOT NULL) NOT VALID behind it.`,
    };
  },
  bad: [
    {
      sql: "ALTER TABLE users ADD CONSTRAINT nn CHECK (age IS NOT NULL) NOT VALID;\nUPDATE users SET age = 0 WHERE age IS NULL AND id < 1000;",
    },
    {
      sql: "ALTER TABLE users ADD CONSTRAINT nn CHECK (age IS NOT NULL) NOT VALID;\nDO $$ BEGIN UPDATE users SET age = 0 WHERE age IS NULL; END $$;",
    },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);\nALTER TABLE users ADD COLUMN nick text;\nALTER TABLE users ADD CONSTRAINT nick_given CHECK (nick IS NOT NULL) NOT VALID;",
    },
  ],
  good: [
    {
      sql: "UPDATE users SET age = 0 WHERE age IS NULL AND id < 1000;\nALTER TABLE users ADD CONSTRAINT nn CHECK (age IS NOT NULL) NOT VALID;",
    },
    {
      sql: "ALTER TABLE users ADD CONSTRAINT nn CHECK (age IS NOT NULL) NOT VALID;\nUPDATE users SET name = '' WHERE id = 1;",
    },
  ],
};
