import type { AddConstraint } from "../src/model/detail/constraint.js";
import type { RelationName } from "../src/model/name.js";
import { partitionsOf } from "./in-parts.js";
import { blockedBy, longLock } from "./locks.js";
import { outsideTransaction } from "./outside-transaction.js";
import { ALL_ENGINES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";
import { keyInParts, keyUsingIndex } from "./unique-help.js";

const ELSEWHERE = "Run it when the table may stand still, or through gh-ost, spirit or pt-online-schema-change.";

function postgresHelp(context: RuleContext, { constraint, usingIndex }: AddConstraint, relation: RelationName): string {
  if (usingIndex !== null)
    return "Its rows are read because a column may be NULL. Make each of its columns NOT NULL first, by a validated CHECK (... IS NOT NULL): no row is read then.";
  if (partitionsOf(relation, context).length > 0)
    return `${outsideTransaction(context)}${keyInParts(relation, constraint, context)}`;
  const dropped = context.siblings.flatMap((one) => detailOf(one, "drop-constraint")?.name ?? []);
  return `${outsideTransaction(context)}Build the index beside the traffic, then use it: ${keyUsingIndex(relation, constraint, context.engine, dropped)}`;
}

/** UNIQUE or PRIMARY KEY of a table that exists. */
function alone(context: RuleContext): Verdict | null {
  const { operation, effect, engine } = context;
  const added = detailOf(operation, "add-constraint");
  const lock = longLock(effect);
  if (added === null || lock === null || operation.relation === null) return null;
  const { kind } = added.constraint;
  if (kind !== "unique" && kind !== "primary-key") return null;
  const table = engine.quoteRelation(operation.relation);
  const word = kind === "unique" ? "UNIQUE" : "PRIMARY KEY";
  const waits = `while ${blockedBy(lock)} of ${table} wait (${lock.mode})`;
  return {
    message:
      added.usingIndex === null
        ? `The index of the ${word} is built ${waits}.`
        : `All rows of ${table} are read for NULLs ${waits}: the index is there, but its columns may be NULL.`,
    help: engine.name === "postgres" ? postgresHelp(context, added, operation.relation) : ELSEWHERE,
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
    // MySQL and MariaDB write the table again beside the traffic: `table-rebuild` says so.
    if (lock === null && engine.name !== "postgres") return null;
    const how = lock === null ? "and the table is written again" : `while ${blockedBy(lock)} wait (${lock.mode})`;
    const table = engine.quoteRelation(operation.relation);
    const index = engine.name === "postgres" ? "CREATE UNIQUE INDEX CONCURRENTLY" : "CREATE UNIQUE INDEX";
    const { name } = operation.column;
    const indexName = engine.quote(`${operation.relation.name}_${name}_key`.slice(0, 63));
    return {
      message: `The index of the UNIQUE constraint is built in the same statement, ${how}.`,
      help: `Add the column alone, then${engine.name === "postgres" && context.inTransaction ? ", outside the transaction" : ""}: ${index} ${indexName} ON ${table} (${engine.quote(name)});`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN n bigint UNIQUE;", engines: ["postgres"] },
    {
      sql: "ALTER TABLE users ADD COLUMN n bigint AS (age + 1) VIRTUAL UNIQUE;",
      engines: ["mysql", "mariadb"],
    },
    { sql: "ALTER TABLE users ADD CONSTRAINT u UNIQUE (n);", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD PRIMARY KEY (id);", engines: ["postgres"] },
  ],
  good: [
    { sql: "ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX u;", engines: ["postgres"] },
    { sql: "ALTER TABLE users ADD COLUMN n bigint;" },
    { sql: "ALTER TABLE users ADD COLUMN n bigint NULL UNIQUE;", engines: ["mysql", "mariadb"] },
    { sql: "CREATE UNIQUE INDEX CONCURRENTLY users_n ON users (n);", engines: ["postgres"] },
  ],
};
