import { findTable } from "../src/engines/engine.js";
import { outputsOf } from "../src/engines/known-view.js";
import { knownView, tableOfIndex } from "../src/engines/table-lookup.js";
import type { Table } from "../src/model/catalog.js";
import { refusedRoutine } from "./refused-routine.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine">;

const same = (a: string, b: string, { engine }: Asked): boolean =>
  engine.name === "postgres" ? a === b : a.toLowerCase() === b.toLowerCase();

/** What has a name that a statement gives to something new; null where no file says so. */
function takenName(asked: Asked): string | null {
  const { operation, catalog, engine } = asked;
  const { relation } = operation;
  const table = relation === null ? null : findTable(catalog, relation);
  if (relation === null || table === null) return null;
  if (operation.kind === "create-table")
    return operation.ifNotExists || operation.temporary ? null : `table ${engine.quoteRelation(relation)}`;
  if (operation.kind === "add-column") {
    const there = !operation.ifNotExists && table.columns.some((c) => same(c.name, operation.column.name, asked));
    return there ? `column ${engine.quote(operation.column.name)} of ${engine.quoteRelation(relation)}` : null;
  }
  return takenIndex(table, asked) ?? takenConstraint(table, asked);
}

function takenIndex(table: Table, asked: Asked): string | null {
  const { operation, catalog, engine } = asked;
  if (operation.kind !== "create-index" || operation.ifNotExists || operation.name === null) return null;
  const { name, relation } = operation;
  const owner = engine.name === "postgres" ? tableOfIndex(catalog, { schema: relation.schema, name }) : table;
  return owner?.indexes.some((i) => same(i.name, name, asked)) === true ? `index ${engine.quote(name)}` : null;
}

function takenConstraint(table: Table, asked: Asked): string | null {
  const added = detailOf(asked.operation, "add-constraint");
  const name = added?.constraint.name ?? null;
  // USING INDEX gives the constraint the index's name; MySQL's kinds of constraints have their names for themselves.
  if (added === null || name === null || added.ifNotExists || added.usingIndex !== null) return null;
  const { kind } = added.constraint;
  const there = table.constraints.some((c) => c.name === name && (asked.engine.name === "postgres" || c.kind === kind));
  return there ? `constraint ${asked.engine.quote(name)} of ${asked.engine.quoteRelation(table.relation)}` : null;
}

/** CREATE OR REPLACE VIEW may only add columns at the end (PostgreSQL): the first that is another one, or missing. */
function otherColumn({ operation, catalog, engine }: Asked): string | null {
  const view = detailOf(operation, "create-object");
  if (engine.name !== "postgres" || view?.object !== "view" || !view.orReplace || view.name === null) return null;
  const before = knownView(catalog, view.name)?.columns ?? null;
  const after = outputsOf(view, (relation) => findTable(catalog, relation));
  if (before === null || after === null) return null;
  const at = before.findIndex((name, n) =>
    after[n] === undefined ? true : name !== null && after[n] !== null && after[n] !== name,
  );
  if (at < 0) return null;
  const [old, now] = [before[at], after[at]];
  const which =
    old === null || old === undefined ? `Column ${at + 1} of the view` : `Column ${engine.quote(old)} of the view`;
  return `${which} ${now === undefined || now === null ? "is left out" : `would be ${engine.quote(now)}`}`;
}

export const rule: Rule = {
  id: "contradicting-history",
  engines: ALL_ENGINES,
  severity: "warning",
  aside: true,
  onFreshTables: true,
  protects: "What the files themselves rule out fails in every database that they made, in the middle of a deploy.",
  check(context) {
    const column = otherColumn(context);
    if (column !== null) {
      return {
        message: `The server refuses this (42P16): ${column.charAt(0).toLowerCase()}${column.slice(1)}, and a view that is replaced keeps its columns in their order.`,
        help: "Write the columns that it has first, and new ones at the end; or make a view of another name and drop this one in a later release.",
      };
    }
    const routine = refusedRoutine(context);
    if (routine !== null) {
      return {
        message: `The server refuses this: ${routine}.`,
        help: "Give the new one another name and drop this one in a later release; or, in one transaction, DROP it with its arguments and CREATE it.",
      };
    }
    const taken = takenName(context);
    if (taken === null) return null;
    return {
      message: `The server refuses this: ${taken} is there already, by an earlier statement.`,
      help: "Choose another name, or leave it out.",
    };
  },
  bad: [
    { sql: "CREATE TABLE users (id int);\nALTER TABLE users ADD COLUMN id bigint;" },
    {
      sql: "CREATE TABLE users (id int, mail text);\nCREATE VIEW v AS SELECT id, mail FROM users;\nCREATE OR REPLACE VIEW v AS SELECT mail, id FROM users;",
      engines: ["postgres"],
    },
  ],
  good: [
    { sql: "CREATE TABLE users (id int);\nALTER TABLE users ADD COLUMN age int;" },
    {
      sql: "CREATE TABLE users (id int, mail text);\nCREATE VIEW v AS SELECT id FROM users;\nCREATE OR REPLACE VIEW v AS SELECT id, mail FROM users;",
      engines: ["postgres"],
    },
  ],
};
