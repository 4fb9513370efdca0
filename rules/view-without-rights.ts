import { isBehindBareView, lostRights } from "./behind-view.js";
import { givenAnew, madeAnew, rightsBefore } from "./made-anew.js";
import { isFoundAgain } from "./reshaped.js";
import { POSTGRES, type Rule, type RuleContext } from "./rule.js";

const isBareRename = (context: RuleContext): boolean => isBehindBareView(context) && lostRights(context).length === 0;

/** A view that is dropped and made again, where no file has given anything on either. */
function isBareAnew(context: RuleContext): boolean {
  const made = madeAnew(context);
  if (made === null || made.object !== "view" || !isFoundAgain(context)) return false;
  return rightsBefore(context).length === 0 && givenAnew(context).length === 0;
}

export const rule: Rule = {
  id: "view-without-rights",
  engines: POSTGRES,
  severity: "info",
  aside: true,
  protects: "Rights stay with a table that is renamed: a view that takes its name has none but its owner's.",
  check(context) {
    const { operation, engine, phase } = context;
    // Where files tell what is lost, `renaming-table` says it.
    if (phase === "contract" || operation.relation === null) return null;
    if (!isBareRename(context) && !isBareAnew(context)) return null;
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
