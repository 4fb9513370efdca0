import type { Catalog, Index, Table } from "../../../model/catalog.js";
import { sameColumn } from "../effects/facts.js";
import { sortedBy } from "../effects/index-facts.js";
import type { MysqlDialect } from "../parse/dialect.js";

/** An index over just the columns of a foreign key, which another one serves as well. */
function isSpare(index: Index, table: Table, dialect: MysqlDialect): boolean {
  if (index.unique) return false;
  const own = sortedBy(index, dialect);
  const begins = (columns: readonly string[], sorted: readonly string[]) =>
    columns.every((c, at) => sameColumn(sorted[at] ?? "", c));
  const isKey = table.constraints.some(
    (c) => c.kind === "foreign-key" && c.columns.length === own.length && begins(c.columns, own),
  );
  return isKey && table.indexes.some((i) => i !== index && begins(own, sortedBy(i, dialect)));
}

/**
 * A schema without the indexes that the server takes away by itself if it has made them for a foreign key, and leaves if
 * somebody else has: nothing in a catalog tells the two apart, and a rollback can only make the latter.
 */
export const comparable = (catalog: Catalog, dialect: MysqlDialect): Catalog => ({
  ...catalog,
  tables: catalog.tables.map((t) => ({ ...t, indexes: t.indexes.filter((i) => !isSpare(i, t, dialect)) })),
});
