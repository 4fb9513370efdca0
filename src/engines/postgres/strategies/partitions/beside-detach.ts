import type { PartitionBound } from "../../../../model/detail/partition.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import type { DetailKind } from "../../../../model/operation-detail.js";
import { Refusal, type StrategyContext, sameRelation } from "../../../engine.js";
import { beside } from "../objects/in-file.js";
import { areDisjoint, printed } from "./bounds.js";

/** The partition that goes. */
interface Leaving {
  readonly parent: RelationName;
  readonly child: RelationName;
  /** As the server prints it; null where it is not known. */
  readonly bound: string | null;
}

const LATER = "Put DETACH PARTITION into a migration of its own, and what comes behind it into a later one.";

/** Changes of a table that its partitions get, too, in expand or backfill. */
const REACHES: ReadonlySet<DetailKind> = new Set<DetailKind>([
  "add-constraint",
  "alter-column-type",
  "alter-constraint",
  "create-object",
  "drop-constraint",
  "drop-default",
  "drop-not-null",
  "rename-constraint",
  "set-default",
  "set-not-null",
  "switch",
]);

const reaches = (operation: Operation): boolean =>
  operation.kind === "other"
    ? operation.detail !== undefined && REACHES.has(operation.detail.kind)
    : operation.kind !== "create-table";

/** The bound of a partition that an operation puts under the parent; null for any other operation. */
function boundOf(
  operation: Operation,
  isParent: (r: RelationName | null | undefined) => boolean,
): PartitionBound | null {
  if (operation.kind === "create-table" && operation.form === "partition-of" && isParent(operation.sources?.[0]))
    return operation.bound ?? null;
  if (operation.kind !== "other" || operation.detail?.kind !== "attach-partition") return null;
  return isParent(operation.relation) ? operation.detail.bound : null;
}

/**
 * What stands behind DETACH in the file meets the partition all the same: it leaves in contract.
 *
 * @throws Refusal
 */
export function refuseBehind({ parent, child, bound }: Leaving, operation: Operation, context: StrategyContext): void {
  const isParent = (r: RelationName | null | undefined) =>
    r != null && sameRelation(r, parent, context.catalog.defaultSchema);
  for (const next of beside(operation, context, "behind")) {
    if (isParent(next.relation) && reaches(next))
      throw new Refusal(
        `This file changes ${show(parent)} behind it, and ${show(child)} is its partition until the contract: it would get that change, too.`,
        LATER,
      );
    const taken = boundOf(next, isParent);
    if (taken === null || (bound !== null && areDisjoint(bound, printed(taken)))) continue;
    throw new Refusal(
      `This file puts another partition (${printed(taken)}) under ${show(parent)}, before the contract takes ${show(child)}${bound === null ? "" : ` (${bound})`} out: the two may overlap, and the server would refuse it.`,
      bound === null ? `Give \`--database-url\`, which tells the bounds. Or p${LATER.slice(1)}` : LATER,
    );
  }
}
