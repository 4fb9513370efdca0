import { findTable } from "../src/engines/engine.js";
import { impliedName } from "../src/engines/postgres/implied-name.js";
import { longLock } from "./locks.js";
import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "adding-not-nullable-field",
  engines: POSTGRES,
  severity: "error",
  protects: "SET NOT NULL reads the whole table while reads and writes wait, unless a validated check has proved it.",
  check({ operation, effect, engine, siblings, catalog }) {
    const change = detailOf(operation, "set-not-null");
    if (change === null || operation.relation === null || longLock(effect) === null) return null;
    const table = engine.quoteRelation(operation.relation);
    const column = engine.quote(change.column);
    const taken = new Set((findTable(catalog, operation.relation)?.constraints ?? []).map(({ name }) => name));
    const check = engine.quote(impliedName(operation.relation.name, [change.column], "check", taken));
    const drops = siblings.some((s) => detailOf(s, "drop-constraint") !== null);
    return {
      message: drops
        ? `Every row of ${table} is read while reads and writes wait: the DROP CONSTRAINT beside it runs first and takes the proof away.`
        : `Every row of ${table} is read while reads and writes wait, and writers of NULL fail.`,
      help: drops
        ? "Put DROP CONSTRAINT into a statement of its own behind this one."
        : `One statement a transaction: ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID; ALTER TABLE ${table} VALIDATE CONSTRAINT ${check}; ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL; ALTER TABLE ${table} DROP CONSTRAINT ${check};`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users ALTER COLUMN email SET NOT NULL;" },
    {
      sql: "ALTER TABLE users ADD CONSTRAINT nn CHECK (email IS NOT NULL) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT nn;\nALTER TABLE users ALTER COLUMN email SET NOT NULL, DROP CONSTRAINT nn;",
    },
  ],
  good: [{ sql: "ALTER TABLE users ALTER COLUMN email DROP NOT NULL;" }],
};
