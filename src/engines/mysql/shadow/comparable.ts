import type { Catalog, Index, Table } from "../../../model/catalog.js";
import { findTable } from "../../engine.js";
import { sameColumn } from "../effects/facts.js";
import { sortedBy } from "../effects/index-facts.js";
import { quote } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";

const begins = (columns: readonly string[], sorted: readonly string[]) =>
  columns.every((c, at) => sameColumn(sorted[at] ?? "", c));

/** What the server may have made itself: it bears the name of a foreign key, or else of its first column. */
const namedAsKey = ({ name }: Index, { constraints }: Table): number => {
  const keys = constraints.filter((c) => c.kind === "foreign-key");
  if (keys.some((c) => sameColumn(c.name, name))) return 2;
  return keys.some((c) => sameColumn(c.columns[0] ?? "", name)) ? 1 : 0;
};

/** Another index serves whatever this one serves. */
function isSpare(index: Index, others: readonly Index[], table: Table, dialect: MysqlDialect): boolean {
  const own = sortedBy(index, dialect);
  if (index.unique || own.length === 0) return false;
  return others.some((i) => {
    const sorted = sortedBy(i, dialect);
    return i !== index && begins(own, sorted) && (sorted.length > own.length || namedAsKey(index, table) > 0);
  });
}

/** An index that was there: only of such a one it is not known who has made it. */
const wasThere = (index: Index, table: Table, before: Catalog | undefined): boolean =>
  before === undefined ||
  findTable(before, table.relation)?.indexes.some((i) => sameColumn(i.name, index.name)) === true;

const withoutSpare = (table: Table, dialect: MysqlDialect, before: Catalog | undefined): readonly Index[] =>
  table.indexes
    .filter((index) => wasThere(index, table, before))
    .sort((a, b) => namedAsKey(b, table) - namedAsKey(a, table))
    .reduce<readonly Index[]>(
      (left, index) => (isSpare(index, left, table, dialect) ? left.filter((i) => i !== index) : left),
      table.indexes,
    );

/** What the server calls a foreign key without a name, and the index that it makes for it when the key comes again. */
const UNNAMED = /_ibfk_\d+$/;

/** Under the name that the server gives such an index at first. */
function asFirst(index: Index, table: Table, dialect: MysqlDialect): Index {
  const [name] = sortedBy(index, dialect);
  const isTaken = table.indexes.some((i) => sameColumn(i.name, name ?? ""));
  if (name === undefined || isTaken || index.unique || !UNNAMED.test(index.name)) return index;
  return { ...index, name, definition: index.definition.replace(quote(index.name), () => quote(name)) };
}

/**
 * A schema without the indexes that the server takes away by itself if it has made them for a foreign key, and leaves if
 * somebody else has: nothing in a catalog tells the two apart, and a rollback can only make the latter. The key may be gone
 * by then.
 *
 * @param before the schema before a migration: what that has made is told from what was there, and is not left out
 */
export const comparable = (catalog: Catalog, dialect: MysqlDialect, before?: Catalog): Catalog => ({
  ...catalog,
  tables: catalog.tables.map((t) => ({
    ...t,
    indexes: withoutSpare(t, dialect, before).map((i) => asFirst(i, t, dialect)),
  })),
});
