import type { Column } from "../../../../model/catalog.js";
import type { SetExpression } from "../../../../model/detail/column.js";
import type { Effect } from "../../../../model/effect.js";
import { effect } from "../../../effect.js";
import { partitionNote } from "../notes.js";
import { columnOf, locksBelow, type Subject } from "../subject.js";
import { notBefore } from "../versions.js";

/** SET EXPRESSION (17 and newer): stored values are computed and written anew, virtual ones only checked for NULL. */
export function setExpressionEffect(detail: SetExpression, subject: Subject): Effect {
  const column = columnOf(subject, detail.column);
  const virtual = column?.generated?.kind === "virtual";
  const scan = virtual && column.notNull;
  const held = virtual ? (scan ? "scan" : "brief") : "rewrite";
  const unknown = column === null ? [`${detail.column} is taken to be stored: the table is not known`] : [];
  return effect({
    locks: locksBelow(subject, "ACCESS EXCLUSIVE", held),
    rewrite: !virtual,
    scan: scan || !virtual,
    indexesRebuilt: !virtual,
    fails: notBefore(subject.context, 17, "SET EXPRESSION") ?? failure(column, subject),
    replicaCost: virtual ? "none" : "replay",
    assumes: [...partitionNote(subject.table), ...unknown],
  });
}

function failure(column: Column | null, { table }: Subject): string | null {
  if (column === null) return null;
  if (column.generated === null) return `${column.name} is not generated (55000)`;
  const checked = column.generated.kind === "virtual" && table?.constraints.some((c) => c.kind === "check");
  if (checked) return `a virtual column keeps its expression in a table with checks (0A000)`;
  return column.notNull ? `it fails where the expression is NULL (23502)` : null;
}
