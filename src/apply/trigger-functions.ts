import { type Engine, sameRelation } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import type { CreateObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { withParts } from "../plan/parts.js";

/** What the statements make that is no table. */
const madeBy = (engine: Engine, statements: readonly string[]): readonly CreateObject[] =>
  statements
    .flatMap((sql) => engine.parse(sql).statements.flatMap((s) => s.operations))
    .flatMap((o) => (o.kind === "other" && o.detail?.kind === "create-object" ? [o.detail] : []));

/**
 * Whether statements make a function anew that a trigger of the table, or of one of its partitions, runs: it names the
 * columns through NEW and OLD, without a word of the table.
 */
export function runsForRowsOf(
  engine: Engine,
  statements: readonly string[],
  relation: RelationName,
  catalog: Catalog,
): boolean {
  const functions = madeBy(engine, statements).filter((made) => made.object === "function");
  if (functions.length === 0) return false;
  const { defaultSchema, objects = [] } = catalog;
  const tables = withParts(relation, catalog);
  const triggers = objects.filter(
    ({ object, on }) =>
      object === "trigger" && on !== null && tables.some((table) => sameRelation(table, on, defaultSchema)),
  );
  const called = madeBy(
    engine,
    triggers.flatMap(({ restore }) => restore ?? []),
  ).flatMap(({ trigger }) => trigger?.calls ?? []);
  return functions.some(({ name }) => name !== null && called.some((c) => sameRelation(name, c, defaultSchema)));
}
