import { isBehindBareView, lostRights } from "./behind-view.js";
import { POSTGRES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "view-without-rights",
  engines: POSTGRES,
  severity: "info",
  aside: true,
  protects: "Rights stay with a table that is renamed: a view that takes its name has none but its owner's.",
  check(context) {
    const { operation, engine, phase } = context;
    // Where files tell what is lost, `renaming-table` says it.
    if (phase === "contract" || operation.relation === null || !isBehindBareView(context)) return null;
    if (lostRights(context).length > 0) return null;
    const view = engine.quoteRelation(operation.relation);
    return {
      message: `Running code reads and writes ${view} through the view, if it is its owner: other roles have no right on it (42501). Assumed: nobody else uses it, as no file grants anything on it.`,
      help: `Grant on the view what roles have on the table, in the same transaction: GRANT SELECT, INSERT, UPDATE, DELETE ON ${view} TO <role>;`,
    };
  },
  bad: [{ sql: "BEGIN;\nALTER TABLE users RENAME TO people;\nCREATE VIEW users AS SELECT * FROM people;\nCOMMIT;" }],
  good: [
    {
      sql: "BEGIN;\nALTER TABLE users RENAME TO people;\nCREATE VIEW users AS SELECT * FROM people;\nGRANT SELECT ON users TO app;\nCOMMIT;",
    },
  ],
};
