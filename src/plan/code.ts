import { findTable, Refusal, type StrategyContext } from "../engines/engine.js";
import { noColumn } from "../engines/not-found.js";
import { asStored } from "../engines/stored-names.js";
import type { BackfillCode } from "../model/backfill-code.js";
import type { Catalog, Column, Table } from "../model/catalog.js";
import type { DataChange } from "../model/detail/data.js";
import type { Migration } from "../model/migration.js";
import { show } from "../model/name.js";
import type { OtherOperation } from "../model/operation.js";
import type { MigrationPlan, PlanRefusal } from "../model/plan.js";
import type { Step } from "../model/step.js";
import type { PlanContext, Planned } from "./plan.js";

/**
 * Loads the code of migrations in TypeScript, which `planMigration` needs. What cannot be loaded is refused there.
 *
 * @example
 * await loadCode(migrations);
 */
export async function loadCode(migrations: readonly Migration[]): Promise<void> {
  for (const { code } of migrations) await code?.load().catch(() => undefined);
}

type Context = Pick<PlanContext, "engine" | "catalog">;

/** The statement that writes the same columns of the same rows: what it needs, locks and meets is what the code does. */
interface Stand {
  readonly sql: string;
  readonly operation: OtherOperation;
  readonly detail: DataChange;
}

/** A condition and no more than that: nothing may stand behind it that would hold for a statement. */
const isBare = ({ walk, returning, ordered, limited }: DataChange): boolean =>
  walk !== undefined && walk.tail === "" && !returning && !ordered && !limited;

/** The one change that a text is; null where it is anything else. */
function changeIn(sql: string, { engine, catalog }: Context): { operation: OtherOperation; detail: DataChange } | null {
  const { statements, problems } = engine.parse(sql);
  const [first, ...others] = statements.flatMap((s) => s.operations);
  if (first === undefined || others.length > 0 || statements.length > 1 || problems.length > 0) return null;
  const operation = asStored(first, catalog);
  if (operation.kind !== "other" || operation.detail?.kind !== "data-change") return null;
  return { operation, detail: operation.detail };
}

/** @throws Refusal for a `where` that is no condition */
function standOf({ relation, select, update, where }: BackfillCode, context: Context): Stand {
  const { quote, quoteRelation } = context.engine;
  const set = update.map((column) => `${quote(column)} = ${quote(column)}`).join(", ");
  const head = `UPDATE ${quoteRelation(relation)} SET ${set} WHERE`;
  const sql = `${head} (${where ?? "TRUE"}\n)`;
  // Without brackets, too: `a) OR (b` is a condition only between them, and would leave the bounds of its batch.
  const isWhole = changeIn(`${head} ${where ?? "TRUE"}\n`, context) !== null;
  const found = isWhole ? changeIn(sql, context) : null;
  const walk = found === null || !isBare(found.detail) ? undefined : found.detail.walk;
  if (found === null || walk === undefined)
    throw new Refusal(
      "`where` cannot be read as one condition in SQL.",
      "Write what stands behind WHERE in an UPDATE of the table.",
    );
  const names = [...new Set([...walk.names, ...select])];
  // A comment in it ended with its line.
  const condition = walk.where === null ? null : walk.where.replace(/\s*\)$/, ")");
  const detail = { ...found.detail, walk: { ...walk, names, where: condition } };
  return { sql, operation: { ...found.operation, detail }, detail };
}

/** MySQL and MariaDB do not tell the case of a column's name apart. */
function columnOf(table: Table, name: string, { dialect }: Catalog): Column {
  const found = table.columns.find(
    (c) => c.name === name || (dialect !== undefined && c.name.toLowerCase() === name.toLowerCase()),
  );
  if (found === undefined) throw noColumn(table, name);
  return found;
}

/** @throws Refusal for columns that there are not, or that nobody may write */
function refuseColumns({ select, update, key }: BackfillCode, table: Table, catalog: Catalog): void {
  for (const name of [...select, ...(key === null ? [] : [key])]) columnOf(table, name, catalog);
  const computed = update.find((name) => columnOf(table, name, catalog).generated !== null);
  if (computed === undefined) return;
  throw new Refusal(
    `The column ${computed} of ${show(table.relation)} is computed by the server, so that nothing can write it.`,
    "Leave it out of `update`, and write what it is computed from.",
  );
}

