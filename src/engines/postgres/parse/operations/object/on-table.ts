import type { CreateTrigStmt, Node } from "libpg-query";
import type { CreateObject, TriggerShape, TriggerWhen } from "../../../../../model/detail/object.js";
import { body, relationFrom, relationOf, strings } from "../../ast.js";
import { referencesIn } from "../../column-refs.js";
import { relationsIn } from "../../relations.js";
import { one, type PartReader, reader } from "../part.js";
import { behindKeyword, created, plainName } from "./create.js";
import { conditionsOf } from "./normal-condition.js";
import { NOWHERE } from "./normal-text.js";
import { policyColumns, policyShape } from "./policy-shape.js";

/** What hangs on a table: triggers, rules, policies. */
export const ON_TABLE_READERS: readonly (readonly [string, PartReader])[] = [
  reader("CreateTrigStmt", (stmt) => {
    const reads = stmt.constrrel === undefined ? [] : [relationOf(stmt.constrrel)];
    const how = { orReplace: stmt.replace ?? false, trigger: triggerShape(stmt), reads: Object.freeze(reads) };
    return one(relationOf(stmt.relation ?? {}), created("trigger", plainName(stmt.trigname), how));
  }),
  reader("RuleStmt", (stmt, reading) => {
    const text = behindKeyword(reading, stmt.relation?.location, "DO");
    const insteadOf = stmt.instead === true ? REPLACED[stmt.event ?? ""] : undefined;
    const how = { orReplace: stmt.replace ?? false, body: text, reads: Object.freeze(relationsIn(stmt.actions)) };
    const placed = insteadOf === undefined ? how : { ...how, insteadOf };
    return one(relationOf(stmt.relation ?? {}), created("rule", plainName(stmt.rulename), placed));
  }),
  reader("CreatePolicyStmt", (stmt) =>
    one(
      relationOf(stmt.table ?? {}),
      created("policy", plainName(stmt.policy_name), {
        ...(stmt.permissive === true ? {} : { restrictive: true }),
        columns: policyColumns([stmt.qual, stmt.with_check]),
        policy: policyShape(stmt),
      }),
    ),
  ),
];

/** A rule on SELECT is what makes a view. */
const REPLACED: Readonly<Record<string, CreateObject["insteadOf"]>> = Object.freeze({
  CMD_INSERT: "insert",
  CMD_UPDATE: "update",
  CMD_DELETE: "delete",
});

/** Bits of `pg_trigger.tgtype`, as the server's own headers name them (TRIGGER_TYPE_...). */
const BEFORE = 2;
const INSTEAD = 64;
const EVENTS = [
  ["insert", 4],
  ["update", 16],
  ["delete", 8],
  ["truncate", 32],
] as const;

function triggerShape(stmt: CreateTrigStmt): TriggerShape {
  const timing = stmt.timing ?? 0;
  const events = EVENTS.filter(([, bit]) => ((stmt.events ?? 0) & bit) !== 0).map(([name]) => name);
  return Object.freeze({
    timing: timing === BEFORE ? "before" : timing === INSTEAD ? "instead of" : "after",
    events: Object.freeze(events),
    columns: Object.freeze(strings(stmt.columns)),
    calls: relationFrom(strings(stmt.funcname)),
    ...(stmt.args === undefined ? {} : { args: Object.freeze(strings(stmt.args)) }),
    ...(stmt.whenClause === undefined ? {} : { when: Object.freeze(whenOf(stmt.whenClause)) }),
    ...(stmt.row === true ? { eachRow: true } : {}),
  });
}

/** `NEW.a IS NOT NULL`, `OLD.a IS DISTINCT FROM NEW.a`, `OLD.* IS DISTINCT FROM NEW.*`. */
function whenOf(condition: Node): TriggerWhen {
  const shared = { conditions: Object.freeze(conditionsOf(condition, NOWHERE)), names: namesOfRow(condition) };
  const test = body(condition, "NullTest");
  const [row, column] = fieldsOf(test?.arg);
  if (test?.nulltesttype === "IS_NOT_NULL" && row === "new" && column !== undefined)
    return { kind: "not-null", column, ...shared };
  const compared = body(condition, "A_Expr");
  const [one, other] = [fieldsOf(compared?.lexpr), fieldsOf(compared?.rexpr)];
  const differs = compared?.kind === "AEXPR_DISTINCT" || strings(compared?.name).join() === "<>";
  const both = [one[0], other[0]].sort().join() === "new,old" && one[1] === other[1];
  return differs && both && one[1] !== undefined
    ? { kind: "changes", column: one[1], ...shared }
    : { kind: "other", ...shared };
}

/** The columns of NEW and OLD that a condition names. */
function namesOfRow(condition: Node): readonly string[] {
  const named = referencesIn(condition).filter(
    ({ parts, star }) => !star && parts.length === 2 && (parts[0] === "new" || parts[0] === "old"),
  );
  return Object.freeze([...new Set(named.flatMap(({ parts }) => parts[1] ?? []))]);
}

/** The row and its column, `*` for all of them. */
function fieldsOf(node: Node | undefined): readonly string[] {
  const fields = body(node, "ColumnRef")?.fields ?? [];
  return [...strings(fields), ...(fields.some((field) => "A_Star" in field) ? ["*"] : [])];
}
