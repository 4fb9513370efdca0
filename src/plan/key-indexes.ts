import { sameRelation } from "../engines/engine.js";
import type { Catalog } from "../model/catalog.js";
import type { KeyIndex } from "../model/plan.js";

/** A migration that was begun. */
interface Begun {
  readonly plan: { readonly keyIndexes?: readonly KeyIndex[] };
  readonly status: string;
}

/** A schema in which the indexes that migrations have built for foreign keys are told from those of its authors. */
export function withKeyIndexes(catalog: Catalog, records: readonly Begun[]): Catalog {
  const built = records.flatMap(({ plan, status }) => (status === "rolled-back" ? [] : (plan.keyIndexes ?? [])));
  if (built.length === 0) return catalog;
  const tables = catalog.tables.map((table) => {
    const own = built.filter((b) => sameRelation(b.relation, table.relation, catalog.defaultSchema));
    if (own.length === 0) return table;
    const indexes = table.indexes.map((i) =>
      own.some((b) => b.name === i.name) ? { ...i, forKey: true as const } : i,
    );
    return { ...table, indexes };
  });
  return { ...catalog, tables };
}
