import { type Engine, findTable } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import { show } from "../model/name.js";
import type { MigrationPlan, Retired, Side } from "../model/plan.js";
import { triggerDrops } from "./another-column.js";
import { addedProblem, calledNow, refuseUnlessCarried, standsIn } from "./carried.js";
import { helpersOf, renamedTo } from "./helpers.js";
import { refuseOutOfStep } from "./kept-in-step.js";
import type { Run } from "./run.js";

/** True while a migration still needs the columns that it will drop: nothing is dropped, and nothing taken back. */
function needsThem({ status, plan }: MigrationRecord, steps: readonly StepRecord[]): boolean {
  if (status === "contracted" || status === "rolled-back") return false;
  const final = new Set(plan.steps.filter((s) => s.final).map((s) => s.id));
  return !steps.some((s) => s.status === "undone" || (final.has(s.stepId) && s.status !== "pending"));
}

/** The old sides of a migration under way that somebody has dropped or renamed, before or after its swap. */
function goneColumns(record: MigrationRecord, steps: readonly StepRecord[], catalog: Catalog): readonly Retired[] {
  if (!needsThem(record, steps)) return [];
  return record.plan.retires.filter(({ relation, column, parked }) => {
    const names = record.swappedAt === null ? [column, parked] : [parked];
    return findTable(catalog, relation) !== null && !names.some((name) => standsIn(catalog, relation, name));
  });
}

/** A new side that somebody has dropped or renamed, while the old one holds all of its values. */
interface GoneNew {
  readonly side: Side;
  /** The rename that the side is of; null where it is another change. */
  readonly retired: Retired | null;
  /** The old side bears the name that it is parked under. */
  readonly swapped: boolean;
}

const ofRename = ({ relation, replacement, column, parked }: Retired): Side[] =>
  replacement === null ? [] : [{ relation, column: replacement, swapped: replacement, kept: column, parked }];

const sidesOf = ({ retires, sides = [] }: MigrationPlan): readonly Omit<GoneNew, "swapped">[] => [
  ...retires.flatMap((retired) => ofRename(retired).map((side) => ({ side, retired }))),
  ...sides.map((side) => ({ side, retired: null })),
];

/** Whether a plan has columns that somebody could take away under it. */
export const hasColumns = ({ retires, sides = [] }: MigrationPlan): boolean => retires.length + sides.length > 0;

function goneNew(record: MigrationRecord, steps: readonly StepRecord[], catalog: Catalog): GoneNew | null {
  if (record.expandedAt === null || !needsThem(record, steps)) return null;
  for (const { side, retired } of sidesOf(record.plan)) {
    const keptIn = side.keptIn ?? side.relation;
    const swapped = standsIn(catalog, keptIn, side.parked);
    if (standsIn(catalog, side.relation, swapped ? side.swapped : side.column)) continue;
    if (swapped || standsIn(catalog, keptIn, side.kept)) return { side, retired, swapped };
  }
  return null;
}

function newColumnGone(
  { quote, quoteRelation }: Engine,
  record: MigrationRecord,
  steps: readonly StepRecord[],
  gone: GoneNew,
  catalog: Catalog,
) {
  const { id } = record;
  const { side, retired, swapped } = gone;
  const name = swapped ? side.swapped : side.column;
  const renaming = (from: string) =>
    `ALTER TABLE ${quoteRelation(side.relation)} RENAME COLUMN ${quote(from)} TO ${quote(name)};`;
  const now =
    renamedTo(helpersOf(record, steps), catalog, side.relation, name, quote) ??
    (retired === null ? null : calledNow(retired, swapped, catalog));
  return new ZmigrateError("new-column-gone", {
    id,
    table: show(side.relation),
    column: name,
    kept: `${side.keptIn === undefined ? "" : `${show(side.keptIn)}.`}${swapped ? side.parked : side.kept}`,
    nameBack: now === null ? null : renaming(now),
    fromParked:
      swapped && retired !== null
        ? [...triggerDrops(record).map((sql) => `${sql};`), renaming(side.parked)].join(" ")
        : null,
    ...(swapped && retired === null ? { computed: true } : {}),
  });
}

