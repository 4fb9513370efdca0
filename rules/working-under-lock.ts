import type { RelationName } from "../src/model/name.js";
import type { Operation } from "../src/model/operation.js";
import { isBookkeeping, isBookkeepingChange } from "./bookkeeping.js";
import { POSTGRES, type Rule, type RuleContext } from "./rule.js";
import { dataChangeOf, detailOf } from "./understood.js";

/** Whether it takes as long as a table is large. What is done to a table that the file made, and has left empty, is not. */
function works({ operation, effect, filled }: RuleContext): boolean {
  const change = dataChangeOf(operation);
  if (change !== null && isBookkeepingChange(change)) return false;
  if (filled === false) return reads(operation) && effect.locks.some(({ held }) => held !== "brief");
  return effect.scan || effect.rewrite || reads(operation);
}

/** It reads rows, or writes those that it finds. */
function reads(operation: Operation): boolean {
  const change = dataChangeOf(operation);
  if (change !== null) return change.source !== "rows" && change.verb !== "load" && change.oneRow !== true;
  const inside = detailOf(operation, "opaque")?.code?.operations ?? [];
  return (detailOf(operation, "query")?.reads ?? []).some(isLarge) || inside.some((o) => reads(o.operation));
}

/** The server's own catalogs are read in no time, as is what a migration tool notes. */
function isLarge(relation: RelationName): boolean {
  const { schema, name } = relation;
  const isServers = schema === "pg_catalog" || schema === "information_schema" || name.startsWith("pg_");
  return !isServers && !isBookkeeping(relation);
}

export const rule: Rule = {
  id: "working-under-lock",
  engines: POSTGRES,
  severity: "error",
  aside: true,
  protects:
    "A lock is held until its transaction ends: work behind it keeps everybody waiting for as long as it takes.",
  onFreshTables: true,
  check(context) {
    const { held, engine } = context;
    const [lock] = held;
    if (lock === undefined || !works(context)) return null;
    const who = lock.blocks === "reads" ? "reads and writes" : "writes";
    return {
      message: `The lock on ${engine.quoteRelation(lock.relation)} (from ${lock.by}) is held until this is done: ${who} of it wait that long.`,
      help: "COMMIT before this statement, so that the lock is released.",
    };
  },
  bad: [
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nUPDATE users SET a = 1;\nCOMMIT;" },
    {
      sql: "BEGIN;\nALTER TABLE users ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT c;\nCOMMIT;",
    },
    {
      sql: "BEGIN;\nCREATE TABLE profiles (user_id bigint REFERENCES users (id));\nINSERT INTO profiles SELECT id FROM users;\nCOMMIT;",
    },
  ],
  good: [
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nCOMMIT;\nSELECT count(*) FROM users;" },
    {
      sql: "BEGIN;\nCREATE TABLE profiles (user_id bigint REFERENCES users (id));\nCREATE INDEX ON profiles (user_id);\nCOMMIT;",
    },
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nINSERT INTO log (what) VALUES ('a');\nCOMMIT;" },
  ],
};
