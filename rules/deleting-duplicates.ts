import type { Rule } from "./rule.js";

export const rule: Rule = {
  id: "deleting-duplicates",
  engines: ["mariadb"],
  severity: "error",
  aside: true,
  protects: "ALTER IGNORE makes room for a unique key by deleting rows, without saying which.",
  check({ operation, engine }) {
    const change = operation.kind === "other" ? operation.detail : undefined;
    const keys =
      (operation.kind === "create-index" && operation.unique) ||
      (change?.kind === "add-constraint" &&
        change.constraint.kind !== "check" &&
        change.constraint.kind !== "foreign-key");
    if (operation.execution?.ignore !== true || !keys) return null;
    const table = operation.relation === null ? "the table" : engine.quoteRelation(operation.relation);
    return {
      message: `Rows of ${table} that are equal in the new key are deleted, all but one.`,
      help: "Remove IGNORE, and clear the duplicates with a DELETE that says which row stays.",
    };
  },
  bad: [{ sql: "ALTER IGNORE TABLE users ADD UNIQUE users_email (email);" }],
  good: [{ sql: "ALTER TABLE users ADD UNIQUE users_email (email);" }],
};
