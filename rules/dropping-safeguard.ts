import { findTable } from "../src/engines/engine.js";
import { letThroughBy } from "../src/engines/policies.js";
import { isSwitchedAlready } from "../src/engines/switched.js";
import { droppedOf, firesAsOften, isSwitchedBack, policiesBehind, replacementOf, triggerReplaced } from "./put-back.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

const LOSSES: Readonly<Record<string, string>> = {
  trigger: "What the trigger did to rows that running code writes no longer happens",
  rule: "What the rule did to statements of running code no longer happens",
  policy: "Roles that saw rows by this policy see none, or see all where it was the last that restricted them",
  event: "What the event did on its schedule no longer happens",
};

const NARROWER =
  "Rows that this policy lets through, and that those behind it are not seen to let through, are neither seen nor written from here on (42501)";

/** Nothing is ever missing: it is put back before anybody can look, or the history never had it. */
function isNeverMissing(context: RuleContext): boolean {
  if (isSwitchedBack(context)) return true;
  const before = droppedOf(context);
  const dropped = detailOf(context.operation, "drop-object");
  if (before === null && dropped?.ifExists === true) return true;
  if (dropped?.object === "policy") return letThroughBy(policiesBehind(context), before?.policy ?? null);
  const now = replacementOf(context);
  if (now === null) return false;
  return now.trigger === null || before?.trigger === undefined || firesAsOften(now.trigger, before.trigger);
}

/**
 * What a foreign key does by itself to the rows that point at one that goes or gets another key, and the statement does not give
 * to another one over the same columns (MySQL, MariaDB; PostgreSQL has `dropping-foreign-key`).
 */
function actionLost({ operation, catalog, siblings, engine }: RuleContext): string | null {
  const dropped = detailOf(operation, "drop-constraint");
  const table = dropped === null || operation.relation === null ? null : findTable(catalog, operation.relation);
  if (table === null || engine.name === "postgres") return null;
  const same = (name: string) => name.toLowerCase() === dropped?.name?.toLowerCase();
  const key = table.constraints.find(({ kind, name }) => kind === "foreign-key" && same(name));
  const [action] = actionsOf(key?.definition ?? "");
  if (key === undefined || action === undefined) return null;
  const again = siblings.map((each) => detailOf(each, "add-constraint")?.constraint);
  const replaced = again.some(
    (c) =>
      c?.kind === "foreign-key" &&
      c.columns.join().toLowerCase() === key.columns.join().toLowerCase() &&
      actionsOf(c.references?.actions ?? "").join() === actionsOf(key.definition).join(),
  );
  return replaced
    ? null
    : `${action} of ${engine.quote(key.name)} no longer happens to rows of ${engine.quoteRelation(table.relation)}: they point nowhere when running code writes the row that they point at`;
}

/** `ON DELETE CASCADE`, `ON UPDATE SET NULL`, in an order of their own. */
const actionsOf = (text: string): readonly string[] =>
  [...text.matchAll(/\bON\s+(DELETE|UPDATE)\s+(CASCADE|SET\s+NULL|SET\s+DEFAULT)\b/gi)]
    .map(([, event = "", action = ""]) => `ON ${event} ${action.replace(/\s+/g, " ")}`.toUpperCase())
    .toSorted();

/** What running code loses, in words; null where nothing of the kind is taken away. */
function lossOf(context: RuleContext): string | null {
  const { operation } = context;
  const action = actionLost(context);
  if (action !== null) return action;
  const dropped = detailOf(operation, "drop-object");
  if (dropped !== null) return policiesBehind(context).length > 0 ? NARROWER : (LOSSES[dropped.object] ?? null);
  const [now, before] = [detailOf(operation, "create-object")?.trigger, triggerReplaced(context)];
  if (now && before !== null) return firesAsOften(now, before) ? null : (LOSSES.trigger ?? null);
  const change = detailOf(operation, "switch");
  // ENABLE REPLICA: it fires where changes of another server are applied, and nowhere else.
  if (change === null || (change.enabled && change.firing !== "replica")) return null;
  if (isSwitchedAlready(change, tableOf(context), context.catalog)) return null;
  if (change.what === "row-security") return "Every role that may read the table reads all of its rows";
  return LOSSES[change.what] ?? null;
}

const tableOf = ({ operation: { relation }, catalog }: RuleContext) =>
  relation === null ? null : findTable(catalog, relation);

/** Row security of a table that files made is off, unless somebody else has turned it on. */
function assumption(context: RuleContext): string {
  const table = tableOf(context);
  const isOff = detailOf(context.operation, "switch")?.what === "row-security" && table !== null;
  if (!isOff || table.rowSecurity === true) return "";
  return ` Assumed: row security of ${context.engine.quoteRelation(table.relation)} is on, though no file turned it on.`;
}

export const rule: Rule = {
  id: "dropping-safeguard",
  engines: ALL_ENGINES,
  severity: "warning",
  losses: true,
  protects: "Code that is running relies on triggers, rules, policies and events without naming them.",
  check(context) {
    const { effect, phase } = context;
    // Where the effect knows who breaks, `breaking-running-code` says more.
    if (phase === "contract" || effect.breaks.some(({ who }) => who === "N-1")) return null;
    const loss = lossOf(context);
    if (loss === null || isNeverMissing(context)) return null;
    return {
      message: `${loss}.${assumption(context)}`,
      help: "Deploy code that does without it first, and take it away in a later release, under `-- zmigrate:phase contract`.",
    };
  },
  bad: [
    { sql: "DROP TRIGGER keep_history ON users;", engines: ["postgres"] },
    { sql: "ALTER TABLE users DISABLE ROW LEVEL SECURITY;", engines: ["postgres"] },
    { sql: "ALTER TABLE users ENABLE REPLICA TRIGGER keep_history;", engines: ["postgres"] },
    { sql: "DROP EVENT tidy;", engines: ["mysql", "mariadb"] },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id int PRIMARY KEY, org int, CONSTRAINT f FOREIGN KEY (org) REFERENCES orgs (id) ON DELETE CASCADE);\nALTER TABLE users DROP FOREIGN KEY f;",
      engines: ["mysql", "mariadb"],
    },
  ],
  good: [
    { sql: "-- zmigrate:phase contract\nDROP TRIGGER keep_history ON users;", engines: ["postgres"] },
    {
      sql: "BEGIN;\nDROP TRIGGER keep_history ON users;\nCREATE TRIGGER keep_history BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION keep_history();\nCOMMIT;",
      engines: ["postgres"],
    },
    { sql: "CREATE TABLE users (id int);" },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id int PRIMARY KEY, org int, CONSTRAINT f FOREIGN KEY (org) REFERENCES orgs (id) ON DELETE CASCADE);\nALTER TABLE users DROP FOREIGN KEY f, ADD CONSTRAINT g FOREIGN KEY (org) REFERENCES orgs (id) ON DELETE CASCADE;",
      engines: ["mysql", "mariadb"],
    },
  ],
};
