import type { Catalog, Table } from "../model/catalog.js";
import type { Code } from "../model/detail/code.js";
import type { RelationName } from "../model/name.js";
import { findTable, sameRelation } from "./engine.js";
import { isSameTrigger } from "./stored-code.js";
import { isMadeRoutine, knownView, storedCode, tablesPointedAt } from "./table-lookup.js";

/**
 * The tables that may be locked besides those that LOCK TABLES names (MySQL, MariaDB): by foreign keys, either way, and by triggers. Null
 * where that is not told: no file has made a table, so that it may be a view, or a trigger does what is not seen.
 */
export function lockedWith(named: readonly RelationName[], catalog: Catalog): readonly RelationName[] | null {
  const found: RelationName[] = [];
  const open = [...named];
  const done: RelationName[] = [];
  const isIn = (list: readonly RelationName[], one: RelationName) =>
    list.some((other) => sameRelation(other, one, catalog.defaultSchema));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (isIn(done, next)) continue;
    done.push(next);
    const table = findTable(catalog, next);
    const near = table === null ? null : tablesBeside(table, catalog);
    if (near === null) return null;
    const others = near.filter((one) => !sameRelation(one, next ?? one, catalog.defaultSchema));
    found.push(...others);
    open.push(...others);
  }
  return found;
}

/** Those that point at a table, or that it points at, and those that its triggers name; null where that is not told. */
function tablesBeside(table: Table, catalog: Catalog): readonly RelationName[] | null {
  const targets = tablesPointedAt(catalog, table.relation, (a, b) => sameRelation(a, b, catalog.defaultSchema));
  if (targets.length === 0 && table.constraints.some(({ kind }) => kind === "foreign-key")) return null;
  const codes = table.dependents.map(({ kind, name }) => {
    const isIt = (one: { readonly object: string; readonly name: RelationName }) =>
      one.object === "trigger" && isSameTrigger(one.name.name, name, catalog);
    return kind === "trigger" ? namedBy(storedCode(catalog).find(isIt)?.code, catalog) : [];
  });
  if (codes.includes(null)) return null;
  const near = [...table.referencedBy, ...targets].map(({ relation }) => relation);
  return [...near, ...codes.flatMap((each) => each ?? [])];
}

/** The tables that code names; null where it may use others. */
function namedBy(code: Code | undefined, catalog: Catalog): readonly RelationName[] | null {
  if (code === undefined || code.unknown.length > 0) return null;
  const words = (code.words ?? []).map((name): RelationName => ({ schema: null, name }));
  if (words.some((name) => isMadeRoutine(catalog, "function", name) || knownView(catalog, name) !== null)) return null;
  const each = code.operations.map(({ operation }): readonly RelationName[] | null => {
    const detail = operation.kind === "other" ? operation.detail : undefined;
    if (detail?.kind === "set-variables") return [];
    if (detail?.kind !== "data-change" && detail?.kind !== "query") return null;
    if ((detail.calls ?? []).length > 0) return null;
    return detail.kind === "query" ? detail.reads : [...detail.writes, ...detail.reads];
  });
  const read = words.filter((name) => findTable(catalog, name) !== null);
  return each.includes(null) ? null : [...read, ...each.flatMap((one) => one ?? [])];
}
