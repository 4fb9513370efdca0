import type { Table } from "../../../model/catalog.js";
import type { RenameIndex } from "../../../model/detail/index-change.js";
import type { OtherOperation } from "../../../model/operation.js";
import { type Phased, Refusal, sameRelation } from "../../engine.js";
import { notYet } from "../../strategies.js";
import { nameProblem, quote } from "../names.js";
import type { MysqlContext } from "./algorithms.js";
import { alter } from "./ddl.js";
import { all, hasIndex, not, stateOf } from "./facts.js";
import { guarded } from "./guarded.js";
import { beside } from "./in-file.js";
import { effectAlone, onlineWay } from "./online.js";
import { otherTool } from "./osc.js";
import { claimsOn, indexOf, nameOf, noSuchIndex, refuseSplit, sameName, takesOver } from "./own-index.js";
import { nothing, show } from "./subject.js";
import { stepWith } from "./written.js";

/** @throws Refusal for a name that the server does not take */
function refuseName(table: Table, { from, to }: RenameIndex): void {
  const problem = sameName(to, "PRIMARY") ? "is the primary key's" : nameProblem(to);
  if (problem !== null) throw new Refusal(`The name ${to} ${problem}.`, "Choose another name.");
  if (sameName(from, "PRIMARY"))
    throw new Refusal("The primary key has no name of its own.", "Leave the statement out.");
  const taken = table.indexes.find((i) => sameName(i.name, to) && !sameName(i.name, from));
  if (taken === undefined) return;
  throw new Refusal(
    `There is an index ${to} on ${show(table.relation)} already: ${taken.definition}`,
    `Choose another name, or write \`DROP INDEX\` of ${to} before it.`,
  );
}

/** The same file has made the index: no running code names it. */
function isNew(table: Table, name: string, operation: OtherOperation, context: MysqlContext): boolean {
  return beside(operation, context, "before").some(
    (o) =>
      o.kind === "create-index" &&
      sameRelation(o.relation, table.relation, context.catalog.defaultSchema) &&
      sameName(nameOf(o, []), name),
  );
}

/** Nothing at all where only the case of letters changes: it may be done twice. */
function probeOf({ relation }: Table, from: string, to: string) {
  if (sameName(from, to)) return null;
  return { sql: stateOf(all(hasIndex(relation, to), not(hasIndex(relation, from)))), repair: [] };
}

/**
 * RENAME INDEX in the swap: no query names an index but in a hint, and such a one fails under the name that is not (error
 * 1176). A name that the same file frees is taken when the index that had it goes.
 *
 * @throws Refusal
 */
export function renameIndex(detail: RenameIndex, operation: OtherOperation, context: MysqlContext): Phased {
  if (operation.relation === null) return notYet(detail, operation);
  const { from, to, ifExists } = detail;
  const { table, index } = indexOf(operation.relation, from, context);
  if (index === null && ifExists)
    return nothing(`${show(table.relation)} has no index ${from}: IF EXISTS has nothing to do.`);
  if (index === null) return noSuchIndex(table, from);
  refuseName(table, detail);
  const { relation } = table;
  const claims = claimsOn(table, index.columns, `renames the index ${from}`);
  if (takesOver(table, to, operation, context)) {
    refuseSplit(context, to);
    return { steps: [], retires: [], claims, gates: [], notes: [] };
  }
  const way = onlineWay(operation, context);
  const change = (a: string, b: string) => `RENAME INDEX ${quote(a)} TO ${quote(b)}`;
  if (way === null && !context.newTable)
    throw otherTool(table, `Renaming ${from} copies the table while writes wait`, change(index.name, to), context);
  const asserted = way === null ? "" : `, ${way.clause}`;
  const rename = (a: string, b: string) => alter(relation, `${change(a, b)}${asserted}`);
  const quietly = context.newTable || sameName(from, to) || isNew(table, from, operation, context);
  const step = stepWith(effectAlone(operation, context), context, {
    name: "rename-index",
    ...(quietly ? {} : { phase: "contract", stage: "swap" }),
    sql: [rename(index.name, to)],
    undo: sameName(from, to)
      ? [rename(to, index.name)]
      : guarded(all(hasIndex(relation, to), not(hasIndex(relation, index.name))), rename(to, index.name)),
    probe: probeOf(table, index.name, to),
    reason: quietly
      ? "No running code can name the index in a hint."
      : `Old code may name ${index.name} in USE, FORCE or IGNORE INDEX.`,
  });
  const note = `A query that names ${index.name} in USE, FORCE or IGNORE INDEX fails from the swap on (error 1176), and one that names ${to} before it.`;
  return { steps: [step], retires: [], claims, gates: [], notes: quietly ? [] : [note] };
}
