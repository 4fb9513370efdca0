import { isBehindView } from "./behind-view.js";
import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "renaming-table",
  engines: ALL_ENGINES,
  severity: "error",
  protects: "A rename takes effect for all code at once: whatever still uses the old name fails from that moment on.",
  check(context) {
    const { operation, phase, engine } = context;
    const rename = detailOf(operation, "rename-table");
    if (rename === null || operation.relation === null || phase === "contract") return null;
    if (isBehindView(context)) return null;
    const from = engine.quoteRelation(operation.relation);
    const to = engine.quoteRelation(rename.to);
    return {
      message: `Running code that reads or writes ${from} fails as soon as the table is called ${to}.`,
      help:
        engine.name === "postgres"
          ? `In one transaction: ALTER TABLE ${from} RENAME TO ${engine.quote(rename.to.name)}; CREATE VIEW ${from} AS SELECT * FROM ${to}; and drop the view in a later release.`
          : `Keep the name, or rename it and create the view ${from} AS SELECT * FROM ${to} in a moment when nobody writes, and drop the view in a later release.`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users RENAME TO people;" },
    { sql: "RENAME TABLE users TO people;", engines: ["mysql", "mariadb"] },
  ],
  good: [
    { sql: "CREATE TABLE users (id int);\nALTER TABLE users RENAME TO people;" },
    {
      sql: "BEGIN;\nALTER TABLE users RENAME TO people;\nCREATE VIEW users AS SELECT * FROM people;\nCOMMIT;",
      engines: ["postgres"],
    },
  ],
};
