import { sameRelation } from "../src/engines/engine.js";
import { viewTaking } from "../src/engines/exchanged-view.js";
import type { RelationName } from "../src/model/name.js";
import { isBehindView, isBehindWholeView, lostRights, viewInPlace } from "./behind-view.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** What gives the view the rights that the table has. */
function grants(view: string, rights: readonly string[]): string {
  if (rights.length === 0) return "then give roles on it what they have on the table,";
  return rights.map((right) => `GRANT ${right.replace(/^(\S+) /, `$1 ON ${view} TO `)};`).join(" ");
}

/** Whom it stops, by the old name and the new one. */
function messageOf(context: RuleContext, from: string, to: string): string {
  if (viewInPlace(context) === null)
    return `Running code that reads or writes ${from} fails as soon as the table is called ${to}.`;
  if (!isBehindWholeView(context))
    return `Running code that reads or writes ${from} meets a view that is not all of the table: rows and columns that its query leaves out, or changes, are gone for it.`;
  const lost = lostRights(context).join(", ");
  return `Running code of other roles than the owner fails: rights stay with the table, and ${from} is a view without ${lost} (42501).`;
}

/** SET SCHEMA is a rename, too. */
function moving(from: RelationName, to: RelationName, { quote, quoteRelation }: RuleContext["engine"]): string {
  const moves = to.schema !== null && to.name === from.name;
  return `ALTER TABLE ${quoteRelation(from)} ${moves ? `SET SCHEMA ${quote(to.schema)}` : `RENAME TO ${quote(to.name)}`};`;
}

export const rule: Rule = {
  id: "renaming-table",
  engines: ALL_ENGINES,
  severity: "error",
  protects: "A rename takes effect for all code at once: whatever still uses the old name fails from that moment on.",
  check(context) {
    const { operation, phase, engine, effect, catalog } = context;
    const rename = detailOf(operation, "rename-table");
    if (rename === null || operation.relation === null || phase === "contract") return null;
    // Its own name.
    if (effect.breaks.length === 0 && sameRelation(operation.relation, rename.to, catalog.defaultSchema)) return null;
    if (isBehindView(context) || viewTaking(operation.relation, context.siblings, catalog) !== null) return null;
    const from = engine.quoteRelation(operation.relation);
    const to = engine.quoteRelation(rename.to);
    return {
      message: messageOf(context, from, to),
      help:
        engine.name === "postgres"
          ? `In one transaction: ${moving(operation.relation, rename.to, engine)} CREATE VIEW ${from} AS SELECT * FROM ${to}; ${grants(from, lostRights(context))} and drop the view in a later release.`
          : `Keep the name, or rename it and create the view ${from} AS SELECT * FROM ${to} in a moment when nobody writes, and drop the view in a later release.`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users RENAME TO people;" },
    { sql: "RENAME TABLE users TO people;", engines: ["mysql", "mariadb"] },
    {
      sql: "BEGIN;\nALTER TABLE users RENAME TO people;\nCREATE VIEW users AS SELECT * FROM people WHERE deleted_at IS NULL;\nCOMMIT;",
      engines: ["postgres"],
    },
  ],
  good: [
    { sql: "ALTER TABLE users RENAME TO users;", engines: ["mysql", "mariadb"] },
    { sql: "CREATE TABLE users (id int);\nALTER TABLE users RENAME TO people;" },
    {
      sql: "CREATE VIEW named AS SELECT id FROM users;\nCREATE VIEW wider AS SELECT id, nick FROM users;\nRENAME TABLE named TO narrower, wider TO named;",
      engines: ["mysql", "mariadb"],
    },
    {
      sql: "BEGIN;\nALTER TABLE users RENAME TO people;\nCREATE VIEW users AS SELECT * FROM people;\nCOMMIT;",
      engines: ["postgres"],
    },
  ],
};
