import type { Table } from "../../../model/catalog.js";
import type { RenameIndex } from "../../../model/detail/index-change.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
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
import { nothing } from "./subject.js";
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

/** An index that gets another name. */
interface Renaming {
  readonly table: Table;
  readonly from: string;
  readonly to: string;
  readonly operation: OtherOperation;
  readonly context: MysqlContext;
}

const change = (a: string, b: string) => `RENAME INDEX ${quote(a)} TO ${quote(b)}`;

/** @throws Refusal where the server copies the table */
function clauseOf({ table, from, to, operation, context }: Renaming): string {
  const way = onlineWay(operation, context);
  if (way !== null) return `, ${way.clause}`;
  if (context.newTable) return "";
  throw otherTool(table, `Renaming ${from} copies the table while writes wait`, change(from, to), context);
}

function stepOf(r: Renaming, quietly: boolean): Step {
  const { table, from, to, operation, context } = r;
  const { relation } = table;
  const clause = clauseOf(r);
  const back = alter(relation, `${change(to, from)}${clause}`);
  return stepWith(effectAlone(operation, context), context, {
    name: "rename-index",
    ...(quietly ? {} : { phase: "contract", stage: "swap" }),
    sql: [alter(relation, `${change(from, to)}${clause}`)],
    undo: sameName(from, to) ? [back] : guarded(all(hasIndex(relation, to), not(hasIndex(relation, from))), back),
    probe: probeOf(table, from, to),
    reason: quietly
      ? "No running code can name the index in a hint."
      : `Old code may name ${from} in USE, FORCE or IGNORE INDEX.`,
  });
}

function planned(r: Renaming, columns: readonly string[]): Phased {
  const { table, from, to, operation, context } = r;
  const claims = claimsOn(table, columns, `renames the index ${from}`);
  if (takesOver(table, to, operation, context)) {
    refuseSplit(context, to);
    return { steps: [], retires: [], claims, gates: [], notes: [] };
  }
  const quietly = context.newTable || sameName(from, to) || isNew(table, from, operation, context);
  const note = `A query that names ${from} in USE, FORCE or IGNORE INDEX fails from the swap on (error 1176), and one that names ${to} before it.`;
  return { steps: [stepOf(r, quietly)], retires: [], claims, gates: [], notes: quietly ? [] : [note] };
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
  return planned({ table, from: index.name, to, operation, context }, index.columns);
}
