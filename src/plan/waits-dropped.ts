import { type ColumnsKept, type Engine, sameRelation } from "../engines/engine.js";
import { asStored } from "../engines/stored-names.js";
import { positionOf } from "../files/position.js";
import type { Catalog, Table } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import { show } from "../model/name.js";
import type { PlanRefusal } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { type PlanContext, type Planned, planMigration } from "./plan.js";
import { type UnderWay, type Wait, waitOf } from "./waits.js";

/** The contract has yet to drop an index of the table. */
const drops = (engine: Engine, { contract }: UnderWay, { relation }: Pick<Table, "relation">, index: string): boolean =>
  contract.some(({ sql }) =>
    sql.some((s) => s.includes(engine.quoteRelation(relation)) && s.includes(`DROP INDEX ${engine.quote(index)}`)),
  );

/** The catalog when the contracts have dropped what they will. */
function whenDropped(engine: Engine, catalog: Catalog, others: readonly UnderWay[]): Catalog {
  const goes = (table: Table, index: string) => others.some((other) => drops(engine, other, table, index));
  const tables = catalog.tables.map((table) => {
    const indexes = table.indexes.filter((i) => !goes(table, i.name));
    return indexes.length === table.indexes.length ? table : { ...table, indexes };
  });
  return { ...catalog, tables };
}

function keptFrom({ keepsColumns }: Engine, { tables }: Catalog, steps: readonly Step[]): readonly ColumnsKept[] {
  if (keepsColumns === undefined) return [];
  return tables.flatMap((table) => steps.flatMap(({ sql }) => keepsColumns(table, sql) ?? []));
}

/**
 * Why a migration must wait until an index is gone beside which the server does not do what it asks for, and which a change
 * under way drops in its contract; null where it need not.
 *
 * @param planned refused perhaps, since the index is still there
 * @param now the schema as it is
 */
function waitOfDropped(
  migration: Migration,
  planned: Planned,
  others: readonly UnderWay[],
  context: PlanContext,
  now: Catalog,
): PlanRefusal | null {
  const { engine, catalog } = context;
  const dropping = others.filter((o) => o.contract.some((s) => s.sql.some((sql) => sql.includes("DROP INDEX"))));
  if (engine.keepsColumns === undefined || dropping.length === 0) return null;
  const later = { ...context, catalog: whenDropped(engine, catalog, dropping) };
  const { plan } = planned.plan === null ? planMigration(migration, later) : planned;
  const early = (plan?.steps ?? []).filter((s) => s.stage !== "drop");
  for (const { relation, name: index } of keptFrom(engine, now, early))
    for (const other of dropping) {
      const about = (o: { readonly relation: typeof relation | null }) =>
        o.relation !== null && sameRelation(o.relation, relation, now.defaultSchema);
      const operation = migration.statements.flatMap((s) => s.operations).find(about);
      if (operation === undefined || !drops(engine, other, { relation }, index)) continue;
      const { id, slug: name, file } = migration;
      const { line, column } = positionOf(migration.text, operation.span.start);
      const reason = `migration ${other.id} (${other.name}) is not finished, and has yet to drop the index ${index} of ${show(relation)}, beside which this server does not do this while the table is written. This one begins when that one has contracted.`;
      return { id, name, file, line, column, reason, help: "`zmigrate status` says what that one waits for." };
    }
  return null;
}

/**
 * Why a migration cannot begin while others are under way, by the names that they claim or by what they will drop; null
 * when it can.
 *
 * @param planned where no plan can be made: what is under way may be the reason
 * @param now the schema as it is
 * @param behind the migrations behind it, which do not begin before it does
 */
export const waitFor = (
  migration: Migration,
  planned: Planned,
  others: readonly UnderWay[],
  context: PlanContext,
  now: Catalog,
  behind: readonly Migration[],
): Wait | null =>
  waitOf(asStored(migration, context.catalog), planned, others, context, behind) ??
  waitOfDropped(migration, planned, others, context, now);
