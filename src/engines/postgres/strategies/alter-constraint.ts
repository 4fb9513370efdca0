import type { Constraint } from "../../../model/catalog.js";
import type { AlterConstraint } from "../../../model/detail/constraint.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Phased, StrategyContext } from "../../engine.js";
import { EXPAND, SWAP } from "../../place.js";
import { notYet } from "../../strategies.js";
import { quote } from "../names.js";
import { constraintOf } from "./constraint/find.js";
import {
  adding,
  addingInTwo,
  addingWhole,
  alter,
  asChange,
  claimsOn,
  dropping,
  type Subject,
  withoutMark,
} from "./constraint/steps.js";
import { isNamedBefore } from "./in-file.js";
import { onNewTable } from "./on-new-table.js";
import { wholeTable } from "./tables.js";
import { stepOf } from "./written.js";

/** `DEFERRABLE INITIALLY DEFERRED` of a constraint as it is, in words that set it again. */
function deferrableOf({ definition }: Constraint): string {
  if (!/ DEFERRABLE\b/i.test(definition.replace(/NOT DEFERRABLE/i, ""))) return "NOT DEFERRABLE";
  return `DEFERRABLE INITIALLY ${/ INITIALLY DEFERRED\b/i.test(definition) ? "DEFERRED" : "IMMEDIATE"}`;
}

const enforcedAs = (constraint: Constraint, enforced: boolean): Constraint => {
  const plain = withoutMark(constraint.definition).replace(/\s+NOT ENFORCED\b/i, "");
  return { ...constraint, definition: enforced ? plain : `${plain} NOT ENFORCED`, validated: enforced };
};

/** ENFORCED reads every row under a lock; made again NOT VALID and validated it ends as the same, and nobody waits. */
function enforce(s: Subject, constraint: Constraint): Phased["steps"] {
  const after = enforcedAs(constraint, true);
  const others = { ...s, table: { ...s.table, constraints: s.table.constraints.filter((c) => c !== constraint) } };
  const detail = {
    kind: "add-constraint",
    constraint: {
      kind: constraint.kind,
      name: constraint.name,
      columns: constraint.columns,
      references: null,
      text: after.definition,
    },
    expression: null,
    enforced: true,
    validated: true,
    usingIndex: null,
    ifNotExists: false,
  } as const;
  const [add, ...validate] = addingInTwo(others, "enforce", after, detail, SWAP, "Old code may still violate it.");
  if (add === undefined) return [];
  const drop = dropping(s.table, constraint.name);
  const dropped = stepOf(asChange(s.operation, dropDetail(constraint.name)), s.context, {
    name: "enforce",
    ...SWAP,
    sql: [drop, ...add.sql],
    undo: [drop, ...adding(s.table, constraint)],
    reason: add.reason,
  });
  return [dropped, ...validate.map((v) => ({ ...v, letGo: { step: dropped.id, sql: dropped.undo } }))];
}

const dropDetail = (name: string) =>
  ({ kind: "drop-constraint", constraint: null, name, ifExists: false, cascade: false }) as const;

function unenforce(s: Subject, constraint: Constraint): Phased["steps"] {
  const again = [dropping(s.table, constraint.name), ...addingWhole(s.table, constraint)];
  return [
    stepOf(s.operation, s.context, {
      name: "alter-constraint",
      ...(isNamedBefore(s, constraint.name) ? SWAP : EXPAND),
      sql: [alter(s.table, `ALTER CONSTRAINT ${quote(constraint.name)} NOT ENFORCED`)],
      undo: again,
      undoTransaction: false,
      reason: "Who keeps to it goes on as before; new code need not.",
    }),
  ];
}

/** When a constraint is checked. Code that sets it to DEFERRED itself is the only one that notices. */
function defer(s: Subject, constraint: Constraint, actions: string): Phased["steps"] {
  const inherits = /^(NO )?INHERIT$/i.exec(actions.trim());
  const back = inherits === null ? deferrableOf(constraint) : inherits[1] === undefined ? "NO INHERIT" : "INHERIT";
  const looser = inherits !== null || (!/NOT\s+DEFERRABLE/i.test(actions) && !/INITIALLY\s+DEFERRED/i.test(actions));
  const reason = looser
    ? "Only the catalog changes, and code that does not ask for it notices nothing."
    : "Old code may rely on when the constraint is checked, so this waits for the contract.";
  const place = looser && !isNamedBefore(s, constraint.name) ? EXPAND : SWAP;
  const name = quote(constraint.name);
  return [
    stepOf(s.operation, s.context, {
      name: "alter-constraint",
      ...place,
      sql: [alter(s.table, `ALTER CONSTRAINT ${name} ${actions}`)],
      undo: [alter(s.table, `ALTER CONSTRAINT ${name} ${back}`)],
      reason,
    }),
  ];
}

/** ALTER CONSTRAINT: deferrable, enforced, inherited. @throws Refusal */
export function alterConstraint(detail: AlterConstraint, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  const constraint = constraintOf(table, detail.name, context);
  const s: Subject = { operation, context, table };
  if (context.newTable) {
    const sql = [alter(table, `ALTER CONSTRAINT ${quote(detail.name)} ${detail.actions}`)];
    const undo = [dropping(table, constraint.name), ...addingWhole(table, constraint)];
    return onNewTable(operation, context, { name: "alter-constraint", sql, undo });
  }
  const claims = claimsOn(table.relation, constraint.columns, `changes ${constraint.name}`);
  const steps =
    detail.enforced === null
      ? defer(s, constraint, detail.actions)
      : detail.enforced
        ? enforce(s, constraint)
        : unenforce(s, constraint);
  return { steps, retires: [], claims, gates: [], notes: [] };
}
