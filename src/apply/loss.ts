import { countMismatches } from "../backfill/compare.js";
import { findTable } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import type { Retired } from "../model/plan.js";
import type { VerifyWork } from "../model/step.js";
import { isEmpty } from "../plan/new-tables.js";
import { refuseValues } from "./added.js";
import { comparing } from "./comparing.js";
import type { Run } from "./run.js";
import { probe } from "./step.js";

/** Two columns that still stand beside each other, and which of them a rollback takes away. */
interface Sides {
  readonly kept: string;
  readonly lost: string;
  readonly work: VerifyWork;
}

const isComparison = ({ replacement, column }: Retired, work: VerifyWork, quote: (name: string) => string): boolean =>
  replacement !== null && work.mismatch.includes(quote(column)) && work.mismatch.includes(quote(replacement));

/** Has the swap of a kind that exchanges the two names begun with the exchange? Then the original bears the new name. */
async function exchanged(run: Run, { plan }: MigrationRecord): Promise<boolean> {
  const step = plan.steps.find((s) => s.stage === "swap" && s.probe !== null);
  return step !== undefined && (await probe(run.main, step)) === "done";
}

/** Which of the columns a rollback takes away: none when only one side is there, or the one that stays is the original. */
async function doomed(run: Run, record: MigrationRecord, retired: Retired, catalog: Catalog) {
  const { column, parked, replacement, exchanges, relation } = retired;
  const there = new Set(findTable(catalog, relation)?.columns.map((c) => c.name));
  if (replacement === null || !there.has(replacement)) return null;
  if (there.has(parked)) return exchanges ? null : { kept: parked, lost: replacement };
  if (!there.has(column)) return null;
  const swapped = exchanges && (await exchanged(run, record));
  return swapped ? { kept: replacement, lost: column } : { kept: column, lost: replacement };
}

/** True for a row that loses something: one that the backfill has not filled yet does not. */
function losing(
  run: Run,
  record: MigrationRecord,
  retired: Retired,
  pair: { kept: string; lost: string },
  work: VerifyWork,
) {
  const { quote } = run.options.database.engine;
  const mismatch =
    pair.kept === retired.parked
      ? work.mismatch.replaceAll(quote(retired.column), () => quote(pair.kept))
      : work.mismatch;
  const unfilled = record.backfilledAt === null && work.unfilled !== undefined ? ` AND NOT (${work.unfilled})` : "";
  return `(${mismatch}) AND ${quote(pair.lost)} IS NOT NULL${unfilled}`;
}

async function sidesOf(run: Run, record: MigrationRecord, catalog: Catalog): Promise<Sides[]> {
  const { engine } = run.options.database;
  const works = record.plan.steps.flatMap((s) => (s.verify !== null && s.phase === "backfill" ? [s.verify] : []));
  const sides: Sides[] = [];
  for (const retired of record.plan.retires) {
    const work = works.find((w) => isComparison(retired, w, engine.quote));
    const pair = work === undefined ? null : await doomed(run, record, retired, catalog);
    if (work === undefined || pair === null) continue;
    const mismatch = losing(run, record, retired, pair, work);
    sides.push({ ...pair, work: { relation: work.relation, mismatch } });
  }
  return sides;
}

/** @throws ZmigrateError rollback-drops for a table of its own that holds rows by now */
async function refuseRows(run: Run, { id, plan }: MigrationRecord, catalog: Catalog): Promise<void> {
  const { database } = run.options;
  for (const relation of plan.creates) {
    if (findTable(catalog, relation) === null || (await isEmpty(database, run.main, relation))) continue;
    throw new ZmigrateError("rollback-drops", { id, table: database.engine.quoteRelation(relation) });
  }
}

async function refuseSides(run: Run, id: string, { kept, lost, work }: Sides): Promise<void> {
  const { database, emit } = run.options;
  const { quote, quoteRelation } = database.engine;
  const { rows, mismatches, examples } = await countMismatches(comparing(run, id), work);
  emit({ event: "verified", migration: id, step: "rollback", rows, mismatches });
  if (mismatches === 0) return;
  const relation = quoteRelation(work.relation);
  const update = `UPDATE ${relation} SET ${quote(kept)} = ${quote(lost)} WHERE ${work.mismatch}`;
  throw new ZmigrateError("rollback-loses", { id, relation, kept, lost, mismatches, examples, update });
}

/**
 * Before anything is undone: looks for rows whose new side holds something that the old side, which a rollback leaves,
 * does not. Between the end of expand and the first step that was undone triggers keep both equal, so that such a row
 * was written without them, or with two values.
 *
 * A table that the migration made goes with its rows, and a column that it added with what was written there. That is
 * asked of a rollback that goes on, too: what its first run was told to lose may not be all.
 *
 * @throws ZmigrateError rollback-loses and rollback-takes, with the keys of some; rollback-drops
 */
export async function refuseLoss(
  run: Run,
  record: MigrationRecord,
  steps: readonly StepRecord[],
  catalog: Catalog,
): Promise<void> {
  await refuseValues(run, record, steps, catalog);
  if (record.expandedAt === null || steps.some((s) => s.status === "undone")) return;
  await refuseRows(run, record, catalog);
  for (const sides of await sidesOf(run, record, catalog)) await refuseSides(run, record.id, sides);
}
