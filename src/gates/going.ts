import { type Named, sameRelation } from "../engines/engine.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Retired } from "../model/plan.js";
import type { GateContext } from "./gate.js";
import { goesAt } from "./taken-away.js";

/** Another column has the name from the swap on: one of another type, or that is computed otherwise. */
const keepsName = ({ plan }: MigrationRecord, { relation, column }: Retired): boolean =>
  (plan.sides ?? []).some((s) => s.swapped === column && sameRelation(s.relation, relation, null));

/** What goes away at this stage, by the name that statements use. */
export function goingAt({ record, stage }: GateContext): Named[] {
  const columns = stage === "swap" ? record.plan.retires.filter((r) => !keepsName(record, r)) : [];
  const tables = (record.plan.retiredTables ?? []).flatMap((table) => {
    const name = goesAt(table, stage);
    return name === null || name === table.parked ? [] : [{ schema: table.relation.schema, name }];
  });
  return [
    ...columns.map(({ relation, column }) => ({ relation, column })),
    ...tables.map((relation) => ({ relation, column: null })),
  ];
}
