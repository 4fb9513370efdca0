import { isBookkeeping } from "../src/engines/bookkeeping.js";
import { findTable, sameRelation } from "../src/engines/engine.js";
import { readsEnds, readsNamedRows } from "../src/engines/found-by-key.js";
import type { Catalog } from "../src/model/catalog.js";
import type { DataChange, Query } from "../src/model/detail/data.js";
import type { RelationName } from "../src/model/name.js";
import type { Operation } from "../src/model/operation.js";
import { writesNamedRows } from "./bounded-by-key.js";
import { writtenAs } from "./locks.js";
import { type HeldLock, POSTGRES, type Rule, type RuleContext } from "./rule.js";
import { dataChangeOf, detailOf } from "./understood.js";

/** Whether it takes as long as a table is large. What is done to a table that the file made, and has left empty, is not. */
function works({ operation, effect, filled, catalog }: RuleContext): boolean {
  const reading = reads(operation, catalog);
  if (filled === false) return reading && effect.locks.some(({ held }) => held !== "brief");
  return reading || (!isData(operation) && (effect.scan || effect.rewrite));
}

/** What is told of it says how much it reads. */
const isData = (operation: Operation): boolean =>
  dataChangeOf(operation) !== null || queryOf(operation) !== null || detailOf(operation, "opaque")?.code !== undefined;

function queryOf(operation: Operation): Query | null {
  const explained = detailOf(operation, "explain");
  return detailOf(operation, "query") ?? (explained?.of?.kind === "query" && explained.runs ? explained.of : null);
}

/** Functions that wait: for a time, or for somebody who has an advisory lock. */
const WAITS = /^pg_sleep|^pg_advisory_(?:xact_)?lock/;

/** It reads rows, or writes those that it finds, and does not name them by a key; or it waits. */
function reads(operation: Operation, catalog: Catalog, repeated = false): boolean {
  const change = dataChangeOf(operation);
  if (change !== null) return searches(change, catalog) || (repeated && change.source !== "rows");
  const query = queryOf(operation);
  if (query?.calls?.some(({ name }) => WAITS.test(name)) === true) return true;
  if (query?.reads.some((r) => isLarge(r, catalog)) === true && !readsFewRows(query, catalog)) return true;
  const inside = detailOf(operation, "opaque")?.code;
  if (inside === undefined) return false;
  return inside.unknown.length > 0 || inside.operations.some((o) => reads(o.operation, catalog, o.repeated));
}

const readsFewRows = (query: Query, catalog: Catalog): boolean =>
  readsNamedRows(query.found, catalog) || readsEnds(query, catalog);

/** Rows that are written out, or named one by one, take no time; unless rows of another table go with them. */
function searches(change: DataChange, catalog: Catalog): boolean {
  if (change.verb === "load" || change.verb === "merge") return change.verb === "merge";
  if (change.source === "rows")
    return change.reads.some((r) => isLarge(r, catalog)) && !readsNamedRows(change.found, catalog);
  return !writesNamedRows(change, catalog) || (change.verb === "delete" && isPointedAt(change, catalog));
}

const isPointedAt = ({ writes }: DataChange, catalog: Catalog): boolean =>
  writes.some((relation) => (findTable(catalog, relation)?.referencedBy ?? []).length > 0);

/** The server's own catalogs are read in no time, as is what a migration tool notes. */
function isLarge(relation: RelationName, catalog: Catalog): boolean {
  const { schema, name } = relation;
  const isServers = schema === "pg_catalog" || schema === "information_schema" || name.startsWith("pg_");
  return !isServers && !isBookkeeping(relation, catalog);
}

/** COMMIT in front of what takes the place of what the transaction has dropped would leave readers without it for as long. */
function helpOf({ operation, held, written, engine, catalog }: RuleContext): string {
  const made = detailOf(operation, "create-object");
  const isIts = ({ relation }: HeldLock) =>
    made !== null && made.name !== null && sameRelation(made.name, relation, catalog.defaultSchema);
  if (made === null || made.name === null || made.object !== "materialized-view" || !held.some(isIts))
    return "COMMIT before this statement, so that the lock is released.";
  const { name, schema } = made.name;
  const after = `${name.slice(0, 59)}_new`;
  const [view, anew] = [engine.quoteRelation(made.name), engine.quoteRelation({ schema, name: after })];
  const [from, to] = [(made.body?.start ?? 0) - written.start, (made.body?.end ?? 0) - written.start];
  const query = made.body === null ? "..." : written.text.slice(from, to).trim();
  const names = made.outputs?.filter((one) => one !== null && one !== "*");
  const columns =
    names?.length !== made.outputs?.length ? "" : ` (${names?.map((one) => engine.quote(one ?? "")).join(", ")})`;
  return (
    `Make it in front of the transaction, under another name and with the indexes and rights of ${view}, and let the two change places: ` +
    `CREATE MATERIALIZED VIEW ${anew}${columns} AS ${query}; ` +
    `BEGIN; DROP MATERIALIZED VIEW ${view}; ALTER MATERIALIZED VIEW ${anew} RENAME TO ${engine.quote(name)}; COMMIT;`
  );
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
      message: `The lock on ${engine.quoteRelation(lock.relation)} (from ${writtenAs(lock)}) is held until this is done: ${who} of it wait that long.`,
      help: helpOf(context),
    };
  },
  bad: [
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nUPDATE users SET a = 1;\nCOMMIT;" },
    {
      sql: "BEGIN;\nALTER TABLE users ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT c;\nCOMMIT;",
    },
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nSELECT pg_sleep(10);\nCOMMIT;" },
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nSELECT pg_advisory_xact_lock(1);\nCOMMIT;" },
    {
      sql: "BEGIN;\nCREATE TABLE profiles (user_id bigint REFERENCES users (id));\nINSERT INTO profiles SELECT id FROM users;\nCOMMIT;",
    },
  ],
  good: [
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);\nBEGIN;\nALTER TABLE users ADD COLUMN a int;\nUPDATE users SET a = 5 WHERE id = 4;\nCOMMIT;",
    },
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nCOMMIT;\nSELECT count(*) FROM users;" },
    {
      sql: "BEGIN;\nCREATE TABLE profiles (user_id bigint REFERENCES users (id));\nCREATE INDEX ON profiles (user_id);\nCOMMIT;",
    },
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN a int;\nINSERT INTO log (what) VALUES ('a');\nCOMMIT;" },
  ],
};
