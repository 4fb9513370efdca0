import { type Engine, sameRelation } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { namesRelation } from "../history/names-relation.js";
import { beganAfter } from "../journal/began-after.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Migration } from "../model/migration.js";
import { type RelationName, show } from "../model/name.js";
import { independent } from "./independent.js";

/** The tables that a migration makes, changes or points at, as far as its plan tells. */
const tablesOf = ({ plan }: MigrationRecord): readonly RelationName[] => [
  ...plan.creates,
  ...plan.retires.map((r) => r.relation),
  ...plan.steps.flatMap((s) => s.locks.map((l) => l.relation)),
];

/** The new name of a table that this renames, where taking a later one back looks for it. */
function neededBack(engine: Engine, record: MigrationRecord, later: MigrationRecord): RelationName | null {
  const given = (record.plan.retiredTables ?? []).flatMap(({ standIn }) => standIn ?? []);
  const undo = later.plan.steps.flatMap((s) => s.undo);
  return given.find((name) => undo.some((sql) => namesRelation(engine, sql, name))) ?? null;
}

/**
 * What stands on a migration must go before it.
 *
 * @throws ZmigrateError rollback-impossible while a later migration that is not rolled back uses one of its tables, unless
 *   it is finished and the two have nothing in common
 */
export function refuseUnderLater(
  engine: Engine,
  record: MigrationRecord,
  records: readonly MigrationRecord[],
  files: readonly Migration[],
  defaultSchema: string | null,
): void {
  const own = tablesOf(record);
  const shared = (r: MigrationRecord) =>
    tablesOf(r).find((a) => own.some((b) => sameRelation(a, b, defaultSchema))) ?? neededBack(engine, record, r);
  const stands = (r: MigrationRecord) =>
    beganAfter(r, record) && r.status !== "rolled-back" && shared(r) !== null && !independent(record, r, files);
  const [later] = records.filter(stands).toSorted((a, b) => (beganAfter(a, b) ? -1 : 1));
  const table = later === undefined ? null : shared(later);
  if (later === undefined || table === null) return;
  throw new ZmigrateError("rollback-impossible", {
    id: record.id,
    reason: `migration ${later.id} (${later.name}) came after it and changes ${show(table)} too, or names it: it may stand on what would go.`,
    help:
      later.status === "contracted" && later.plan.steps.some((s) => s.final)
        ? "That one is finished and cannot be taken back. Write a new migration that brings back what is needed."
        : `Take that one back first: \`zmigrate rollback ${later.id}\`. Or write a new migration that brings back what is needed.`,
  });
}
