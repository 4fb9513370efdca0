import { type Engine, findTable, sameRelation } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { namedInRoutine } from "../history/names-relation.js";
import { mayName, mentioned } from "../history/text.js";
import { beganAfter } from "../journal/began-after.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import { type RelationName, show } from "../model/name.js";
import type { Retired } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { standsIn } from "./carried.js";
import { runsForRowsOf } from "./trigger-functions.js";

/** A column that another migration has taken out of use since one was planned. */
interface Former {
  readonly retired: Retired;
  readonly by: MigrationRecord;
}

const nameOf = ({ relation, column }: Retired): string => `${show(relation)}.${column}`;
const moment = (at: Date | null): number => at?.getTime() ?? Number.POSITIVE_INFINITY;

/** What other migrations have parked since this one was planned: its statements know it by its former name. The first comes first. */
function formers(record: MigrationRecord, records: readonly MigrationRecord[]): readonly Former[] {
  const planned = moment(record.startedAt);
  const found = records
    .filter((r) => r.id !== record.id && r.status !== "rolled-back" && moment(r.swappedAt) >= planned)
    .toSorted((a, b) => moment(a.swappedAt) - moment(b.swappedAt))
    .flatMap((by) => by.plan.retires.filter((r) => r.retypes !== true).map((retired) => ({ retired, by })));
  const first = new Map(found.toReversed().map((former) => [nameOf(former.retired), former]));
  return found.filter((former) => first.get(nameOf(former.retired)) === former);
}

/** The names that a view gives to its own columns say nothing of those that it reads. */
const withoutGiven = (sql: string): string => sql.replace(/\bAS\s+(?:`(?:[^`]|``)*`|"(?:[^"]|"")*")/gi, "AS");

function mayBeAbout(engine: Engine, { undo }: Step, { relation, column, parked }: Retired, catalog: Catalog): boolean {
  const named = undo.some((sql) => mayName(withoutGiven(sql), column)) && !undo.some((sql) => mayName(sql, parked));
  return named && (undo.some((sql) => mayName(sql, relation.name)) || runsForRowsOf(engine, undo, relation, catalog));
}

/** Outside of strings, where a word may be anything. */
const mentions = ({ undo }: Step, { column }: Retired): boolean =>
  undo.some((sql) => mentioned(withoutGiven(sql), [column]).length > 0);

/** A column of the row, as the body of a trigger's function names it. */
const OF_ROW = /\b(?:NEW|OLD)\s*\.\s*("(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)/giu;

const namesOfRow = (sql: string, column: string): boolean =>
  [...sql.matchAll(OF_ROW)].some(([, name = ""]) => mentioned(name, [column]).length > 0);

/** The statement names the column, and no other one could be meant. */
function isAbout(engine: Engine, sql: string, { relation, column }: Retired, catalog: Catalog): boolean {
  if (namesOfRow(sql, column) && runsForRowsOf(engine, [sql], relation, catalog)) return true;
  const operations = engine.parse(sql).statements.flatMap((s) => s.operations);
  const named = operations.flatMap((o) => [
    ...engine.columnsNamed(o, sql),
    ...(o.kind === "other" && o.detail?.kind === "create-object" && o.relation !== null
      ? (o.detail.trigger?.columns ?? []).map((c) => ({ relation: o.relation ?? relation, column: c }))
      : []),
  ]);
  return named.some((n) => n.column === column && n.relation.name === relation.name);
}

/** How a step's undo finds a column that it names. */
type Found =
  /** Under the name that it has, or it is not meant. */
  | { readonly how: "as-it-is" }
  /** By these statements, in the place of its own. */
  | { readonly how: "lent"; readonly step: Step }
  /** Once the swap that has parked it is taken back. */
  | { readonly how: "swapped-back" }
  /** Not at all. */
  | { readonly how: "gone"; readonly taken: boolean };

/**
 * A column that is parked has its former name for the transaction of the undo, so that what this gives back is built on that
 * column, and follows it when the other migration is rolled back too.
 */
function lent(engine: Engine, step: Step, { relation, column, parked }: Retired): Found {
  const made = step.undoTransaction ? engine.whileCalled?.(relation, parked, column, step.undo) : null;
  if (made == null) return { how: "swapped-back" };
  return { how: "lent", step: { ...step, undo: made.sql, locks: [...step.locks, made.lock] } };
}

function findIn(engine: Engine, step: Step, retired: Retired, catalog: Catalog): Found {
  const { relation, column, parked } = retired;
  const there = standsIn(catalog, relation, parked);
  const taken = standsIn(catalog, relation, column);
  if (!mayBeAbout(engine, step, retired, catalog)) return { how: "as-it-is" };
  if (there && !taken) {
    const found = lent(engine, step, retired);
    return found.how === "swapped-back" && !mentions(step, retired) ? { how: "as-it-is" } : found;
  }
  const isLost = there === taken && step.undo.some((sql) => isAbout(engine, sql, retired, catalog));
  return isLost ? { how: "gone", taken } : { how: "as-it-is" };
}

function refuse(record: MigrationRecord, step: Step, { retired, by }: Former, found: Found): never {
  const { id } = record;
  const first = `\`zmigrate rollback ${by.id}\` first`;
  const shown = `what step ${step.id} would give back names ${nameOf(retired)}, which migration ${by.id} (${by.name}) has`;
  if (found.how === "swapped-back")
    throw new ZmigrateError("rollback-impossible", {
      id,
      reason: `${shown} parked as ${retired.parked}: it would fail.`,
      help: beganAfter(record, by)
        ? `Run ${first}: it takes its swap back and stops there, with both names of the column in use. Then this, and then that one again.`
        : `Run ${first}. Or write a new migration that brings back what is needed.`,
    });
  throw new ZmigrateError("rollback-impossible", {
    id,
    reason: `${shown} ${found.how === "gone" && found.taken ? `parked as ${retired.parked}; another column has that name by now` : "dropped"}.`,
    help: "Nothing was undone. Write a new migration that makes what is needed over the columns that are there.",
  });
}

