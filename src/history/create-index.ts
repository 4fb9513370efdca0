import type { KnownView } from "../engines/known-view.js";
import type { Index, Table } from "../model/catalog.js";
import type { CreateIndex } from "../model/operation.js";
import { takenNames } from "./definitions.js";
import { impliedName } from "./implied-name.js";
import type { Known } from "./known.js";
import { tableIn } from "./known-tables.js";
import { changeTable } from "./tables.js";
import { mentioned, quotedLike } from "./text.js";
import { changeView } from "./views.js";

/** MySQL's and MariaDB's names of indexes do not tell case apart. */
export const sameName = ({ dialect }: Known, a: string, b: string | null): boolean =>
  dialect === undefined ? a === b : a.toLowerCase() === b?.toLowerCase();

/** The table has the index; nothing changes when it is there already and may be. */
export function createIndex(known: Known, operation: CreateIndex): Known {
  // REFRESH ... CONCURRENTLY goes by whole columns of all rows.
  if (operation.unique && operation.where === null && operation.keys.every(({ column }) => column !== null)) {
    const keyed = changeView(known, operation.relation, (view) => ({
      ...view,
      keys: [...view.keys.filter((name) => name !== operation.name), viewKey(view, operation)],
    }));
    if (keyed !== known) return keyed;
  }
  const table = tableIn(known, operation.relation);
  const exists = table?.indexes.some((i) => sameName(known, i.name, operation.name)) === true;
  if (table === null || (exists && operation.ifNotExists)) return known;
  const index = indexOf(table, operation);
  return changeTable(known, operation.relation, (t) => ({ ...t, indexes: [...t.indexes, index] }));
}

const viewKey = ({ name, keys }: KnownView, operation: CreateIndex): string =>
  operation.name ?? impliedName(name.name, wordsOf(operation), "idx", new Set(keys));

const wordsOf = ({ nameParts, keys }: CreateIndex): readonly string[] =>
  nameParts ?? keys.map(({ column }) => column ?? "expr");

function indexOf(table: Table, operation: CreateIndex): Index {
  const names = table.columns.map((c) => c.name);
  const name = operation.name ?? impliedName(table.relation.name, wordsOf(operation), "idx", takenNames(table));
  return Object.freeze({
    name,
    columns: mentioned(operation.definition, names),
    definition: definitionOf(operation, name),
    unique: operation.unique,
    valid: true,
    constraint: null,
  });
}

/** The statement again, without what is only about how to build it. */
function definitionOf(operation: CreateIndex, name: string): string {
  const { schema, name: table } = operation.relation;
  const special = operation.unique ? "UNIQUE " : methodKind(operation.method);
  const on = [...(schema === null ? [] : [schema]), table].map((n) => quotedLike(operation.definition, n)).join(".");
  return `CREATE ${special}INDEX ${quotedLike(operation.definition, name)} ON ${on} ${operation.definition}`;
}

/** MySQL says FULLTEXT and SPATIAL in front of INDEX, where PostgreSQL has USING behind the table. */
function methodKind(method: string | null): string {
  return method === "fulltext" || method === "spatial" ? `${method.toUpperCase()} ` : "";
}
