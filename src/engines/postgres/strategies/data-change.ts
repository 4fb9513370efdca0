import type { DataChange } from "../../../model/detail/data.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Obstacle } from "../../data-change/obstacle.js";
import { planDataChange, type Tables, type Writer } from "../../data-change/plan.js";
import { type Phased, Refusal, type StrategyContext } from "../../engine.js";
import { isPlainFunction } from "../effects/query-functions.js";
import { movedCopy } from "./moved/index.js";
import { tableOf } from "./subject.js";
import { stepOf } from "./written.js";

/** What no plan is made of, and what to write instead. @throws Refusal */
function refuse({ verb, filtered, where, writes }: DataChange): void {
  if (verb === "merge")
    throw new Refusal(
      "MERGE decides row by row what to do, and cannot be cut into batches or run again.",
      "Write an UPDATE for what is matched, and INSERT ... SELECT ... ON CONFLICT DO NOTHING for what is not.",
    );
  if (verb === "load" || verb === "replace")
    throw new Refusal(
      "COPY reads a file that a later run may not find.",
      "Write few rows as INSERT ... VALUES; load many with psql before the migration.",
    );
  if (verb === "delete" && !filtered && where === null)
    throw new Refusal(
      `DELETE without WHERE takes every row of ${writes.map(show).join(", ")}.`,
      "Write TRUNCATE TABLE if they are all to go at once (no trigger fires), or WHERE true for batches.",
    );
}

/** Why the rows of these tables cannot be walked. */
function obstacle(detail: DataChange, { walked, into }: Tables): Obstacle | null {
  const rules = into?.writeRules ?? [];
  if (rules.length > 0)
    return [
      `rules of ${show(into?.relation ?? walked.relation)} (${rules.join(", ")}) act in its place`,
      "Run it by hand.",
    ];
  // A partitioned table has one key for all its rows; the head of an inheritance tree has not.
  const alone = !walked.partitioned || detail.walk?.only === true || walked.partitions?.length === 0;
  const orders = alone || (walked.partitionKey ?? null) !== null;
  if (!orders)
    return [
      `${show(walked.relation)} has tables that inherit from it, and no key orders the rows of all`,
      "Write one statement for each table, with ONLY.",
    ];
  const unknown = detail.verb === "insert" ? detail.calls?.find((f) => !isPlainFunction(f)) : undefined;
  if (unknown === undefined) return null;
  return [`${show(unknown)} may be an aggregate, which has one value for each batch then`, "Write what it computes."];
}

const WRITER: Writer<StrategyContext> = {
  refuse,
  tableOf,
  obstacle,
  around: ({ head, tail }) => ({ head, tail }),
  step: stepOf,
  isPlain: isPlainFunction,
};

/** INSERT, UPDATE and DELETE: see `planDataChange`. @throws Refusal */
export const dataChange = (detail: DataChange, operation: OtherOperation, context: StrategyContext): Phased =>
  movedCopy(detail, operation, context) ?? planDataChange(detail, operation, context, WRITER);
