import type { Table } from "../../../../model/catalog.js";
import type { AttachPartition } from "../../../../model/detail/partition.js";
import { show } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import type { Step } from "../../../../model/step.js";
import { type Phased, Refusal, type StrategyContext } from "../../../engine.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { postgresEffects } from "../../effects/index.js";
import { generatedName, quote, quoteRelation, shortHash } from "../../names.js";
import { tableOf } from "../subject.js";
import { stepOf } from "../written.js";
import { boundClause, conditionOf } from "./bound.js";

/** What the parent's DEFAULT partition does to whom adds another one. @throws Refusal where there is one */
export function refuseDefault(parent: Table, bound: string): void {
  const rest = parent.partitions?.find((p) => p.default);
  if (rest === undefined || bound === "DEFAULT") return;
  throw new Refusal(
    `${show(parent.relation)} has the DEFAULT partition ${show(rest.relation)}: it is read, while everybody waits, for rows that belong into the new one.`,
    `In an earlier migration, add a check to ${show(rest.relation)} that no such row is there (NOT VALID, then VALIDATE), and attach in a maintenance window; or detach ${show(rest.relation)} CONCURRENTLY first.`,
  );
}

/** Every index of the parent is built in the partition where it has none, while everybody waits. */
function refuseBuild(child: Table, operation: OtherOperation, context: StrategyContext): void {
  const effect = postgresEffects(operation, { ...context, siblings: [operation] });
  if (!effect.locks.some((l) => l.held === "build")) return;
  throw new Refusal(
    `${show(child.relation)} has not all of the indexes of its new parent: the server would build them while everybody waits.`,
    "Create them on it before, each by CREATE INDEX in this file or an earlier one.",
  );
}

/**
 * ATTACH PARTITION: a check proves the bound first, NOT VALID and then validated, so that the server attaches without
 * reading a row.
 *
 * @throws Refusal where rows would be read or indexes built while others wait
 */
export function attachPartition(detail: AttachPartition, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) throw new Refusal("The table is not named.", "Name it.");
  const parent = tableOf(operation.relation, context);
  const child = tableOf(detail.partition, context);
  refuseDefault(parent, boundClause(detail.bound));
  refuseBuild(child, operation, context);
  const scan = postgresEffects(operation, { ...context, siblings: [operation] }).scan;
  const condition = conditionOf(detail.bound, parent);
  if (scan && condition === null && !context.newTable)
    throw new Refusal(
      `Its rows are read while writes to ${show(child.relation)} wait, and no check can be written for this bound.`,
      `Add a check that says the same as the bound, NOT VALID, and validate it, before: see pg_get_partition_constraintdef.`,
    );
  const proof = scan && condition !== null ? proofSteps(child, condition, context) : null;
  return {
    steps: [...(proof?.before ?? []), attach(detail, parent, child, operation, context), ...(proof?.after ?? [])],
    retires: [],
    gates: [],
    notes: [
      `Rows of ${show(child.relation)} are seen through ${show(parent.relation)} from the attachment on, by old code, too.`,
    ],
    claims: [{ relation: child.relation, name: null, change: `attaches ${child.relation.name}` }],
  };
}

function attach(
  detail: AttachPartition,
  parent: Table,
  child: Table,
  operation: OtherOperation,
  context: StrategyContext,
): Step {
  const [over, under] = [quoteRelation(parent.relation), quoteRelation(child.relation)];
  return {
    ...stepOf(operation, context, {
      name: "attach",
      phase: "backfill",
      sql: [`ALTER TABLE ${over} ATTACH PARTITION ${under} ${boundClause(detail.bound)}`],
      undo: [`ALTER TABLE ${over} DETACH PARTITION ${under}`],
      reason: "The check proves that every row belongs there: none is read.",
    }),
    scan: false,
    locks: [
      { relation: parent.relation, mode: "SHARE UPDATE EXCLUSIVE", blocks: "ddl", held: "brief" },
      locks.alterTable(child.relation),
    ],
  };
}

function proofSteps(child: Table, condition: string, context: StrategyContext): { before: Step[]; after: Step[] } {
  const table = quoteRelation(child.relation);
  const name = quote(
    generatedName(
      "zmigrate_bound",
      child.relation.name,
      shortHash(context.migrationId, child.relation.schema ?? "", child.relation.name),
    ),
  );
  const common = { phase: "backfill", kind: "ddl", locks: [locks.alterTable(child.relation)] } as const;
  const drop = `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${name}`;
  const add = `ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${condition}) NOT VALID`;
  return {
    before: [
      step({
        ...common,
        id: `${context.ordinal}-bound`,
        sql: [add],
        undo: [drop],
        reason:
          "Says what the bound says. It holds for new rows at once; those that are there are checked by the next step.",
      }),
      step({
        ...common,
        id: `${context.ordinal}-bound-validate`,
        kind: "validate",
        sql: [`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`],
        locks: [locks.validate(child.relation)],
        scan: true,
        unlimited: true,
        letGo: { step: `${context.ordinal}-bound`, sql: [drop] },
        reason: "Checks the rows that are there while reads and writes go on.",
      }),
    ],
    after: [
      step({
        ...common,
        id: `${context.ordinal}-bound-drop`,
        sql: [drop],
        reason: "The bound itself says it from here on.",
      }),
    ],
  };
}
