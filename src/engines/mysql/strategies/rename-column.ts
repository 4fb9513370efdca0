import { show } from "../../../model/name.js";
import type { RenameColumn } from "../../../model/operation.js";
import type { Phased } from "../../engine.js";
import type { MysqlContext } from "./algorithms.js";
import { lentClaim, notesOnLent } from "./lent-default.js";
import { renameCase, renamePlainly } from "./plainly.js";
import { backfillSteps } from "./rename/backfill.js";
import { contractSteps } from "./rename/contract.js";
import { expandSteps } from "./rename/expand.js";
import { notesOnGrants } from "./rename/grants.js";
import { notesOnDefault, notesOnNull, notesOnTriggers } from "./rename/notes.js";
import { isWatched, type Rename, renameOf } from "./rename/subject.js";
import { columnOf, names } from "./subject.js";

function notesOf(r: Rename): string[] {
  const named = r.table.dependents.filter(names(r.old.name));
  return [
    `An INSERT into ${show(r.relation)} without a column list fails from expand until the parked column is dropped (error 1136), and SELECT * shows one column more.`,
    ...notesOnDefault(r),
    ...notesOnNull(r),
    ...notesOnLent(r.table, columnOf(r.table, r.old.name), r.context, "the drop"),
    ...named.map(
      (d) =>
        `The ${d.kind.replace("-", " ")} ${d.name} names ${r.old.name} and does not travel: change it to ${r.to} before contract, which waits for it.`,
    ),
    ...notesOnTriggers(r),
    ...notesOnGrants(r),
    ...(r.context.catalog.source === "files"
      ? [
          `Made from the files alone: what was added to ${show(r.relation)} by hand is not in this plan. With --database-url it is.`,
        ]
      : []),
  ];
}

/**
 * Renames a column while code that knows the old name and code that knows the new one both run: a second column, two
 * triggers that keep the pair equal, a backfill, an exchange of the two names, and a park.
 *
 * @throws Refusal
 */
export function renameColumn(operation: RenameColumn, context: MysqlContext): Phased {
  if (context.newTable) return renamePlainly(operation, context);
  if (operation.from.toLowerCase() === operation.to.toLowerCase()) return renameCase(operation, context);
  const r = renameOf(operation, context);
  return {
    steps: [...expandSteps(r), ...backfillSteps(r), ...contractSteps(r)],
    retires: [
      {
        relation: r.relation,
        column: r.old.name,
        parked: r.parked,
        replacement: r.to,
        exchanges: true,
        ...(isWatched(r) ? { writers: r.hash } : {}),
        beside: r.table.columns.map((c) => c.name),
        pointedAt: r.table.referencedBy.map((f) => f.constraint),
      },
    ],
    // The column that has it is called so from the swap on.
    ...(r.lent === null ? {} : { claims: [lentClaim(r.relation, r.to, r.old.name)] }),
    gates: [],
    notes: notesOf(r),
  };
}
