import type { Operation, OtherOperation } from "../../../../model/operation.js";
import { sameRelation } from "../../../engine.js";
import { beside } from "../in-file.js";
import { type Subject, sameName } from "./subject.js";

type Side = "before" | "behind";

/** Other changes of the same table's constraints in this file. */
function changesOf(s: Subject, side: Side): OtherOperation[] {
  const { catalog } = s.context;
  const own = (o: Operation): o is OtherOperation =>
    o.kind === "other" && o.relation !== null && sameRelation(o.relation, s.table.relation, catalog.defaultSchema);
  return beside(s.operation, s.context, side).filter(own);
}

/** Another statement of the file adds, alters or drops a constraint of this name: the two keep their order. */
export function isNamed(s: Subject, name: string, side: Side): boolean {
  return changesOf(s, side).some(({ detail }) => {
    if (detail?.kind === "add-constraint") return sameName(detail.constraint.name ?? "", name);
    const named = detail?.kind === "drop-constraint" || detail?.kind === "alter-constraint";
    return named && sameName(detail.name ?? "", name);
  });
}

/** The file adds another foreign key over the same columns behind this: the table is to be without one for a moment only. */
export function hasSuccessor(s: Subject, columns: readonly string[]): boolean {
  const list = columns.join("\0").toLowerCase();
  return changesOf(s, "behind").some(
    ({ detail }) =>
      detail?.kind === "add-constraint" &&
      detail.constraint.kind === "foreign-key" &&
      detail.constraint.columns.join("\0").toLowerCase() === list,
  );
}

/** The file's ADD PRIMARY KEY behind this operation, or its DROP PRIMARY KEY in front of it; null when there is none. */
export function otherHalf(s: Subject, kind: "add-constraint" | "drop-constraint", side: Side): OtherOperation | null {
  const found = changesOf(s, side).find(({ detail }) => {
    if (detail?.kind !== kind) return false;
    if (detail.kind === "add-constraint") return detail.constraint.kind === "primary-key";
    return detail.constraint === "primary-key" || sameName(detail.name ?? "", "PRIMARY");
  });
  return found ?? null;
}
