import { impliedName } from "../src/engines/postgres/implied-name.js";
import { body } from "../src/engines/postgres/parse/ast.js";
import { readFragment } from "../src/engines/postgres/parse/fragment.js";
import type { RelationName } from "../src/model/name.js";
import { POSTGRES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

const ADDED =
  "Add it for new values alone; they are all held to it, and what is there can be checked when writes may wait:";
const VALIDATED =
  "Leave it NOT VALID: new values are held to it already. Or run this when writes may wait for as long as the tables are read, and say so with an ignore.";

/** The condition for new values alone. A NOT NULL of a domain cannot be NOT VALID (0A000), and a CHECK can. */
function unchecked(name: RelationName, { engine, written }: RuleContext): string {
  const read = readFragment("", written.text, "");
  const statement = typeof read === "string" ? null : body(read.node, "AlterDomainStmt");
  const check = body(statement?.def, "Constraint");
  const domain = engine.quoteRelation(name);
  if (check?.contype === "CONSTR_CHECK") return `${written.text.trim()} NOT VALID;`;
  const named = engine.quote(check?.conname ?? impliedName(name.name, [], "not_null", new Set()));
  return `ALTER DOMAIN ${domain} ADD CONSTRAINT ${named} CHECK (VALUE IS NOT NULL) NOT VALID;`;
}

export const rule: Rule = {
  id: "ban-alter-domain-with-add-constraint",
  engines: POSTGRES,
  severity: "error",
  protects: "A new condition on a domain reads every table that has a column of it, while nobody can write to them.",
  check(context) {
    const { operation, effect, engine } = context;
    const change = detailOf(operation, "alter-object");
    if (change === null || change.object !== "domain" || change.name === null) return null;
    const { changes } = change;
    const validates = changes.includes("VALIDATE CONSTRAINT");
    const adds = changes.includes("ADD CONSTRAINT") && !changes.includes("NOT VALID");
    if (!adds && !validates && !changes.includes("SET NOT NULL")) return null;
    // Every table is known, and none has a column of it.
    if (validates && !effect.scan) return null;
    const domain = engine.quoteRelation(change.name);
    return {
      message: `Every table with a column of ${domain} is read from end to end, and writes to all of them wait; one value that violates it fails the statement.`,
      help: validates ? VALIDATED : `${ADDED} ${unchecked(change.name, context)}`,
    };
  },
  bad: [
    { sql: "ALTER DOMAIN positive ADD CONSTRAINT more CHECK (VALUE > 0);" },
    { sql: "ALTER DOMAIN positive SET NOT NULL;" },
    { sql: "ALTER DOMAIN positive VALIDATE CONSTRAINT more;" },
  ],
  good: [
    { sql: "ALTER DOMAIN positive ADD CONSTRAINT more CHECK (VALUE > 0) NOT VALID;" },
    { sql: "ALTER DOMAIN positive SET DEFAULT 1;" },
  ],
};
