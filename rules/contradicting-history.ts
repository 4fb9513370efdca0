import { certainChanges, unfilledWritten } from "../src/engines/missing-written.js";
import { miscountedWhy } from "../src/engines/refused-change.js";
import { unfilledWhy } from "../src/engines/unfilled-column.js";
import { goneTable } from "./gone-table.js";
import { isLenient, type Missing, missingFromHistory } from "./missing-from-history.js";
import { missingClass } from "./operator-class.js";
import { otherViewColumn } from "./other-view-column.js";
import { refusedAttribute } from "./refused-attribute.js";
import { refusedByNeed } from "./refused-by-need.js";
import { refusedExpression } from "./refused-expression.js";
import { refusedIndex } from "./refused-index.js";
import { refusedPart } from "./refused-part.js";
import { refusedRetype } from "./refused-retype.js";
import { refusedDrop, refusedRoutine } from "./refused-routine.js";
import { refusedSqlBody } from "./refused-sql-body.js";
import { refusedTrigger } from "./refused-trigger.js";
import { refusedUnderLocks } from "./refused-under-locks.js";
import { refusedValue } from "./refused-value.js";
import { refusedView } from "./refused-view.js";
import { refusedWritten } from "./refused-written.js";
import { ALL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { takenName } from "./taken-name.js";
import { detailOf } from "./understood.js";
import { unknownColumn } from "./unknown-column.js";
import { withoutPartitionKey } from "./without-partition-key.js";

/** A routine that nobody calls before the end: its transaction is open until then, or no code that runs knows it. */
function isUncalled({ operation, inTransaction, engine }: RuleContext): boolean {
  const made = detailOf(operation, "create-object");
  if (made === null || (made.object !== "function" && made.object !== "procedure")) return false;
  return (inTransaction && engine.name === "postgres") || !(made.orReplace || made.ifNotExists);
}

/** What is left of it where the file has done what stands behind it. */
function unfilledAtEnd(context: RuleContext): string | null {
  const now = unfilledBy(context);
  const end = now === null || !isUncalled(context) ? null : context.atEnd();
  return end === null ? now : unfilledBy({ ...context, catalog: end });
}

/** A routine, which no trigger calls, that leaves out what a row must have, or gives it more or fewer values than columns. */
function unfilledBy(context: RuleContext): string | null {
  const { operation, engine, catalog } = context;
  const made = detailOf(operation, "create-object");
  if (made === null || made.name === null || !ROUTINES.has(made.object) || made.code?.trigger !== undefined)
    return null;
  const changes = certainChanges(made.code);
  const own = engine.name === "postgres";
  const routine = `${made.object} ${engine.quoteRelation(made.name)}`;
  const uneven = miscountedWhy(changes, catalog);
  if (uneven !== null) return `${routine} ${uneven}: calls of it fail (${own ? 42601 : 1136})`;
  const unfilled = isLenient(context) ? null : unfilledWritten(changes, catalog);
  if (unfilled === null) return null;
  const code = own ? 23502 : unfilled.how === "null" ? 1048 : 1364;
  return `${routine} ${unfilledWhy(unfilled)}: calls of it fail (${code})`;
}

const FILL = "Write a value for the column; or give it a default in front of this.";
const TEAMS = "CREATE TABLE IF NOT EXISTS teams (id int PRIMARY KEY, code int, KEY code (code));";
const ROUTINES: ReadonlySet<string> = new Set(["function", "procedure", "event"]);

/** What PostgreSQL refuses beside missing names and values. */
const refusedOnPostgres = (context: RuleContext): Missing | null =>
  refusedExpression(context) ??
  withoutPartitionKey(context) ??
  refusedPart(context) ??
  refusedAttribute(context) ??
  missingClass(context) ??
  refusedTrigger(context) ??
  refusedSqlBody(context) ??
  refusedRetype(context) ??
  refusedDrop(context);

export const rule: Rule = {
  id: "contradicting-history",
  engines: ALL_ENGINES,
  severity: "warning",
  aside: true,
  onFreshTables: true,
  protects: "What the files themselves rule out fails in every database that they made, in the middle of a deploy.",
  check(context) {
    // In a block an IF or an EXCEPTION may stand around it.
    if (context.inBlock) return null;
    const column = otherViewColumn(context);
    if (column !== null) {
      return {
        message: `The server refuses this (42P16): ${column}, and a view that is replaced keeps its columns, their order and their types.`,
        help: "Write the columns that it has first, and new ones at the end; or make a view of another name and drop this one in a later release.",
      };
    }
    const routine = refusedRoutine(context);
    if (routine !== null) {
      return {
        message: `The server refuses this: ${routine}.`,
        help: "Give the new one another name and drop this one in a later release; or, in one transaction, DROP it with its arguments and CREATE it.",
      };
    }
    const unfilled = unfilledAtEnd(context);
    if (unfilled !== null) return { message: `${unfilled[0]?.toUpperCase()}${unfilled.slice(1)}.`, help: FILL };
    const missing =
      goneTable(context) ??
      refusedUnderLocks(context) ??
      refusedByNeed(context) ??
      missingFromHistory(context) ??
      refusedWritten(context) ??
      refusedValue(context) ??
      refusedIndex(context) ??
      refusedView(context) ??
      refusedOnPostgres(context) ??
      unknownColumn(context);
    if (missing !== null) return { message: `The server refuses this: ${missing.what}.`, help: missing.help };
    const taken = takenName(context);
    if (taken === null) return null;
    return {
      message: `The server refuses this: ${taken} is there already, by an earlier statement.`,
      help: "Choose another name, or leave it out.",
    };
  },
  bad: [
    { sql: "CREATE TABLE users (id int);\nALTER TABLE users ADD COLUMN id bigint;" },
    { sql: "CREATE TABLE users (id int, name varchar(9) NOT NULL);\nINSERT INTO users (id) VALUES (1);" },
    {
      sql: "CREATE TABLE users (id int PRIMARY KEY, mail text);\nINSERT INTO users (id) VALUES (1) ON CONFLICT (mail) DO NOTHING;",
      engines: ["postgres"],
    },
    {
      sql: "CREATE TABLE users (id int, mail text);\nCREATE VIEW v AS SELECT id, mail FROM users;\nCREATE OR REPLACE VIEW v AS SELECT mail, id FROM users;",
      engines: ["postgres"],
    },
    {
      sql: `${TEAMS}\nCREATE TABLE users (team int, FOREIGN KEY (team) REFERENCES teams (code));`,
      engines: ["mysql"],
      version: "8.4.0",
    },
    { sql: "CREATE TABLE old_users (id int);\nDROP TABLE old_users;\nALTER TABLE old_users ADD COLUMN age int;" },
  ],
  good: [
    {
      sql: `${TEAMS}\nCREATE TABLE users (team int, FOREIGN KEY (team) REFERENCES teams (code));`,
      engines: ["mysql"],
      version: "8.0.36",
    },
    {
      sql: `${TEAMS}\nCREATE TABLE users (team int, FOREIGN KEY (team) REFERENCES teams (code));`,
      engines: ["mariadb"],
    },
    {
      sql: `${TEAMS}\nCREATE TABLE users (team int, FOREIGN KEY (team) REFERENCES teams (id));`,
      engines: ["mysql"],
      version: "8.4.0",
    },
    {
      sql: "CREATE TABLE users (id int);\nDROP TABLE users;\nCREATE TABLE users (id int);\nALTER TABLE users ADD COLUMN age int;",
    },
    {
      sql: "CREATE TABLE users (id int PRIMARY KEY, mail text);\nINSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO NOTHING;",
      engines: ["postgres"],
    },
    { sql: "CREATE TABLE users (id int);\nALTER TABLE users ADD COLUMN age int;" },
    {
      sql: "CREATE TABLE users (id int, mail text);\nCREATE VIEW v AS SELECT id FROM users;\nCREATE OR REPLACE VIEW v AS SELECT id, mail FROM users;",
      engines: ["postgres"],
    },
  ],
};