/** Columns that the server would set to the present when a row is written: moving a value is no change of an application. */
const keeps = (table: Table, { update }: BackfillCode, catalog: Catalog): string[] =>
  table.columns
    .filter((c) => c.onUpdate !== null && !update.some((name) => columnOf(table, name, catalog) === c))
    .map((c) => c.name);

const notesOf = ({ select }: BackfillCode, where: string | null, file: string, table: Table): string[] => [
  `Each row of ${show(table.relation)} that is there when it begins${where === null ? "" : `, and for which ${where} holds when it is met,`} is passed to \`map\` of ${file} with ${select.join(", ")}; rows that are written behind the walk are left as they are.`,
  "The code runs outside of any transaction. What it returns is written only where the row is still as it was read: one that has changed meanwhile is read and computed again.",
  "A run that is killed calls it again for rows whose values were not written yet.",
];

const LEFT =
  "A rollback leaves the rows as this backfill makes them, and applying it again after one runs its code again.";

/** How the step of the statement becomes that of the code. @throws Refusal where it has no batches */
function stepOf(made: Step, code: BackfillCode, table: Table, file: string, catalog: Catalog): Step {
  if (made.backfill === null) throw new Refusal("Its rows cannot be walked.", "Write the change as SQL.");
  const kept = keeps(table, code, catalog);
  const { select, update, concurrency } = code;
  return Object.freeze({
    ...made,
    id: "1-backfill",
    reason: `${update.join(", ")} of ${show(table.relation)}, computed from ${select.join(", ")} by ${file} (TypeScript). In batches, each row once; triggers fire as for any other write.`,
    backfill: {
      ...made.backfill,
      code: { select, update, concurrency, ...(kept.length === 0 ? {} : { keeps: kept }) },
    },
  });
}

/** Words for an author of TypeScript, where those of SQL name a directive. */
const inCode = (help: string): string => help.replaceAll("`-- zmigrate:batch key=...`", "`key`");

/** @throws Refusal */
function planCode(migration: Migration, code: BackfillCode, context: PlanContext): MigrationPlan {
  const { engine, catalog, version } = context;
  const { id, slug: name, file } = migration;
  const { sql, operation, detail } = standOf(code, context);
  const where = code.where === null ? null : (detail.walk?.where ?? null);
  const { rows, targetMs, key } = code;
  const batch = { rows, targetMs, key };
  const none = { up: null, down: null, fill: null };
  const table = findTable(catalog, operation.relation ?? code.relation);
  if (table !== null) refuseColumns(code, table, catalog);
  const given: StrategyContext = {
    ...{ catalog, version, migrationId: id, ordinal: 1, statement: sql, newTable: false, batchesOnly: true, batch },
    ...none,
    file: [{ operation, ...none, batch }],
  };
  const phased = engine.plan(operation, given);
  if (table === null) throw new Refusal(`The table ${show(code.relation)} does not exist.`, "Correct the name.");
  const [, ...notes] = phased.notes;
  return Object.freeze({
    ...{ id, name, file },
    steps: phased.steps.map((step) => stepOf(step, code, table, file, catalog)),
    ...{ retires: [], creates: [], gates: [], findings: [] },
    ...(phased.claims === undefined ? {} : { claims: phased.claims }),
    notes: [...notesOf(code, where, file, table), ...notes],
    leaves: [LEFT],
  });
}

/**
 * The plan of a backfill in TypeScript: one step, with the locks and the obstacles of an UPDATE of the same columns. Its
 * code must be loaded (`loadCode`).
 */
export function planBackfillCode(migration: Migration, context: PlanContext): Planned {
  const { catalog } = context;
  const others = { wants: [], catalog, pairs: [] };
  const refused = (reason: string, help: string): Planned => {
    const { id, slug: name, file } = migration;
    const refusal: PlanRefusal = Object.freeze({ id, name, file, line: 1, column: 1, reason, help });
    return { plan: null, refusals: [refusal], ...others };
  };
  const loaded = migration.code?.loaded() ?? { reason: "its code was not loaded" };
  if ("reason" in loaded)
    return refused(
      `${loaded.reason}.`.replace(/\.\.$/, "."),
      "See docs/backfill.md, and correct the file. Nothing was run.",
    );
  try {
    return { plan: planCode(migration, loaded.code, context), refusals: [], ...others };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refused(error.message, inCode(error.help));
  }
}
