import { findTable } from "../src/engines/engine.js";
import { tableOfIndex } from "../src/engines/table-lookup.js";
import type { Catalog, Index, Table } from "../src/model/catalog.js";
import type { CreateIndex } from "../src/model/operation.js";
import type { Rule } from "./rule.js";

interface Owned {
  readonly table: Table;
  readonly index: Index;
}

/** The index that has the name already: of the schema on PostgreSQL, of the table on MariaDB. */
function takenBy({ relation, name }: CreateIndex, catalog: Catalog, ofTable: boolean): Owned | null {
  if (name === null) return null;
  const table = ofTable ? findTable(catalog, relation) : tableOfIndex(catalog, { schema: relation.schema, name });
  const index = table?.indexes.find((i) => (ofTable ? i.name.toLowerCase() === name.toLowerCase() : i.name === name));
  return table == null || index === undefined ? null : { table, index };
}

/** Without what may be written or not. */
const bare = (text: string): string => text.toLowerCase().replace(/\busing\s+btree\b|[\s"`]/g, "");

/** What an index is over, behind its table's name; of one that carries a constraint, its columns. */
function partsOf({ definition }: Index, table: Table): string {
  const text = bare(definition);
  const on = `on${bare(table.relation.name)}`;
  const at = text.indexOf("(");
  const behind = text.lastIndexOf(on, at < 0 ? text.length : at);
  const dotted = text.lastIndexOf(`.${bare(table.relation.name)}`, at);
  const from = Math.max(behind < 0 ? -1 : behind + on.length, dotted < 0 ? -1 : dotted + on.length - 1);
  return from < 0 ? text.slice(Math.max(at, 0)) : text.slice(from);
}

export const rule: Rule = {
  id: "keeping-other-index",
  engines: ["postgres", "mariadb"],
  severity: "warning",
  aside: true,
  onFreshTables: true,
  protects:
    "CREATE INDEX IF NOT EXISTS asks for an index of that name and not for its columns: another one stays as it is.",
  check({ operation, catalog, engine }) {
    if (operation.kind !== "create-index" || !operation.ifNotExists) return null;
    const taken = takenBy(operation, catalog, engine.name !== "postgres");
    if (taken === null) return null;
    const own = findTable(catalog, operation.relation);
    const alike = partsOf(taken.index, taken.table) === bare(operation.definition);
    if (own === taken.table && alike && taken.index.unique === operation.unique) return null;
    return {
      message: `${engine.quote(taken.index.name)} is there already and is another one (${taken.index.definition}): nothing happens, and there is no index over what is written here.`,
      help: "Choose another name; or build it under a new name, and drop the old one behind it.",
    };
  },
  bad: [
    {
      sql: "CREATE TABLE users (id bigint, age int);\nCREATE INDEX users_i ON users (id);\nCREATE INDEX IF NOT EXISTS users_i ON users (age);",
    },
  ],
  good: [
    {
      sql: "CREATE TABLE users (id bigint, age int);\nCREATE INDEX users_i ON users (age);\nCREATE INDEX IF NOT EXISTS users_i ON users (age);",
    },
    { sql: "CREATE INDEX CONCURRENTLY IF NOT EXISTS users_i ON users (age);", engines: ["postgres"] },
  ],
};
