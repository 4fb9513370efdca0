import type { Step } from "../../../../model/step.js";
import { BACKFILL, type Place } from "../../../place.js";
import { step } from "../../../step.js";
import { hasKey } from "../../../walkable.js";
import type { Subject } from "./subject.js";

/** Rows that must not be there when the contract begins. */
export interface Violation {
  /** True for such a row. */
  readonly row: string;
  /** `of t violate CHECK (a > 0)` */
  readonly rows: string;
  readonly help: string;
  /** Present, and true, where the condition reads the whole table by itself. */
  readonly whole?: true;
}

/** Counts rows that stand in the way; none for a table that no key orders. */
export function counting(
  s: Subject,
  { row, rows, help, whole }: Violation,
  { id = "verify", place = BACKFILL, why = "contract waits until there is none" } = {} as {
    readonly id?: string;
    readonly place?: Place;
    readonly why?: string;
  },
): Step[] {
  if (!hasKey(s.table)) return [];
  const all = whole === true ? { whole } : {};
  return [
    step({
      id: `${s.context.ordinal}-${id}`,
      ...place,
      kind: "verify",
      scan: true,
      verify: { relation: s.table.relation, mismatch: row, violation: { rows, help }, ...all },
      reason: `Counts rows ${rows}; ${why}.`,
    }),
  ];
}
