import type { Database, Session } from "../engines/engine.js";
import type { MissingTable } from "../engines/missing-table.js";
import { ZmigrateError } from "../errors.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { RelationName } from "../model/name.js";
import type { MigrationPlan } from "../model/plan.js";
import type { Step } from "../model/step.js";

/** Where the migration is asked about. */
interface Asking {
  readonly database: Database;
  readonly session: Session;
}

const worksOn = (step: Step): RelationName[] =>
  [step.backfill?.relation, step.verify?.relation, step.adds?.relation].filter((r) => r !== undefined);

/** Names that come and go with the migration itself. */
const passing = ({ creates, retiredTables = [] }: MigrationPlan): RelationName[] => [
  ...creates,
  ...retiredTables.flatMap(({ relation, parked, replacement }) =>
    [relation.name, parked, replacement].flatMap((name) => (name === null ? [] : [{ ...relation, name }])),
  ),
];

/** The tables that the migration works on from its beginning to its end. */
function tablesOf(plan: MigrationPlan, quote: (relation: RelationName) => string): RelationName[] {
  const all = [...plan.retires.map((r) => r.relation), ...plan.steps.flatMap(worksOn)];
  const byName = new Map(all.map((relation) => [quote(relation), relation]));
  for (const relation of passing(plan)) byName.delete(quote(relation));
  return [...byName.values()];
}

/**
 * The tables of a migration that somebody has dropped or renamed since it began; of a finished one a later migration may
 * have. None for one of which nothing has run yet: its first step tells.
 */
export async function goneTables(
  { database, session }: Asking,
  { status, plan }: MigrationRecord,
  steps: readonly StepRecord[],
): Promise<readonly MissingTable[]> {
  if (status === "rolled-back" || !steps.some((s) => s.status === "done")) return [];
  return database.missingTables(session, tablesOf(plan, database.engine.quoteRelation), plan.steps);
}

/** What to say of a table that is gone. */
export const tableGone = ({ database }: Pick<Asking, "database">, id: string, { relation, nameBack }: MissingTable) =>
  new ZmigrateError("table-gone", { id, table: database.engine.quoteRelation(relation), nameBack });

/** @throws ZmigrateError table-gone */
export async function refuseGone(asking: Asking, record: MigrationRecord, steps: readonly StepRecord[]): Promise<void> {
  const [gone] = await goneTables(asking, record, steps);
  if (gone !== undefined) throw tableGone(asking, record.id, gone);
}

/** True for a statement that is about the table, and not about a column of its name. */
function isAbout(statement: string, table: string): boolean {
  const before = /(?:\b(?:TABLES?|ONLY|EXISTS|ON|UPDATE|FROM|INTO|REFERENCES)|,)\s+$/i;
  return statement
    .split(table)
    .slice(0, -1)
    .some((text) => before.test(text));
}

/**
 * What takes a step back where tables are gone: statements about other tables, and those that drop what belongs to no
 * table. The rest went with the table.
 */
export function undoWithout(step: Step, gone: readonly RelationName[], quote: (r: RelationName) => string): Step {
  const names = gone.map(quote);
  const others = step.locks.map((l) => quote(l.relation)).filter((name) => !names.includes(name));
  const touched = [...worksOn(step), ...step.locks.map((l) => l.relation)].some((r) => names.includes(quote(r)));
  const about = (sql: string, tables: readonly string[]) => tables.some((table) => isAbout(sql, table));
  if (!touched && !step.undo.some((sql) => about(sql, names))) return step;
  const undo = step.undo.filter((sql) => !about(sql, names) && (sql.startsWith("DROP ") || about(sql, others)));
  return { ...step, undo };
}
