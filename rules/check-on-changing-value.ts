import type { Operation } from "../src/model/operation.js";
import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

/** Functions and words whose answer is another one tomorrow, for another user, or at the next call. */
const CHANGING =
  /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|gen_random_uuid|uuid|rand|sysdate|curdate|curtime|utc_timestamp|connection_id|current_setting|nextval)\s*\(|\b(?:current_(?:timestamp|date|time|user|role)|localtime(?:stamp)?|session_user)\b/i;

function conditionsOf(operation: Operation): readonly string[] {
  if (operation.kind === "create-table") {
    const own = operation.columns.flatMap(({ checks }) => checks.map(({ expression }) => expression));
    return [...own, ...operation.constraints.filter(({ kind }) => kind === "check").map(({ text }) => text)];
  }
  if (operation.kind === "add-column") return operation.column.checks.map(({ expression }) => expression);
  const added = detailOf(operation, "add-constraint");
  return added?.constraint.kind === "check" ? [added.expression ?? added.constraint.text] : [];
}

const withoutTexts = (expression: string): string => expression.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`/g, "''");

export const rule: Rule = {
  id: "check-on-changing-value",
  engines: ALL_ENGINES,
  severity: "warning",
  aside: true,
  onFreshTables: true,
  protects:
    "A CHECK is asked when a row is written: one that compares with today lets rows stand that it would refuse.",
  check({ operation }) {
    const found = conditionsOf(operation)
      .map((text) => CHANGING.exec(withoutTexts(text)))
      .find((match) => match !== null);
    if (found === undefined || found === null) return null;
    return {
      message: `The CHECK asks ${found[0].replace(/\s*\($/, "()")}, whose answer changes: rows that pass today fail when a backup is restored.`,
      help: "Compare with a column of the row, or look at the value in a trigger when it is written.",
    };
  },
  bad: [
    { sql: "ALTER TABLE users ADD CONSTRAINT born CHECK (birthday < now()) NOT VALID;", engines: ["postgres"] },
    { sql: "CREATE TABLE users (birthday date CHECK (birthday < current_date));", engines: ["postgres", "mariadb"] },
  ],
  good: [{ sql: "CREATE TABLE users (what text, CHECK (what <> 'now()'));" }],
};
