import { findTable } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { sameBut } from "../history/text.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { Catalog, Table } from "../model/catalog.js";
import { type RelationName, show } from "../model/name.js";
import type { Carried, MigrationPlan, Retired } from "../model/plan.js";
import { inWayBack, inWayOfDrop, onCopy } from "./on-copy.js";

/** Whether a table has the column. MySQL's columns do not tell case apart. */
export const standsIn = (catalog: Catalog, relation: RelationName, column: string): boolean =>
  findTable(catalog, relation)?.columns.some((c) => c.name.toLowerCase() === column.toLowerCase()) === true;

function found(catalog: Catalog, relation: RelationName, { kind, name }: Carried) {
  const table = findTable(catalog, relation);
  return (kind === "index" ? table?.indexes : table?.constraints)?.find((o) => o.name === name);
}

/** What a new column is called by now that has another name, as its indexes and constraints tell; null where they do not. */
export function calledNow({ relation, carries = [] }: Retired, swapped: boolean, catalog: Catalog): string | null {
  for (const carried of carries) {
    if (carried.side !== "new" || carried.needed !== (swapped ? "back" : "swap")) continue;
    const columns = found(catalog, relation, carried)?.columns ?? [];
    const [other, ...more] = columns.filter((c) => !carried.columns.includes(c));
    if (other !== undefined && more.length === 0) return other;
  }
  return null;
}

/** What the names are needed for next: the swap, or its way back; null where neither can be the next thing. */
function stretchOf({ plan, backfilledAt }: MigrationRecord, steps: readonly StepRecord[]): Carried["needed"] | null {
  const status = new Map(steps.map((s) => [s.stepId, s.status]));
  const swap = plan.steps.filter((s) => s.stage === "swap").map((s) => status.get(s.id));
  if (swap.every((s) => s === "done")) return "back";
  return backfilledAt !== null && swap.every((s) => s !== "done" && s !== "undone") ? "swap" : null;
}

/** Names of ours: copies that other changes have made. */
const isOurs = (name: string): boolean => name.startsWith("zmigrate_");

/** An index or a constraint of the old column that has come since the plan: the swap would leave it on what goes. */
function addedTo(
  { relation, column, carries = [] }: Retired,
  dropped: readonly string[],
  catalog: Catalog,
): Pick<Carried, "kind" | "name"> | null {
  const table = findTable(catalog, relation);
  const known = new Set(carries.map((c) => c.name));
  const isAdded = (o: { name: string; columns: readonly string[] }) =>
    o.columns.includes(column) &&
    !known.has(o.name) &&
    !isOurs(o.name) &&
    // What another migration has parked goes with all that names it.
    !o.columns.some((name) => dropped.includes(name) || isOurs(name));
  const index = table?.indexes.find((i) => i.valid && i.constraint === null && isAdded(i));
  if (index !== undefined) return { kind: "index", name: index.name };
  const constraint = table?.constraints.find(isAdded);
  return constraint === undefined ? null : { kind: "constraint", name: constraint.name };
}

/** How an index is built, or what a constraint says, without its name. */
function shapeOf(table: Table | null, name: string): string | null {
  const index = table?.indexes.find((i) => i.name === name);
  if (index !== undefined) return `${index.unique} ${index.definition.replace(/^.*? USING /s, "")}`;
  const constraint = table?.constraints.find((c) => c.name === name);
  return constraint === undefined ? null : constraint.definition.replace(/ NOT VALID$/, "");
}

/** Two that stand for each other, one of each column, and were not made alike: somebody has made the one anew. */
function alteredIn(retired: Retired, needed: Carried["needed"], catalog: Catalog): Carried | undefined {
  const { relation, column, parked, replacement, carries = [] } = retired;
  const table = findTable(catalog, relation);
  return carries.find(({ name, twin, side, needed: at }) => {
    if (twin === undefined || at !== needed || replacement === null) return false;
    const [shape, other] = [shapeOf(table, name), shapeOf(table, twin)];
    if (shape === null || other === null) return false;
    // The other columns of an index may be renamed beside this one, in the same file or in another.
    const columns = table?.columns.map((c) => c.name) ?? [];
    return side === "old"
      ? !sameBut(shape, column, other, replacement, columns)
      : !sameBut(shape, replacement, other, parked, columns);
  });
}

