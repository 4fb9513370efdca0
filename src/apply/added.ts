import { type CompareContext, countMismatches, type Verification } from "../backfill/compare.js";
import { openForBatches } from "../backfill/context.js";
import { findTable, sameRelation } from "../engines/engine.js";
import { isError, ZmigrateError } from "../errors.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { MigrationPlan } from "../model/plan.js";
import type { AddedColumn, VerifyWork } from "../model/step.js";
import { comparing } from "./comparing.js";
import { withOwn } from "./parked-names.js";
import type { Run } from "./run.js";

/** How long a table without a key is searched for one value, milliseconds. What is not known then counts as found. */
const SEARCH_MS = 10_000;

/** Names that some server takes for one: what is another column after all fails when it is asked for, and loses nothing. */
const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

const isSwapped = (catalog: Catalog, { swapped }: AddedColumn): boolean =>
  swapped !== undefined &&
  findTable(catalog, swapped.relation)?.columns.some((c) => c.name === swapped.parked) === true;

/** A condition that names columns which are parked, or renamed, by now, with the names that they have. */
export function withParked(run: Run, plan: MigrationPlan, catalog: Catalog, added: AddedColumn): AddedColumn {
  if (added.swapped !== undefined && isSwapped(catalog, added)) return { ...added, written: added.swapped.written };
  const { quote } = run.options.database.engine;
  const there = new Set(findTable(catalog, added.relation)?.columns.map((c) => c.name));
  const gone = plan.retires.filter(
    (r) => sameRelation(r.relation, added.relation, catalog.defaultSchema) && !there.has(r.column),
  );
  const written = gone.reduce((sql, r) => {
    const now = [r.replacement, r.parked].find((name) => name !== null && there.has(name)) ?? r.column;
    return withOwn(sql, quote(r.column), quote(now));
  }, added.written);
  return { ...added, written };
}

/** The column under the name that it has now: a rename in the same migration may have given it another. Null when it is gone. */
function asItStands(run: Run, plan: MigrationPlan, catalog: Catalog, added: AddedColumn): AddedColumn | null {
  const { quote } = run.options.database.engine;
  const columns = findTable(catalog, added.relation)?.columns ?? [];
  const isThere = (name: string) => columns.some((c) => isSame(c.name, name));
  if (isThere(added.column)) return withParked(run, plan, catalog, added);
  const renamed = plan.retires.find(
    (r) => sameRelation(r.relation, added.relation, catalog.defaultSchema) && isSame(r.column, added.column),
  );
  const column = renamed?.replacement ?? null;
  if (column === null || !isThere(column)) return null;
  return { ...added, column, written: added.written.replaceAll(quote(added.column), () => quote(column)) };
}

/** The columns that the migration has added and that are still there, but for those that follow nothing any more. */
function standing(run: Run, { plan }: MigrationRecord, steps: readonly StepRecord[], catalog: Catalog): AddedColumn[] {
  const undone = new Set(steps.filter((s) => s.status === "undone").map((s) => s.stepId));
  const begun = new Set(steps.filter((s) => s.status === "done" || s.status === "running").map((s) => s.stepId));
  return plan.steps
    .flatMap((s) => (s.adds !== undefined && begun.has(s.id) ? [s.adds] : []))
    .filter((added) => added.keptBy === undefined || !undone.has(added.keptBy))
    .flatMap((added) => asItStands(run, plan, catalog, added) ?? []);
}

/** A table and what holds its rows: a partitioned one has none itself. */
export function family(catalog: Catalog, relation: RelationName): RelationName[] {
  const table = findTable(catalog, relation);
  return [relation, ...(table?.partitions ?? []).flatMap((p) => family(catalog, p.relation))];
}

/** Without a key nothing can be counted in short reads: one value is enough to ask, and so is a search that takes long. */
async function searched(run: Run, relation: RelationName, { written }: AddedColumn): Promise<boolean> {
  const { database, lockTimeoutMs } = run.options;
  const session = await openForBatches(database);
  try {
    await database.begin(session, { lockMs: lockTimeoutMs, statementMs: SEARCH_MS });
    const sql = `SELECT 1 AS one FROM ${database.engine.quoteRelation(relation)} WHERE ${written} LIMIT 1`;
    return (await session.query(sql)).length > 0;
  } catch (error) {
    if (database.classify(error) === "statement-timeout") return true;
    throw error;
  } finally {
    await session.close();
  }
}

/** Counts rows of one table. @returns null where there is one and no key to count by */
export async function counted(
  run: Run,
  context: CompareContext,
  of: Pick<VerifyWork, "relation" | "below">,
  added: AddedColumn,
) {
  const { relation, below } = of;
  try {
    return await countMismatches(context, {
      relation,
      mismatch: added.written,
      ...(below === undefined ? {} : { below }),
    });
  } catch (error) {
    if (!isError(error, "no-key")) throw error;
    return (await searched(run, relation, added)) ? null : { rows: 0, mismatches: 0, examples: [] };
  }
}

async function refuseColumn(run: Run, id: string, added: AddedColumn, catalog: Catalog): Promise<void> {
  const { database, emit } = run.options;
  const found: (Verification | null)[] = [];
  for (const relation of family(catalog, added.relation))
    found.push(await counted(run, comparing(run, id), { relation }, added));
  const known = found.flatMap((f) => (f === null ? [] : [f]));
  const total = (of: "rows" | "mismatches") => known.reduce((sum, f) => sum + f[of], 0);
  emit({ event: "verified", migration: id, step: "rollback", rows: total("rows"), mismatches: total("mismatches") });
  const uncounted = known.length < found.length;
  if (!uncounted && total("mismatches") === 0) return;
  const { quote, quoteRelation } = database.engine;
  throw new ZmigrateError("rollback-takes", {
    id,
    relation: quoteRelation(added.relation),
    column: quote(added.column),
    rows: uncounted ? null : total("mismatches"),
    stays: added.stays === true,
    ...(added.unsure === undefined ? {} : { unsure: added.unsure }),
    examples: known.flatMap((f) => f.examples).slice(0, 5),
  });
}

/**
 * A column that the migration added goes with its values: those that the application wrote there are nowhere else.
 * Where the default or the file may have given them, nothing tells the two apart, and that is said.
 *
 * @throws ZmigrateError rollback-takes, with the keys of some
 */
export async function refuseValues(
  run: Run,
  record: MigrationRecord,
  steps: readonly StepRecord[],
  catalog: Catalog,
): Promise<void> {
  for (const added of standing(run, record, steps, catalog)) await refuseColumn(run, record.id, added, catalog);
}
