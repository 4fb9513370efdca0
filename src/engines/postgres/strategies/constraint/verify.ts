import type { Table } from "../../../../model/catalog.js";
import type { Step } from "../../../../model/step.js";
import { step } from "../../../step.js";
import { hasChildren } from "../tables.js";
import type { Subject } from "./steps.js";

/** Rows that must not be there when the contract begins. */
export interface Violation {
  /** True for such a row. */
  readonly row: string;
  /** `of public.t violate CHECK (a > 0)` */
  readonly rows: string;
  readonly help: string;
  /** False where the rows of partitions and children are not meant, which absent means that they are. */
  readonly below?: boolean;
}

/** Whether the rows of partitions and children count: said of a table that has any, and of no other. */
export const meant = (table: Table, below = true): { readonly below?: boolean } =>
  hasChildren(table) ? { below } : {};

/**
 * Counts rows that stand in the way before anything is made strict, in the backfill phase and once more before the
 * contract. A table without a key is read block by block, one with partitions or children table by table.
 */
export function counting(s: Subject, { row, rows, help, below }: Violation, id = "verify"): Step[] {
  return [
    step({
      id: `${s.context.ordinal}-${id}`,
      phase: "backfill",
      kind: "verify",
      scan: true,
      verify: {
        relation: s.table.relation,
        mismatch: row,
        violation: { rows, help },
        ...meant(s.table, below),
      },
      reason: `Counts rows ${rows}; contract waits until there is none.`,
    }),
  ];
}
