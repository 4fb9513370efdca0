import type { Table } from "../../../../model/catalog.js";
import type { DetachPartition } from "../../../../model/detail/partition.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import type { Probe } from "../../../../model/step.js";
import { type Phased, Refusal, type StrategyContext, sameRelation } from "../../../engine.js";
import { literal, quoteRelation } from "../../names.js";
import { onNewTable } from "../on-new-table.js";
import { tableOf } from "../subject.js";
import { stepOf } from "../written.js";
import { refuseBehind } from "./beside-detach.js";
import { dropBoundChecks, withoutBoundCheck } from "./bound-check.js";

/** One that was cut off is neither in nor out: FINALIZE takes it out. */
function probeOf(parent: Table, child: RelationName): Probe {
  const at = (r: RelationName) => `pg_catalog.to_regclass(${literal(quoteRelation(r)).trim()})`;
  return {
    sql: `SELECT COALESCE((SELECT CASE WHEN i.inhdetachpending THEN 'half' ELSE 'absent' END FROM pg_catalog.pg_inherits i
      WHERE i.inhparent = ${at(parent.relation)} AND i.inhrelid = ${at(child)}), 'done') AS state`,
    repair: [`ALTER TABLE ${quoteRelation(parent.relation)} DETACH PARTITION ${quoteRelation(child)} FINALIZE`],
  };
}

/** @throws Refusal beside a DEFAULT partition, where the server has no CONCURRENTLY */
function refuse(parent: Table, child: RelationName): void {
  const rest = parent.partitions?.find((p) => p.default);
  if (rest === undefined) return;
  throw new Refusal(
    `${show(parent.relation)} has the DEFAULT partition ${show(rest.relation)}: beside it there is no DETACH ... CONCURRENTLY (55000), and without it everybody waits for ${show(child)}'s and its parent's lock.`,
    "Detach it by hand at a quiet moment, with a lock_timeout.",
  );
}

/** Of a table that no running code knows: at once. */
function plainly(
  detail: DetachPartition,
  { over, under, bound }: { readonly over: string; readonly under: string; readonly bound: string | null },
  operation: OtherOperation,
  context: StrategyContext,
): Phased {
  const undo = bound === null ? [] : [`ALTER TABLE ${over} ATTACH PARTITION ${under} ${bound}`];
  const sql = [`ALTER TABLE ${over} DETACH PARTITION ${under}`];
  const plain = { ...operation, detail: { ...detail, mode: "plain" as const } };
  return onNewTable(plain, context, { name: "detach", sql, undo });
}

/**
 * DETACH PARTITION, in contract, always CONCURRENTLY: on a connection of its own, outside of a transaction. The undo
 * attaches it again, which the check that the server leaves on it proves.
 *
 * @throws Refusal
 */
export function detachPartition(detail: DetachPartition, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) throw new Refusal("The table is not named.", "Name it.");
  const parent = tableOf(operation.relation, context);
  const known = parent.partitions?.find((p) =>
    sameRelation(p.relation, detail.partition, context.catalog.defaultSchema),
  );
  const child = known?.relation ?? detail.partition;
  const [over, under] = [quoteRelation(parent.relation), quoteRelation(child)];
  const finalize = detail.mode === "finalize";
  const bound = known?.bound ?? null;
  if (context.newTable && !finalize) return plainly(detail, { over, under, bound }, operation, context);
  if (!finalize) refuse(parent, child);
  const bounded = known?.proof == null ? null : { child, proof: known.proof };
  refuseBehind({ parent: parent.relation, child, bound }, operation, context);
  const made = stepOf({ ...operation, detail: { ...detail, mode: finalize ? "finalize" : "concurrently" } }, context, {
    name: "detach",
    phase: "contract",
    stage: bound === null ? "drop" : "swap",
    sql: [`ALTER TABLE ${over} DETACH PARTITION ${under} ${finalize ? "FINALIZE" : "CONCURRENTLY"}`],
    undo:
      bound === null
        ? []
        : [
            `ALTER TABLE ${over} ATTACH PARTITION ${under} ${bound}`,
            ...(bounded === null ? [] : [dropBoundChecks(bounded, context)]),
          ],
    transaction: false,
    undoTransaction: true,
    unlimited: true,
    probe: finalize ? null : probeOf(parent, child),
    reason: `Rows of ${show(child)} are no longer seen through ${show(parent.relation)}. It waits for whoever reads it, and nobody waits for it.`,
  });
  const cleared = bounded !== null && bound !== null && detail.mode === "plain";
  return {
    steps: cleared ? [made, withoutBoundCheck(bounded, context)] : [made],
    retires: [],
    gates: [],
    notes: cleared ? [] : [leftNote(child, bounded !== null)],
  };
}

const leftNote = (child: RelationName, known: boolean): string =>
  `The server leaves a check on ${show(child)} that says what the bound said, as it does for every DETACH ... CONCURRENTLY: drop it in a later migration where other rows are to go there.${known ? "" : " After a rollback it is there, too."}`;
