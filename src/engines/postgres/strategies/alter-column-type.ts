import type { AlterColumnType } from "../../../model/detail/column.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Claim } from "../../../model/plan.js";
import type { Phased, StrategyContext } from "../../engine.js";
import { notYet } from "../../strategies.js";
import { postgresEffects } from "../effects/index.js";
import { alter } from "./constraint/steps.js";
import { onNewTable } from "./on-new-table.js";
import { claimsOnShared } from "./shared.js";
import { columnOf, tableOf } from "./subject.js";
import { copyConstraints, copyIndexes, fill, proveNotNull, verify } from "./type-change/backfill.js";
import { drop, keepKey, relax, swap } from "./type-change/contract.js";
import { addShadow, addTrigger } from "./type-change/expand.js";
import { asWrittenClause, inPlace, isBrief } from "./type-change/in-place.js";
import { claimsOnPointing, copyInbound } from "./type-change/inbound.js";
import { notesOf } from "./type-change/notes.js";
import { pairOf } from "./type-change/pair.js";
import { type Retype, subject } from "./type-change/subject.js";

/** Its name stays in use until the drop, by one column or the other. */
function claimsOf(r: Retype): Claim[] {
  const change = `changes the type of ${r.old.name}`;
  const own = [r.old.name, r.to].map((name) => ({ relation: r.relation, name, change }));
  const shared = claimsOnShared({
    relation: r.relation,
    column: r.old.name,
    change,
    context: r.context,
    indexes: r.indexes,
    constraints: [...r.uniques, ...r.deferrable, ...r.checks, ...r.foreignKeys],
  });
  return [...own, ...claimsOnPointing(r), ...shared];
}

function besideEachOther(r: Retype): Phased {
  return {
    steps: [
      addShadow(r),
      addTrigger(r),
      fill(r),
      ...verify(r),
      ...copyIndexes(r),
      ...proveNotNull(r),
      ...copyConstraints(r),
      ...copyInbound(r),
      ...keepKey(r),
      ...relax(r),
      swap(r),
      drop(r),
    ],
    retires: [
      {
        relation: r.relation,
        column: r.old.name,
        parked: r.parked,
        replacement: null,
        exchanges: false,
        retypes: true,
      },
    ],
    sides: [{ relation: r.relation, column: r.to, swapped: r.old.name, kept: r.old.name, parked: r.parked }],
    claims: claimsOf(r),
    gates: [],
    notes: notesOf(r),
    pairs: [pairOf(r) ?? []].flat(),
  };
}

/**
 * ALTER COLUMN ... TYPE: as it is written where only the catalog changes. Otherwise a second column of the new type, a
 * trigger by which it follows, a backfill, and a swap of the two names that parks the former column.
 *
 * @throws Refusal
 */
export function alterColumnType(detail: AlterColumnType, operation: OtherOperation, context: StrategyContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const table = tableOf(operation.relation, context);
  const column = columnOf(table, detail.column);
  if (context.newTable) {
    const sql = [alter(table, asWrittenClause(detail))];
    return onNewTable(operation, context, { name: "alter-type", sql, undo: [] });
  }
  const effect = postgresEffects(operation, { ...context, siblings: [operation] });
  return isBrief(effect) && context.up === null
    ? inPlace(detail, operation, context, table, column)
    : besideEachOther(subject(detail, operation, context));
}
