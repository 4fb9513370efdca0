import type { Table } from "../../../../model/catalog.js";
import type { Step } from "../../../../model/step.js";
import { step } from "../../../step.js";
import { hasKey } from "../../../walkable.js";
import { hasChildren } from "../tables.js";
import type { Subject } from "./steps.js";

/** Rows can be counted in short reads where a key orders them and they stand in the table itself. */
const isCountable = (table: Table): boolean => hasKey(table) && !hasChildren(table);

/** Rows that must not be there when the contract begins. */
export interface Violation {
  /** True for such a row. */
  readonly row: string;
  /** `of public.t violate CHECK (a > 0)` */
  readonly rows: string;
  readonly help: string;
}

/**
 * Counts rows that stand in the way before anything is made strict, in the backfill phase and once more before the
 * contract. A table that cannot be walked has none: there VALIDATE alone tells.
 */
export function counting(s: Subject, { row, rows, help }: Violation, id = "verify"): Step[] {
  if (!isCountable(s.table)) return [];
  return [
    step({
      id: `${s.context.ordinal}-${id}`,
      phase: "backfill",
      kind: "verify",
      scan: true,
      verify: { relation: s.table.relation, mismatch: row, violation: { rows, help } },
      reason: `Counts rows ${rows}; contract waits until there is none.`,
    }),
  ];
}