/** Columns of the same table that the migration drops, with all that names them. */
const droppedBeside = ({ retires }: MigrationPlan, { relation }: Retired): string[] =>
  retires.flatMap((r) =>
    r.replacement === null && r.retypes !== true && show(r.relation) === show(relation) ? [r.column, r.parked] : [],
  );

/** What is on the old column stays with it, unless the plan knew it (PostgreSQL); MySQL's follows the names. */
const leavesBehind = ({ replacement, retypes, carries = [] }: Retired, { dialect }: Catalog): boolean =>
  replacement !== null && dialect === undefined && (retypes !== true || carries.length > 0);

function problemOf(plan: MigrationPlan, retired: Retired, needed: Carried["needed"], catalog: Catalog) {
  const { id } = plan;
  const { relation, column, carries = [] } = retired;
  const table = show(relation);
  const gone = carries.find((c) => c.needed === needed && found(catalog, relation, c) === undefined);
  if (gone !== undefined)
    return new ZmigrateError("carried-gone", { id, table, kind: gone.kind, name: gone.name, needed, sql: gone.sql });
  const altered = alteredIn(retired, needed, catalog);
  if (altered?.twin !== undefined)
    return new ZmigrateError("carried-other", {
      id,
      table,
      needed,
      kind: altered.kind,
      name: altered.name,
      twin: altered.twin,
    });
  const added =
    needed === "swap" && leavesBehind(retired, catalog)
      ? addedTo(retired, droppedBeside(plan, retired), catalog)
      : null;
  return added === null ? null : new ZmigrateError("carried-added", { id, table, column, ...added });
}

export type CarriedProblem = ZmigrateError<"carried-gone" | "carried-other" | "carried-added">;

/**
 * What is not as the swap, or what takes it back, must find it: an index or a constraint that somebody has dropped, renamed,
 * made anew or added by hand. Null where all is as planned, and where `needed` is not what comes next.
 */
export function carriedProblem(
  record: MigrationRecord,
  steps: readonly StepRecord[],
  catalog: Catalog,
  needed: Carried["needed"],
): CarriedProblem | null {
  if (stretchOf(record, steps) !== needed) return null;
  for (const retired of record.plan.retires) {
    if (findTable(catalog, retired.relation) === null) continue;
    const problem = problemOf(record.plan, retired, needed, catalog);
    if (problem !== null) return problem;
  }
  return null;
}

/**
 * What stands on the column that goes, and was not there when the plan was made, before the swap and before the drop. Null
 * in the middle of one of them.
 */
export function addedProblem(
  record: MigrationRecord,
  steps: readonly StepRecord[],
  catalog: Catalog,
): ZmigrateError<"carried-added"> | null {
  const next = stretchOf(record, steps);
  const begun = new Set(steps.filter((s) => s.status !== "pending").map((s) => s.stepId));
  if (next === null || record.plan.steps.some((s) => s.stage === "drop" && begun.has(s.id))) return null;
  for (const retired of record.plan.retires) {
    const added = onCopy(record.plan, retired, catalog, next === "back");
    if (added === null) continue;
    return new ZmigrateError("carried-added", { id: record.id, table: show(retired.relation), ...added, waits: true });
  }
  return null;
}

/** @throws ZmigrateError carried-gone, carried-other, carried-added */
export function refuseUnlessCarried(
  record: MigrationRecord,
  steps: readonly StepRecord[],
  catalog: Catalog,
  needed: Carried["needed"],
): void {
  const problem = carriedProblem(record, steps, catalog, needed);
  if (problem !== null) throw problem;
}

/** Before a swap is taken back, or the new column without one. @throws ZmigrateError undo-in-way */
export function refuseInWayBack(record: MigrationRecord, steps: readonly StepRecord[], catalog: Catalog): void {
  const status = new Map(steps.map((s) => [s.stepId, s.status]));
  const swap = record.plan.steps.filter((s) => s.stage === "swap").map((s) => status.get(s.id));
  const isBefore = swap.every((s) => s === undefined || s === "pending" || s === "undone");
  if (!isBefore && stretchOf(record, steps) !== "back") return;
  const inWay = isBefore ? inWayOfDrop : inWayBack;
  for (const retired of record.plan.retires) {
    const met = inWay(record.plan, retired, catalog);
    if (met !== null) throw new ZmigrateError("undo-in-way", { id: record.id, table: show(retired.relation), ...met });
  }
}
