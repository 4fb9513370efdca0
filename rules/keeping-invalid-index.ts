import { POSTGRES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "keeping-invalid-index",
  engines: POSTGRES,
  severity: "info",
  aside: true,
  protects: "What a failed build leaves behind has the index's name: IF NOT EXISTS takes it for the index.",
  check({ operation, engine }) {
    if (operation.kind !== "create-index" || !operation.concurrently || !operation.ifNotExists) return null;
    const index = engine.quote(operation.name ?? "");
    return {
      message: `If an earlier build of ${index} failed, its invalid rest is kept and no query uses it, without an error.`,
      help: `Drop the rest first: DROP INDEX CONCURRENTLY IF EXISTS ${index}; and build without IF NOT EXISTS. zmigrate's own steps do so.`,
    };
  },
  bad: [{ sql: "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email);" }],
  good: [{ sql: "CREATE INDEX CONCURRENTLY users_email ON users (email);" }],
};
