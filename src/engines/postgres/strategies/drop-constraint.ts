import type { Constraint, InboundReference, Table } from "../../../model/catalog.js";
import type { DropConstraint } from "../../../model/detail/constraint.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal, type StrategyContext, sameRelation } from "../../engine.js";
import { DROP, EXPAND, type Place, SWAP } from "../../place.js";
import { notYet } from "../../strategies.js";
import { sizeOf } from "../../table-size.js";
import { quote, quoteRelation } from "../names.js";
import { constraintOf } from "./constraint/find.js";
import { needsRule } from "./constraint/needs.js";
import { addingWhole, alter, dropping, goingClaims, type Subject } from "./constraint/steps.js";
import { allowNull } from "./drop-not-null.js";
import { isNamedBefore } from "./in-file.js";
import { clearing, restoringKey } from "./index-again.js";
import { onNewTable } from "./on-new-table.js";
import { columnOf } from "./subject.js";
import { wholeTable } from "./tables.js";
import { nothing, stepOf } from "./written.js";

/** Foreign keys hang on the index of a key. */
const pointingAt = (table: Table, constraint: Constraint): readonly InboundReference[] =>
  table.referencedBy.filter((r) => [...r.columns].sort().join("\0") === [...constraint.columns].sort().join("\0"));

function refuseNeeded(s: Subject, constraint: Constraint): void {
  const { table } = s;
  const inbound = pointingAt(table, constraint)[0];
  if (inbound !== undefined)
    throw new Refusal(
      `The foreign key ${inbound.constraint} of ${show(inbound.relation)} points at ${constraint.name}.`,
      "Drop that foreign key in front of this, or in an earlier migration.",
    );
  const index = table.indexes.find((i) => i.constraint === constraint.name);
  const publication = table.publications?.[0];
  const primary = constraint.kind === "primary-key" && publication !== undefined;
  if (index?.replicaIdentity !== true && !primary) return;
  throw new Refusal(
    `Logical replication tells the rows of ${show(table.relation)} apart by ${constraint.name}${publication === undefined ? "" : ` (${publication.name} publishes it)`}: without it, UPDATE and DELETE fail.`,
    `Choose another replica identity first: \`ALTER TABLE ${quoteRelation(table.relation)} REPLICA IDENTITY ...\`.`,
  );
}

/**
 * A constraint of the same name comes in its place: the table is to be without one for a moment only. Not so where rows are
 * changed between the two, which may break the old rule to keep to the new one.
 */
function isReplaced({ context, table, operation }: Subject, { name }: Constraint): boolean {
  const { defaultSchema } = context.catalog;
  const behind = context.file.map((f) => f.operation).filter((o) => o.span.start > operation.span.start);
  const added = behind.find(
    (o) =>
      o.kind === "other" &&
      o.detail?.kind === "add-constraint" &&
      o.detail.constraint.name === name &&
      o.relation !== null &&
      sameRelation(o.relation, table.relation, defaultSchema),
  );
  return (
    added !== undefined &&
    !behind.some(
      (o) =>
        o.kind === "other" &&
        o.detail?.kind === "data-change" &&
        o.span.start < added.span.start &&
        o.detail.writes.some((w) => sameRelation(w, table.relation, defaultSchema)),
    )
  );
}

const phasedOf = (s: Subject, constraint: Constraint, steps: Phased["steps"], notes: string[]): Phased => ({
  steps,
  retires: [],
  claims: goingClaims(s.table.relation, constraint.columns, `drops ${constraint.name}`),
  gates: [],
  notes,
});