/** The error of a column that is to be copied from or to, or of which the other side is all that is left; null when all are there. */
export function columnGone(
  engine: Engine,
  record: MigrationRecord,
  steps: readonly StepRecord[],
  catalog: Catalog,
): ZmigrateError<"column-gone"> | ZmigrateError<"new-column-gone"> | null {
  // What is parked was to be dropped anyway.
  const [gone] = record.swappedAt === null ? goneColumns(record, steps, catalog) : [];
  if (gone === undefined) {
    const side = goneNew(record, steps, catalog);
    return side === null ? null : newColumnGone(engine, record, steps, side, catalog);
  }
  const { relation, column, replacement } = gone;
  const now = renamedTo(helpersOf(record, steps), catalog, relation, column, engine.quote);
  const { quote } = engine;
  const nameBack =
    now === null
      ? null
      : `ALTER TABLE ${engine.quoteRelation(relation)} RENAME COLUMN ${quote(now)} TO ${quote(column)};`;
  return new ZmigrateError("column-gone", { id: record.id, table: show(relation), column, replacement, nameBack });
}

/** @throws ZmigrateError column-gone, new-column-gone */
export function refuseGoneColumns(
  engine: Engine,
  record: MigrationRecord,
  steps: readonly StepRecord[],
  catalog: Catalog,
): void {
  const error = columnGone(engine, record, steps, catalog);
  if (error !== null) throw error;
}

/**
 * Before a migration goes on: its columns, what keeps them in step, and what its swap carries over.
 *
 * @returns what there is; null where the migration has nothing of this
 * @throws ZmigrateError column-gone, new-column-gone, column-renamed, column-another, trigger-gone, carried-gone, carried-added
 */
export async function refuseUnlessThere(
  run: Run,
  record: MigrationRecord,
  steps: readonly StepRecord[],
): Promise<Catalog | null> {
  const { database, contract } = run.options;
  if (!hasColumns(record.plan) && helpersOf(record, steps).length === 0) return null;
  const catalog = await database.introspect(run.main);
  const { engine } = database;
  refuseGoneColumns(engine, record, steps, catalog);
  refuseOutOfStep({ engine, record, steps, catalog });
  if (contract) refuseUnlessCarried(record, steps, catalog, "swap");
  const added = contract ? addedProblem(record, steps, catalog) : null;
  if (added !== null) throw added;
  return catalog;
}

/**
 * What a rollback cannot lose: a new column that is there under another name would stay behind with its NOT NULL, and
 * after the swap the server refuses what takes back the rest.
 *
 * @throws ZmigrateError new-column-gone
 */
export function refuseGoneNew(
  engine: Engine,
  record: MigrationRecord,
  steps: readonly StepRecord[],
  catalog: Catalog,
): void {
  const gone = goneNew(record, steps, catalog);
  if (gone === null) return;
  const error = newColumnGone(engine, record, steps, gone, catalog);
  if (gone.swapped || error.data.nameBack !== null) throw error;
}

/** The name of a parked column that somebody has dropped before its time; null where all are there. */
export function goneParked(record: MigrationRecord, steps: readonly StepRecord[], catalog: Catalog): string | null {
  return record.swappedAt === null ? null : (goneColumns(record, steps, catalog)[0]?.parked ?? null);
}

/** @throws ZmigrateError rollback-impossible where the swap has given the name away and its bearer is gone */
export function refuseWithoutParked(record: MigrationRecord, steps: readonly StepRecord[], catalog: Catalog): void {
  const [gone] = record.swappedAt === null ? [] : goneColumns(record, steps, catalog);
  if (gone === undefined) return;
  throw new ZmigrateError("rollback-impossible", {
    id: record.id,
    reason: `${gone.parked}, which ${show(gone.relation)}.${gone.column} was parked as, is gone: somebody has dropped or renamed it.`,
    help: "`zmigrate apply --contract` finishes the migration, which drops that column anyway. To take it back, give the column its name again first.",
  });
}
