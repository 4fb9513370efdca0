import type { Constraint } from "../../../model/catalog.js";
import type { AlterConstraint } from "../../../model/detail/constraint.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { type Phased, Refusal, type Said } from "../../engine.js";
import { EXPAND, SWAP } from "../../place.js";
import { notYet } from "../../strategies.js";
import { sizeOf } from "../../table-size.js";
import { quote } from "../names.js";
import { INSTANT, type MysqlContext } from "./algorithms.js";
import { conditionOf, enforcing } from "./constraint/drop-rule.js";
import { isNamed } from "./constraint/in-file.js";
import { claimsOn, constraintOf, phasedOf, type Subject, subjectOf } from "./constraint/subject.js";
import { counting } from "./constraint/verify.js";
import { costOf, isSmall, limited, wayOf } from "./constraint/way.js";
import { alter } from "./ddl.js";
import { isEnforced, not, stateOf } from "./facts.js";
import { nothing } from "./subject.js";
import { stepOf, stepWith } from "./written.js";

/** Rows are held to it no longer: a change of the catalog. The way back copies the table. */
function unenforce(s: Subject, check: Constraint): Phased {
  const { relation } = s.table;
  const early = s.context.newTable || !isNamed(s, check.name, "before");
  const step = stepOf(s.operation, s.context, {
    name: "alter-constraint",
    ...(early ? EXPAND : SWAP),
    sql: [alter(relation, `ALTER CHECK ${quote(check.name)} NOT ENFORCED, ${INSTANT}`)],
    undo: isSmall(s.table) ? enforcing(s, check) : [],
    probe: { sql: stateOf(not(isEnforced(relation, check.name))), repair: [] },
    reason: "Who keeps to it goes on as before; new code need not.",
  });
  const said: Said = isSmall(s.table)
    ? { notes: [`A rollback enforces ${check.name} again unless rows violate it by then.`] }
    : {
        leaves: [
          `A rollback leaves ${check.name} NOT ENFORCED: to enforce it copies ${show(relation)} (${sizeOf(s.table)}) while writes wait.`,
        ],
      };
  return { ...phasedOf([step], claimsOn(relation, check.columns, `changes ${check.name}`)), ...said };
}

/** Other tools copy a table's CHECKs under other names, so for them it is dropped first. */
function refuseLarge(s: Subject, check: Constraint): void {
  if (isSmall(s.table)) return;
  const change = `ADD CONSTRAINT ${quote(check.name)} CHECK ${conditionOf(check)}`;
  const why = `The server holds rows to ${check.name} only by copying the table while writes wait`;
  try {
    wayOf(s, s.operation, why, change);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(
      error.message,
      `Drop ${check.name} in a migration (that is INSTANT), and add it anew. ${error.help}`,
    );
  }
}

function enforce(s: Subject, check: Constraint): Phased {
  const { relation } = s.table;
  const condition = conditionOf(check);
  refuseLarge(s, check);
  const way = wayOf(s, s.operation, "", "");
  const change = (word: string) => alter(relation, `ALTER CHECK ${quote(check.name)} ${word}`);
  const counted: Step[] = counting(s, {
    row: `NOT (${condition})`,
    rows: `of ${show(relation)} violate ${check.name}: CHECK ${condition}`,
    help: "Mend these rows and run `zmigrate apply` again.",
  });
  const step = stepWith(way.effect, s.context, {
    name: "enforce",
    ...limited(way),
    ...(s.context.newTable ? EXPAND : SWAP),
    sql: [`${change("ENFORCED")}, ${way.clause}`],
    undo: [`${change("NOT ENFORCED")}, ${INSTANT}`],
    probe: { sql: stateOf(isEnforced(relation, check.name)), repair: [] },
    reason: `Old code may still write rows that violate it.${costOf(way, s.table)}`,
  });
  return phasedOf(
    [...(s.context.newTable ? [] : counted), step],
    claimsOn(relation, check.columns, `changes ${check.name}`),
  );
}

/** MySQL's ALTER CHECK and ALTER CONSTRAINT. @throws Refusal */
export function alterConstraint(detail: AlterConstraint, operation: OtherOperation, context: MysqlContext): Phased {
  if (operation.relation === null || detail.enforced === null) return notYet(detail, operation);
  const s = subjectOf(operation, operation.relation, context);
  const check = constraintOf(s, detail.name);
  if (check.kind !== "check")
    throw new Refusal(`${check.name} is no CHECK: only a CHECK can be ENFORCED or not.`, "Leave this statement out.");
  if (check.validated === detail.enforced)
    return nothing(`${check.name} of ${show(s.table.relation)} is what this statement makes of it already.`);
  return detail.enforced ? enforce(s, check) : unenforce(s, check);
}
