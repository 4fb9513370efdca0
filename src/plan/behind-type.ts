import { type Phased, Refusal, sameRelation } from "../engines/engine.js";
import { SWAP } from "../engines/place.js";
import type { RelationName } from "../model/name.js";
import type { ForeignKeyTarget, Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { Side } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { targetsOf } from "./builds-on.js";
import { rank } from "./data-order.js";

/** Columns of a table; of a foreign key that names none, the table's key, which may be any. */
interface Found {
  readonly relation: RelationName;
  readonly columns: readonly string[] | "key";
}

/** The columns that an operation is about, where it finds them as they are when it runs; none for any other operation. */
function columnsFound(operation: Operation): readonly Found[] {
  const { relation } = operation;
  if (relation === null) return [];
  if (operation.kind === "create-index")
    return [{ relation, columns: operation.keys.flatMap((key) => key.column ?? []) }];
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "set-not-null") return [{ relation, columns: [detail.column] }];
  if (detail?.kind !== "add-constraint" || detail.usingIndex !== null) return [];
  return [{ relation, columns: detail.constraint.columns }, ...targetsOf(operation).map(pointedAt)];
}

const pointedAt = ({ relation, columns }: ForeignKeyTarget): Found => ({
  relation,
  columns: columns.length === 0 ? "key" : columns,
});

const isAmong = ({ swapped, relation }: Side, found: Found, defaultSchema: string | null): boolean =>
  sameRelation(relation, found.relation, defaultSchema) &&
  (found.columns === "key" || found.columns.some((name) => name.toLowerCase() === swapped.toLowerCase()));

/** A column of another type takes the place of one under its name. */
const retypes = ({ column, swapped, kept }: Side): boolean => swapped === kept && column !== kept;

/** The columns, in lower case, that an operation finds and that a change of type puts others in the place of, in its swap. */
export function retypedFor(
  operation: Operation,
  { sides = [] }: Pick<Phased, "sides">,
  defaultSchema: string | null,
): readonly string[] {
  const found = columnsFound(operation);
  return sides.flatMap((side) =>
    retypes(side) && found.some((f) => isAmong(side, f, defaultSchema)) ? [side.swapped.toLowerCase()] : [],
  );
}

/** Whether all of it runs when the swaps of what stands in front of it are done. */
export const runsBehindSwap = (steps: readonly Pick<Step, "phase" | "stage">[]): boolean =>
  steps.length > 0 && steps.every((s) => rank(s) >= rank(SWAP));

/**
 * An index, a constraint or NOT NULL of a column whose type the file changes in front of it is one of the new column: it waits
 * for the swap that gives this one the name.
 *
 * @param asked the phase that the author named
 */
export function behindType(
  before: readonly Phased[],
  operation: Operation,
  phased: Phased,
  asked: PhaseName | null,
  defaultSchema: string | null,
): Phased {
  const waits = asked === null && before.some((p) => retypedFor(operation, p, defaultSchema).length > 0);
  // A fill is one of the former column.
  if (!waits || phased.steps.some((s) => s.kind === "backfill") || runsBehindSwap(phased.steps)) return phased;
  return {
    ...phased,
    steps: phased.steps.map((s): Step => (rank(s) < rank(SWAP) ? { ...s, ...SWAP } : s)),
    notes: [
      ...phased.notes,
      `${operation.kind === "create-index" ? "The index" : "This"} is one of the column's new type, and so made in contract (swap), behind the swap.`,
    ],
  };
}

/**
 * A foreign key that comes with its table or column is there before the swap: it would point at the former column, and keep its
 * key from being exchanged.
 *
 * @throws Refusal
 */
export function refusePointing(
  before: readonly Phased[],
  operation: Operation,
  { steps }: Pick<Phased, "steps">,
  defaultSchema: string | null,
): void {
  if (steps.length === 0 || runsBehindSwap(steps)) return;
  const found = targetsOf(operation).map(pointedAt);
  const sides = before.flatMap((p) => p.sides ?? []).filter(retypes);
  const met = sides.find((side) => found.some((f) => isAmong(side, f, defaultSchema)));
  if (met === undefined) return;
  const [table, column] = [met.relation.name, met.swapped];
  throw new Refusal(
    `This file changes the type of ${table}.${column}, and until that is swapped the foreign key would point at the former column, and keep its key from being exchanged.`,
    "Leave the foreign key out here, and write it as a statement of its own behind this one, `ALTER TABLE ... ADD FOREIGN KEY ...`: it is made behind the swap.",
  );
}
