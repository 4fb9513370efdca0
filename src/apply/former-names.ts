import type { Engine } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { mayName } from "../history/text.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import { show } from "../model/name.js";
import type { Retired } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { standsIn } from "./carried.js";

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

const mayBeAbout = ({ undo }: Step, { relation, column, parked }: Retired): boolean =>
  undo.some((sql) => mayName(sql, column)) &&
  undo.some((sql) => mayName(sql, relation.name)) &&
  !undo.some((sql) => mayName(sql, parked));

/** The statement names the column, and no other one could be meant. */
function isAbout(engine: Engine, sql: string, { relation, column }: Retired): boolean {
  const operations = engine.parse(sql).statements.flatMap((s) => s.operations);
  const named = operations.flatMap((o) => [
    ...engine.columnsNamed(o, sql),
    ...(o.kind === "other" && o.detail?.kind === "create-object" && o.relation !== null
      ? (o.detail.trigger?.columns ?? []).map((c) => ({ relation: o.relation ?? relation, column: c }))
      : []),
  ]);
  return named.some((n) => n.column === column && n.relation.name === relation.name);
}

function refuse({ id }: MigrationRecord, step: Step, { retired, by }: Former, isThere: boolean): never {
  throw new ZmigrateError("rollback-impossible", {
    id,
    reason: `what step ${step.id} would give back names ${nameOf(retired)}, which migration ${by.id} (${by.name}) has ${isThere ? `parked as ${retired.parked}; another column has that name by now` : "dropped"}.`,
    help: "Nothing was undone. Write a new migration that makes what is needed over the columns that are there.",
  });
}

/**
 * The step with an undo that finds the column: it has its former name for the transaction of the undo, so that what this
 * gives back is built on that column, and follows it when the other migration is rolled back too.
 */
function lent(engine: Engine, step: Step, { relation, column, parked }: Retired): Step {
  if (engine.whileCalled === undefined || !step.undoTransaction) return step;
  const { sql, lock } = engine.whileCalled(relation, parked, column, step.undo);
  return { ...step, undo: sql, locks: [...step.locks, lock] };
}

/**
 * Steps as they can be undone where other migrations have parked columns, since this one was planned, that the undo names.
 *
 * @throws ZmigrateError rollback-impossible where such a column is dropped, or another one has its name
 */
export function underFormerNames(
  engine: Engine,
  record: MigrationRecord,
  records: readonly MigrationRecord[],
  catalog: Catalog,
): (step: Step) => Step {
  const all = formers(record, records);
  return (step) =>
    all
      .filter(({ retired }) => mayBeAbout(step, retired))
      .reduce((made, former) => {
        const { relation, column, parked } = former.retired;
        const [there, taken] = [parked, column].map((name) => standsIn(catalog, relation, name));
        if (there === true && taken === false) return lent(engine, made, former.retired);
        const names = () => step.undo.some((sql) => isAbout(engine, sql, former.retired));
        if (there === taken && names()) refuse(record, step, former, there === true);
        return made;
      }, step);
}
