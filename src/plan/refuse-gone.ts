import type { Engine } from "../engines/engine.js";
import { asStored } from "../engines/stored-names.js";
import { positionOf } from "../files/position.js";
import { beganAfter } from "../journal/began-after.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import { type RelationName, show } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { PlanRefusal } from "../model/plan.js";
import type { Statement } from "../model/statement.js";
import { type Gone, type GoneColumns, goneBehind, type Keys, keysOf, renamingsOf } from "./gone-columns.js";
import { columnsOf } from "./named-columns.js";
import { isUnfinished } from "./waits.js";

/** What the names of files are read with. */
interface Reading {
  readonly engine: Pick<Engine, "columnsNamed">;
  readonly catalog: Pick<Catalog, "defaultSchema" | "dialect" | "lowerCaseNames">;
}

interface Met {
  readonly gone: Gone;
  readonly relation: RelationName;
}

function helpOf({ now, by }: Gone, { id }: Migration): string {
  const isLate = by.id > id;
  if (now === null && isLate)
    return `Its number is before that one's, which has begun: take that one back first (\`zmigrate rollback ${by.id}\`), or leave this out.`;
  if (now === null) return "Leave it out, or write `ADD COLUMN` in front of it where a new column is meant.";
  return `Write ${now} in its place${isLate ? ", and give the file a number behind that migration's" : ""}.`;
}

function refusalOf(migration: Migration, operation: Operation, { gone, relation }: Met): PlanRefusal {
  const { id, slug: name, file } = migration;
  const { column: old, by, to } = gone;
  const does = to === null ? `drops ${old}` : `renames ${old} to ${to}`;
  return Object.freeze({
    id,
    name,
    file,
    ...positionOf(migration.text, operation.span.start),
    reason: `Migration ${by.id} (${by.slug}) ${does}: ${show(relation)} has no column ${old} when this runs.`,
    help: helpOf(gone, migration),
  });
}

/** Reading a statement again costs, and hardly any names one of these. */
const mayName = (sql: string, all: GoneColumns): boolean => {
  const text = sql.toLowerCase();
  return [...all.values()].some((columns) => [...columns.keys()].some((name) => text.includes(name.toLowerCase())));
};

/** The first column that an operation names and that another migration has taken away; null when there is none. */
function met(
  operation: Operation,
  statement: Statement,
  all: GoneColumns,
  { id }: Migration,
  reading: Reading & { keys: Keys },
): Met | null {
  const { engine, keys, catalog } = reading;
  if (!mayName(statement.sql, all)) return null;
  const made = new Set(statement.operations.flatMap(renamingsOf).map((r) => keys.column(r.to ?? "")));
  const named = asStored([...columnsOf(operation), ...engine.columnsNamed(operation, statement.sql)], catalog);
  for (const { relation, column } of named) {
    const gone = all.get(keys.table(relation))?.get(keys.column(column));
    if (gone !== undefined && gone.by.id !== id && !made.has(keys.column(column))) return { gone, relation };
  }
  return null;
}

/**
 * What has begun since the first one did that has not ended, in that order: one that is finished may have given a name back.
 *
 * @param records what the journal knows
 */
export function begunSince(folder: readonly Migration[], records: readonly MigrationRecord[]): readonly Migration[] {
  const begun = records.filter((r) => r.status !== "rolled-back").toSorted((a, b) => (beganAfter(a, b) ? 1 : -1));
  const first = begun.findIndex(isUnfinished);
  return first < 0 ? [] : begun.slice(first).flatMap(({ id }) => folder.filter((m) => m.id === id));
}

/**
 * Why pending migrations cannot run behind those that run before them: they name a column that is not there any more, as
 * the plain statements would find. To wait is no use.
 *
 * @param begun those that run before them, in order; nothing of them is refused
 * @param pending those that come behind, in order
 * @returns by the migration's id, at the place of each operation; those without a refusal are left out
 */
export function goneRefusals(
  begun: readonly Migration[],
  pending: readonly Migration[],
  reading: Reading,
): ReadonlyMap<string, readonly PlanRefusal[]> {
  const keys = keysOf(reading.catalog);
  const found = new Map<string, PlanRefusal[]>();
  let all: GoneColumns = new Map();
  for (const migration of [...begun, ...pending])
    for (const statement of asStored(migration.statements, reading.catalog)) {
      const { operations } = statement;
      for (const operation of begun.includes(migration) ? [] : operations) {
        const named = met(operation, statement, all, migration, { ...reading, keys });
        if (named === null) continue;
        found.set(migration.id, [...(found.get(migration.id) ?? []), refusalOf(migration, operation, named)]);
      }
      all = goneBehind(all, operations, migration, keys);
    }
  return found;
}

/** The refusals of a migration with those of the planner: of two at one place the former says why. */
export function withGone(gone: readonly PlanRefusal[], refusals: readonly PlanRefusal[]): readonly PlanRefusal[] {
  const told = (r: PlanRefusal) => gone.some((g) => g.line === r.line && g.column === r.column);
  return [...gone, ...refusals.filter((r) => !told(r))];
}
