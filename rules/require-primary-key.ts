import { ALL_ENGINES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "require-primary-key",
  engines: ALL_ENGINES,
  severity: "info",
  defaultOff: true,
  aside: true,
  onFreshTables: true,
  protects: "Without a key, rows cannot be told apart: replication, backfills and repairs need one.",
  check({ operation, engine }) {
    if (operation.kind !== "create-table" || operation.temporary || operation.form !== "plain") return null;
    const keyed =
      operation.columns.some((column) => column.primaryKey) ||
      operation.constraints.some(({ kind }) => kind === "primary-key");
    if (keyed) return null;
    return {
      message: `${engine.quoteRelation(operation.relation)} has no primary key.`,
      help: "Give it one while it is empty: it costs nothing now.",
    };
  },
  bad: [{ sql: "CREATE TABLE users (name text);" }],
  good: [{ sql: "CREATE TABLE users (id bigint PRIMARY KEY);" }],
};
