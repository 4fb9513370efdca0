import { blockedBy, longLock } from "./locks.js";
import { ALL_ENGINES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

/** UNIQUE or PRIMARY KEY of a table that exists. */
function alone({ operation, effect, engine }: RuleContext): Verdict | null {
  const added = detailOf(operation, "add-constraint");
  const lock = longLock(effect);
  if (added === null || lock === null || operation.relation === null) return null;
  const { kind, columns } = added.constraint;
  if (kind !== "unique" && kind !== "primary-key") return null;
  const table = engine.quoteRelation(operation.relation);
  const keys = columns.map((c) => engine.quote(c)).join(", ");
  const word = kind === "unique" ? "UNIQUE" : "PRIMARY KEY";
  return {
    message: `The index of the ${word} is built while ${blockedBy(lock)} of ${table} wait (${lock.mode}).`,
    help:
      engine.name === "postgres"
        ? `Build the index beside the traffic, then use it: CREATE UNIQUE INDEX CONCURRENTLY i ON ${table} (${keys}); ALTER TABLE ${table} ADD CONSTRAINT i ${word} USING INDEX i;`
        : "Run it when the table may stand still, or through gh-ost, spirit or pt-online-schema-change.",
  };
}

export const rule: Rule = {
  id: "disallowed-unique-constraint",
  engines: ALL_ENGINES,
  severity: "error",
  protects:
    "UNIQUE in a column's definition builds its index inside the statement that holds the column's strong lock.",
  check(context) {
    const { operation, effect, engine } = context;
    if (operation.kind === "other") return alone(context);
    if (operation.kind !== "add-column" || !operation.column.unique || operation.column.primaryKey) return null;
    const lock = longLock(effect);
    const how = lock === null ? "and the table is written again" : `while ${blockedBy(lock)} wait (${lock.mode})`;
    const table = engine.quoteRelation(operation.relation);
    const index = engine.name === "postgres" ? "CREATE UNIQUE INDEX CONCURRENTLY" : "CREATE UNIQUE INDEX";
    return {
      message: `The index of the UNIQUE constraint is built in the same statement, ${how}.`,
      help: `Add the column alone, then: ${index} ... ON ${table} (${engine.quote(operation.column.name)});`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN n bigint UNIQUE;" },
    { sql: "ALTER TABLE users ADD CONSTRAINT u UNIQUE (n);", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD PRIMARY KEY (id);", engines: ["postgres"] },
  ],
  good: [
    { sql: "ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX u;", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD COLUMN n bigint;" },
    { sql: "CREATE UNIQUE INDEX CONCURRENTLY users_n ON users (n);", engines: ["postgres"] },
  ],
};
