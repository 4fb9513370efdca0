import { POSTGRES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "require-table-schema",
  engines: POSTGRES,
  severity: "info",
  defaultOff: true,
  aside: true,
  onFreshTables: true,
  protects: "Which table a name without a schema means is decided by the search_path of whoever runs the file.",
  check({ operation }) {
    const named = operation.kind === "create-table" ? !operation.temporary : operation.kind !== "other";
    if (!named || operation.relation === null || operation.relation.schema !== null) return null;
    return {
      message: `"${operation.relation.name}" has no schema: the session's search_path decides which table it is.`,
      help: `Name the schema: public.${operation.relation.name}.`,
    };
  },
  bad: [{ sql: "CREATE TABLE users (id bigint PRIMARY KEY);" }, { sql: "ALTER TABLE users ADD COLUMN age int;" }],
  good: [{ sql: "CREATE TABLE public.users (id bigint PRIMARY KEY);" }],
};