/** A check or a foreign key: old code does without what only forbids. */
function dropRule(s: Subject, constraint: Constraint): Phased {
  const replaced = isReplaced(s, constraint);
  const place: Place = replaced || isNamedBefore(s, constraint.name) ? SWAP : EXPAND;
  const reason = replaced
    ? `Another ${constraint.name} comes in its place in the contract: until then this one holds.`
    : "Who keeps to it goes on as before; new code need not.";
  const step = stepOf(s.operation, s.context, {
    name: "drop-constraint",
    ...place,
    sql: [dropping(s.table, constraint.name)],
    undo: addingWhole(s.table, constraint),
    undoTransaction: false,
    undoNeeds: needsRule(s, constraint),
    reason,
  });
  return phasedOf(
    s,
    constraint,
    [step],
    [`A rollback brings ${constraint.name} back (NOT VALID, then VALIDATE), and refuses while rows violate it.`],
  );
}

/** ON CONFLICT of old code needs the index. */
function dropKey(s: Subject, constraint: Constraint): Phased {
  refuseNeeded(s, constraint);
  const index = s.table.indexes.find((i) => i.name === constraint.index);
  if (index === undefined)
    throw new Refusal(
      `The index of ${constraint.name} is not known, so nothing could bring the constraint back.`,
      "Give `--database-url`, so that the plan can be made from the real schema.",
    );
  const step = stepOf(s.operation, s.context, {
    name: "drop-constraint",
    ...SWAP,
    sql: [dropping(s.table, constraint.name)],
    undo: [
      alter(s.table, `DROP CONSTRAINT IF EXISTS ${quote(constraint.name)}`),
      ...restoringKey(s.table, index, constraint),
    ],
    undoTransaction: false,
    // An index whose build failed still turns duplicates away.
    undoNeeds: { verify: null, cleanup: [clearing(s.table, index)] },
    unlimited: false,
    reason: `ON CONFLICT (${constraint.columns.join(", ")}) fails without it, so it stays until old code is gone; new code must write no duplicates before that.`,
  });
  return phasedOf(
    s,
    constraint,
    [step],
    [
      `A rollback builds the index of ${constraint.name} again while the table is in use (${sizeOf(s.table)}), and fails where there are duplicates by then.`,
    ],
  );
}

/** Nothing brings it back while others write. */
function dropExclusion(s: Subject, constraint: Constraint): Phased {
  const step = stepOf(s.operation, s.context, {
    name: "drop-constraint",
    ...DROP,
    final: true,
    sql: [dropping(s.table, constraint.name)],
    reason: "No statement builds an exclusion constraint again while others write: it goes last.",
  });
  return phasedOf(s, constraint, [step], []);
}

function dropIt(s: Subject, constraint: Constraint): Phased {
  switch (constraint.kind) {
    case "check":
    case "foreign-key":
      return dropRule(s, constraint);
    case "unique":
    case "primary-key":
      return dropKey(s, constraint);
    case "exclusion":
      return dropExclusion(s, constraint);
    case "not-null":
      return allowNull(s, columnOf(s.table, constraint.columns[0] ?? ""));
  }
}

/** DROP CONSTRAINT, by what the constraint is. @throws Refusal */
export function dropConstraint(detail: DropConstraint, operation: OtherOperation, context: StrategyContext): Phased {
  const { name, cascade } = detail;
  if (operation.relation === null || name === null) return notYet(detail, operation);
  const table = wholeTable(operation, operation.relation, context);
  const s: Subject = { operation, context, table };
  if (cascade)
    throw new Refusal(
      "DROP CONSTRAINT ... CASCADE drops whatever needs the constraint, seen or unseen.",
      "Leave CASCADE out and drop what needs it by name.",
    );
  const absent = context.catalog.complete && table.constraints.every((c) => c.name !== name);
  if (detail.ifExists && absent)
    return nothing(`${show(table.relation)} has no constraint ${name}: IF EXISTS has nothing to do.`);
  const constraint = constraintOf(table, name, context);
  if (!context.newTable) return dropIt(s, constraint);
  const undo = constraint.index === null ? addingWhole(table, constraint) : [];
  return onNewTable(operation, context, { name: "drop-constraint", sql: [dropping(table, name)], undo });
}
