import { findTable } from "../engines/engine.js";
import { ORPHAN_TARGET } from "../engines/orphan.js";
import { ZmigrateError } from "../errors.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { MigrationPlan } from "../model/plan.js";
import type { Step, VerifyWork } from "../model/step.js";
import { counted, family, withParked } from "./added.js";
import { comparing } from "./comparing.js";
import { withFormer } from "./parked-names.js";
import type { Run } from "./run.js";

/** A condition that names another table, or columns of it, which are parked by now, with the names that they have. */
function withParkedTarget({ options }: Run, plan: MigrationPlan, catalog: Catalog, sql: string): string {
  const { quote, quoteRelation } = options.database.engine;
  const isThere = (table: RelationName) => findTable(catalog, table) !== null;
  const hasColumn = (table: RelationName, name: string) =>
    findTable(catalog, table)?.columns.some((c) => c.name === name) === true;
  const inColumns = plan.retires.reduce((text, { relation, column, parked }) => {
    const isTarget = text.includes(`${quoteRelation(relation)} AS ${ORPHAN_TARGET} `);
    if (!isTarget || hasColumn(relation, column) || !hasColumn(relation, parked)) return text;
    return text.replaceAll(`${ORPHAN_TARGET}.${quote(column)}`, () => `${ORPHAN_TARGET}.${quote(parked)}`);
  }, sql);
  return (plan.retiredTables ?? []).reduce((text, { relation, parked }) => {
    const there = { ...relation, name: parked ?? relation.name };
    if (isThere(relation) || !isThere(there)) return text;
    return text.replaceAll(quoteRelation(relation), () => quoteRelation(there));
  }, inColumns);
}

async function refuseRows(run: Run, record: MigrationRecord, work: VerifyWork, catalog: Catalog): Promise<void> {
  const { id, plan } = record;
  const { relation, mismatch, violation } = work;
  const former = withFormer(run, plan, catalog, relation, mismatch);
  const written = withParkedTarget(run, plan, catalog, former);
  const added = withParked(run, plan, catalog, { relation, column: "", written });
  const help = withParked(run, plan, catalog, { relation, column: "", written: violation?.help ?? "" }).written;
  // What a former version planned says nothing of the tables below: each of them is asked by itself.
  for (const table of work.below === undefined ? family(catalog, relation) : [relation]) {
    const found = await counted(run, comparing(run, id), { ...work, relation: table }, added);
    const [rows, examples] = [found === null ? null : found.mismatches, found?.examples ?? []];
    if (rows !== 0)
      throw new ZmigrateError("rollback-violates", { id, rows, what: violation?.rows ?? "", examples, help });
  }
}

/**
 * Before anything is undone: looks for rows that the undo of a step would make strict again, and that are not so by now. No
 * flag loses them: there is nothing to lose, they are in the way.
 *
 * @throws ZmigrateError rollback-violates, with the keys of some
 */
export async function refuseViolations(
  run: Run,
  record: MigrationRecord,
  undone: readonly Step[],
  catalog: Catalog,
): Promise<void> {
  for (const { undo, undoNeeds } of undone) {
    const work = undoNeeds?.verify ?? null;
    if (work === null || undo.length === 0 || findTable(catalog, work.relation) === null) continue;
    await refuseRows(run, record, work, catalog);
  }
}

/** What a failed undo has begun to make strict is let go again, as well as that can be done. */
export async function letGo(run: Run, { undoNeeds }: Step): Promise<void> {
  const { database, lockTimeoutMs } = run.options;
  if (undoNeeds === undefined || undoNeeds.cleanup.length === 0) return;
  const session = await database.open().catch(() => null);
  if (session === null) return;
  try {
    await database.run(session, undoNeeds.cleanup, { lockMs: lockTimeoutMs, statementMs: 0 }, false);
  } catch {
    // The undo's own error says what is wrong; the next rollback begins with the same statements.
  } finally {
    await session.close();
  }
}