/** Tables and views of which other migrations have taken the former name away, the view that stood in for it too. */
function formerTables(record: MigrationRecord, records: readonly MigrationRecord[], catalog: Catalog) {
  const isThere = (name: RelationName) =>
    findTable(catalog, name) !== null ||
    (catalog.objects ?? []).some((o) => o.object === "view" && sameRelation(o.name, name, catalog.defaultSchema));
  return records
    .filter((r) => r.id !== record.id && r.status !== "rolled-back" && r.swappedAt !== null)
    .flatMap((by) =>
      (by.plan.retiredTables ?? [])
        .filter(({ relation, standIn }) => standIn !== undefined && !isThere(relation))
        .map(({ relation }) => ({ relation, by })),
    );
}

/** A routine is given back as text, which finds a renamed table by its former name, or not at all. */
const givesBackNaming = (step: Step, relation: RelationName): boolean =>
  step.undo.some((sql) => namedInRoutine(sql, relation));

function refuseFormerTable(record: MigrationRecord, step: Step, relation: RelationName, by: MigrationRecord): never {
  const first = `\`zmigrate rollback ${by.id}\` first`;
  throw new ZmigrateError("rollback-impossible", {
    id: record.id,
    reason: `what step ${step.id} would give back names ${show(relation)}, which migration ${by.id} (${by.name}) has renamed: it would fail.`,
    help: beganAfter(record, by)
      ? `Run ${first}: it takes its swap back and stops there, with both names in use. Then this, and then that one again.`
      : `Run ${first}. Or write a new migration that brings back what is needed.`,
  });
}

/**
 * Steps as they can be undone where other migrations have parked columns, since this one was planned, that the undo names.
 *
 * @throws ZmigrateError rollback-impossible where such a column is dropped, another one has its name, or only the swap that has
 *   parked it, or renamed a table that a routine names, can give it back
 */
export function underFormerNames(
  engine: Engine,
  record: MigrationRecord,
  records: readonly MigrationRecord[],
  catalog: Catalog,
): (step: Step) => Step {
  const all = formers(record, records);
  const tables = formerTables(record, records, catalog);
  return (step) => {
    const renamed = tables.find(({ relation }) => givesBackNaming(step, relation));
    if (renamed !== undefined) refuseFormerTable(record, step, renamed.relation, renamed.by);
    return all.reduce((made, former) => {
      const found = findIn(engine, made, former.retired, catalog);
      if (found.how === "as-it-is") return made;
      return found.how === "lent" ? found.step : refuse(record, step, former, found);
    }, step);
  };
}

/**
 * The migrations behind this one whose rollback waits for the swap of this one to be taken back, and for which this one waits
 * with the rest: what they have made finds the columns by their names alone.
 */
export function waitingForSwapBack(
  engine: Engine,
  record: MigrationRecord,
  records: readonly MigrationRecord[],
  catalog: Catalog,
): readonly MigrationRecord[] {
  const waits = (other: MigrationRecord): boolean =>
    formers(other, records)
      .filter(({ by }) => by.id === record.id)
      .some(({ retired }) =>
        other.plan.steps.some((step) => findIn(engine, step, retired, catalog).how === "swapped-back"),
      ) ||
    formerTables(other, records, catalog)
      .filter(({ by }) => by.id === record.id)
      .some(({ relation }) => other.plan.steps.some((step) => givesBackNaming(step, relation)));
  return records.filter((r) => r.status !== "rolled-back" && beganAfter(r, record) && waits(r));
}
