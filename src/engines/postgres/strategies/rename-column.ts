import type { RenameColumn } from "../../../model/operation.js";
import type { Claim } from "../../../model/plan.js";
import type { Phased, StrategyContext } from "../../engine.js";
import { renamePlainly } from "./plainly.js";
import { copyConstraints, copyIndexes, fill, proveNotNull, verify } from "./rename/backfill.js";
import { carried } from "./rename/carried.js";
import { drop, swap } from "./rename/contract.js";
import { addColumn, addTrigger, watchWriters } from "./rename/expand.js";
import { notesOf } from "./rename/notes.js";
import { type Rename, subject } from "./rename/subject.js";
import { claimsOnShared } from "./shared.js";

const claimsOf = (r: Rename): Claim[] =>
  claimsOnShared({
    relation: r.relation,
    column: r.old.name,
    change: `renames ${r.old.name} to ${r.to}`,
    context: r.context,
    indexes: r.indexes,
    constraints: [...r.uniques, ...r.deferrable, ...r.checks, ...r.foreignKeys],
  });

/**
 * Renames a column while code that knows the old name and code that knows the new one both run: a second column, a
 * trigger that keeps the two equal, a backfill, and a swap that parks the old one.
 */
export function renameColumn(operation: RenameColumn, context: StrategyContext): Phased {
  if (context.newTable) return renamePlainly(operation, context);
  const r = subject(operation, context);
  return {
    steps: [
      addColumn(r),
      addTrigger(r),
      ...watchWriters(r),
      fill(r),
      verify(r),
      ...copyIndexes(r),
      ...proveNotNull(r),
      ...copyConstraints(r),
      swap(r),
      drop(r),
    ],
    retires: [
      {
        relation: r.relation,
        column: r.old.name,
        parked: r.parked,
        replacement: r.to,
        exchanges: false,
        ...(r.context.watchesWriters === true ? { writers: r.hash } : {}),
        carries: carried(r),
      },
    ],
    claims: claimsOf(r),
    gates: [],
    notes: notesOf(r),
  };
}
