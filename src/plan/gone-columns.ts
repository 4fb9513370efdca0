import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";

/** What has become of a column. */
export interface Gone {
  readonly column: string;
  /** The migration that took the name away. */
  readonly by: Pick<Migration, "id" | "slug">;
  /** The name that it gave; null where it dropped the column. */
  readonly to: string | null;
  /** What the column is called by now; null where it is gone. */
  readonly now: string | null;
}

/** The columns that are gone, by table and by name. */
export type GoneColumns = ReadonlyMap<string, ReadonlyMap<string, Gone>>;

/** How names are compared. */
export interface Keys {
  table(relation: RelationName): string;
  column(name: string): string;
}

/** As the database of a catalog compares them: MySQL's and MariaDB's columns do not tell case apart. */
export const keysOf = ({ defaultSchema, dialect }: Pick<Catalog, "defaultSchema" | "dialect">): Keys => ({
  table: ({ schema, name }) => JSON.stringify([schema ?? defaultSchema, name]),
  column: (name) => (dialect === undefined ? name : name.toLowerCase()),
});

/** What an operation does to the names of its table's columns: `from` is null for a new one, `to` for one that goes. */
interface Renaming {
  readonly from: string | null;
  readonly to: string | null;
}

export function renamingsOf(operation: Operation): readonly Renaming[] {
  if (operation.kind === "add-column") return [{ from: null, to: operation.column.name }];
  if (operation.kind === "drop-column") return [{ from: operation.column, to: null }];
  if (operation.kind === "rename-column") return [operation];
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "rename-column-if-exists") return [detail];
  if (detail?.kind !== "modify-column" || detail.column === detail.definition.name) return [];
  return [{ from: detail.column, to: detail.definition.name }];
}

/** It may do anything to any table. */
const isUnknown = (operation: Operation): boolean =>
  operation.kind === "other" &&
  !operation.harmless &&
  (operation.detail === undefined || operation.detail.kind === "opaque");

const ANEW: ReadonlySet<string> = new Set(["drop-table", "replace-table"]);

/** It makes a table, or takes it away: none of its former columns matters. */
const isAnew = (operation: Operation): boolean =>
  operation.kind === "create-table" || (operation.kind === "other" && ANEW.has(operation.detail?.kind ?? ""));

/** The changes of one table by one statement happen at once: it may exchange two names. */
function renamed(gone: ReadonlyMap<string, Gone>, renamings: readonly Renaming[], by: Migration, keys: Keys) {
  const going = new Map(renamings.flatMap((r) => (r.from === null ? [] : [[keys.column(r.from), r.to] as const])));
  const moved = [...gone.values()].map((each) => {
    const to = each.now === null ? undefined : going.get(keys.column(each.now));
    return to === undefined ? each : { ...each, now: to };
  });
  const { id, slug } = by;
  const taken = renamings.flatMap(({ from, to }): Gone[] =>
    from === null ? [] : [{ column: from, by: { id, slug }, to, now: to }],
  );
  const made = new Set(renamings.flatMap((r) => (r.to === null ? [] : [keys.column(r.to)])));
  const left = [...moved, ...taken].map((each) => [keys.column(each.column), each] as const);
  return new Map(left.filter(([name]) => !made.has(name)));
}

function behindOne(all: GoneColumns, operations: readonly Operation[], on: RelationName, by: Migration, keys: Keys) {
  const next = new Map(all);
  const at = keys.table(on);
  const before = operations.some(isAnew) ? new Map<string, Gone>() : (all.get(at) ?? new Map<string, Gone>());
  const columns = renamed(before, operations.flatMap(renamingsOf), by, keys);
  const to = operations.flatMap((o) =>
    o.kind === "other" && o.detail?.kind === "rename-table" ? [o.detail.to] : [],
  )[0];
  next.delete(at);
  if (columns.size > 0)
    next.set(to === undefined ? at : keys.table({ ...to, schema: to.schema ?? on.schema }), columns);
  return next;
}

/**
 * The columns that the plain statements no longer find behind these operations of one statement. A name that is made again
 * is there again; behind what may do anything nothing is known.
 */
export function goneBehind(all: GoneColumns, operations: readonly Operation[], by: Migration, keys: Keys): GoneColumns {
  if (operations.some(isUnknown)) return new Map();
  const relations = operations.flatMap((o) =>
    o.relation === null ? [] : [[keys.table(o.relation), o.relation] as const],
  );
  let gone = all;
  for (const [at, relation] of new Map(relations)) {
    const own = operations.filter((o) => o.relation !== null && keys.table(o.relation) === at);
    gone = behindOne(gone, own, relation, by, keys);
  }
  return gone;
}
