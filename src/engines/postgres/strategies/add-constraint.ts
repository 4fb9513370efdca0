import type { AddConstraint } from "../../../model/detail/constraint.js";
import { show } from "../../../model/name.js";
import type { OtherOperation, TableConstraint } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { notYet } from "../../strategies.js";
import { constraintTree } from "../effects/trees.js";
import { quote } from "../names.js";
import { strings } from "../parse/ast.js";
import { addCheck } from "./constraint/check.js";
import { refuseExclusion } from "./constraint/exclusion.js";
import { addForeignKey } from "./constraint/foreign-key.js";
import { addKey } from "./constraint/key.js";
import { alter, type Subject } from "./constraint/steps.js";
import { useIndex } from "./constraint/using-index.js";
import { nameFor } from "./names-taken.js";
import { onNewTable } from "./on-new-table.js";
import { addNotNull } from "./set-not-null.js";
import { wholeTable } from "./tables.js";

/** One way for each kind of constraint. */
const WAYS: Readonly<Record<TableConstraint["kind"], (detail: AddConstraint, s: Subject) => Phased>> = {
  check: addCheck,
  "foreign-key": addForeignKey,
  unique: addKey,
  "primary-key": addKey,
  exclusion: refuseExclusion,
  "not-null": addNotNull,
  index: (detail, s) => notYet(detail, s.operation),
};

function impliedName({ kind, columns, text }: TableConstraint, s: Subject): string {
  const include = strings(constraintTree(text)?.including);
  return nameFor(s.table, kind === "index" ? "unique" : kind, [...columns, ...include], s.context);
}

/** What an unqualified name in the text means is the session's, as in everything that is written. */
function asWrittenOnNewTable(detail: AddConstraint, s: Subject): Phased {
  const { constraint } = detail;
  const name = constraint.name ?? detail.usingIndex ?? impliedName(constraint, s);
  return onNewTable(s.operation, s.context, {
    name: "add-constraint",
    sql: [alter(s.table, `ADD ${constraint.text}`)],
    undo: [alter(s.table, `DROP CONSTRAINT IF EXISTS ${quote(name)}`)],
  });
}

function refuseTaken({ constraint }: AddConstraint, { table }: Subject): void {
  const taken = table.constraints.find((c) => c.name === constraint.name);
  if (taken === undefined) return;
  throw new Refusal(
    `${show(table.relation)} has a constraint ${taken.name} already: ${taken.definition}`,
    "Choose another name, or drop this statement if the constraint was made by hand.",
  );
}

/** ADD CONSTRAINT, by what is added. @throws Refusal */
export function addConstraint(detail: AddConstraint, operation: OtherOperation, context: StrategyContext): Phased {
  const { relation } = operation;
  if (relation === null) return notYet(detail, operation);
  const table = wholeTable(operation, relation, context);
  const s: Subject = { operation, context, table };
  refuseTaken(detail, s);
  if (context.newTable) return asWrittenOnNewTable(detail, s);
  if (detail.usingIndex !== null) return useIndex(detail, s);
  return WAYS[detail.constraint.kind](detail, s);
}
