import type { Query, SequenceName } from "../../../model/detail/data.js";
import { type RelationName, show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { findTable, type Phased, Refusal, type StrategyContext, sameRelation } from "../../engine.js";
import { isPlainFunction } from "../effects/query-functions.js";
import { ownerOfSequence } from "../own-sequence.js";
import { runCode } from "./run-code.js";
import { asWritten } from "./written.js";

/** For people. */
const called = (set: SequenceName): string =>
  "sequence" in set ? show(set.sequence) : `the sequence of ${show(set.of)}.${set.column}`;

/** Whether this file makes a table: nobody writes to it yet. */
function isMade(table: RelationName, { file, beforeFile, catalog }: StrategyContext): boolean {
  if (beforeFile === undefined || findTable(beforeFile, table) !== null) return false;
  return file.some(
    ({ operation: o }) =>
      o.kind === "create-table" && !o.ifNotExists && sameRelation(o.relation, table, catalog.defaultSchema),
  );
}

function isNew(set: SequenceName, context: StrategyContext): boolean {
  if (context.newObject === true) return true;
  const table = "of" in set ? set.of : ownerOfSequence(set.sequence, context.catalog)?.table.relation;
  return table !== undefined && isMade(table, context);
}

const isSetting = (name: RelationName): boolean =>
  name.name === "setval" && (name.schema === null || name.schema === "pg_catalog");

/**
 * `SELECT setval(...)` of a sequence that no running code takes numbers from yet: where the file says, behind the rows that it
 * looks at.
 *
 * @throws Refusal for a sequence that is in use, which would give out numbers again, and for any other query
 */
export function setSequence(detail: Query, operation: OtherOperation, context: StrategyContext): Phased {
  const { sets, reads, calls = [] } = detail;
  if (sets === undefined || !calls.every((f) => isSetting(f) || isPlainFunction(f)))
    return runCode(detail, operation, context);
  const used = sets.find((set) => !isNew(set, context));
  if (used !== undefined)
    throw new Refusal(
      `Running code takes numbers from ${called(used)} meanwhile, and setval() may set it back: those that were given out since would come again, and INSERTs fail.`,
      "Write `ALTER SEQUENCE ... RESTART WITH n`, with a number greater than all that will be in use by then.",
    );
  const given = {
    name: "set-sequence",
    sql: [context.statement],
    unlimited: reads.length > 0,
    reason: `${sets.map(called).join(", ")}: no running code takes numbers from it yet.`,
  };
  const old = reads.filter((table) => !isMade(table, context));
  const notes = old.map(
    (table) =>
      `Rows that come to ${show(table)} behind setval() do not count: where running code numbers them itself, leave it room.`,
  );
  return asWritten(operation, context, given, { notes });
}
