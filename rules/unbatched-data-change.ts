import type { DataChange } from "../src/model/detail/data.js";
import { isBoundedByKey } from "./bounded-by-key.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

const BULK: ReadonlySet<string> = new Set(["update", "delete", "merge"]);

/** Batches, or rows that are written out, are no hazard. */
function isBulk(change: DataChange): boolean {
  const copies = change.verb !== "load" && change.source === "query" && change.oneRow !== true;
  return !change.limited && (BULK.has(change.verb) || copies);
}

/** In a block: what it writes to a table that others use. A loop over a part of the rows may be what makes batches. */
function hidden({ operation, effect }: RuleContext): DataChange | null {
  const operations = detailOf(operation, "opaque")?.code?.operations ?? [];
  const found = operations.find((each) => {
    const change = detailOf(each.operation, "data-change");
    if (change === null || !isBulk(change) || (each.repeated && change.filtered)) return false;
    return change.writes.some(({ name }) => effect.locks.some((lock) => lock.relation.name === name));
  });
  return found === undefined ? null : detailOf(found.operation, "data-change");
}

export const rule: Rule = {
  id: "unbatched-data-change",
  engines: ALL_ENGINES,
  severity: "warning",
  protects: "One UPDATE of a whole table locks its rows until it commits, doubles its size and drowns the replicas.",
  check(context) {
    const { operation, engine } = context;
    const change = detailOf(operation, "data-change") ?? hidden(context);
    if (change === null || !isBulk(change) || isBoundedByKey(change, context.catalog)) return null;
    const [first] = change.writes;
    const table = first === undefined ? "the table" : engine.quoteRelation(first);
    const which = change.filtered ? "All rows that it finds" : "All rows";
    return {
      message: `${which} of ${table} are written in one transaction: writers of the same rows wait until it ends, and replicas fall behind by as long.`,
      help: `Walk the table by its key in batches of some thousand rows, each committed, with a pause when replicas lag; or say with an ignore that it is small.`,
    };
  },
  bad: [
    { sql: "UPDATE users SET active = true;" },
    { sql: "DELETE FROM users WHERE active = false;" },
    { sql: "DO $$ BEGIN UPDATE users SET active = true; END $$;", engines: ["postgres"] },
  ],
  good: [
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, age int);\nUPDATE users SET age = 0 WHERE id BETWEEN 1 AND 1000 AND age IS NULL;\nDELETE FROM users WHERE id = 7;",
    },
    { sql: "INSERT INTO users (id) VALUES (1);" },
    {
      sql: "INSERT INTO roles (name) SELECT 'admin' WHERE NOT EXISTS (SELECT 1 FROM roles WHERE name = 'admin');",
      engines: ["postgres"],
    },
    { sql: "CREATE TABLE users (id int);\nUPDATE users SET id = 1;" },
    { sql: "CREATE TABLE users (id int);\nDO $$ BEGIN UPDATE users SET id = 1; END $$;", engines: ["postgres"] },
    { sql: "UPDATE users SET active = true LIMIT 100;", engines: ["mysql", "mariadb"] },
  ],
};
