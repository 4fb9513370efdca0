import type { KnownView } from "../engines/known-view.js";
import type { StoredCode } from "../engines/stored-code.js";
import type { Column, Table, UserType } from "../model/catalog.js";
import type { RoutineShape } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { allTables } from "./known-tables.js";
import { mapped } from "./persistent-map.js";
import { changeTable } from "./tables.js";
import { type RenamedType, typeRenamed } from "./type-names.js";

/** What is of a type, or names it, knows it by its new name (PostgreSQL). Code that is kept as a text does not. */
export function withTypeRenamed(known: Known, from: RelationName, to: RelationName): Known {
  const own = keyOf(known, from);
  const isInSame = keyOf(known, { ...to, name: from.name }) === own;
  const type: RenamedType = {
    from,
    to: isInSame ? (written) => ({ ...written, name: to.name }) : () => to,
    isIt: (written) => keyOf(known, written) === own,
  };
  const tables = allTables(known).reduce(
    (k, { relation }) => changeTable(k, relation, (table) => tableWith(table, type)),
    known,
  );
  return {
    ...tables,
    types: mapped(known.types, (one) => domainWith(one, type)),
    views: mapped(known.views, (view) => viewWith(view, type)),
    routines: mapped(known.routines, (all) => changedIn(all, (one) => routineWith(one, from.name, to.name))),
    bodies: mapped(known.bodies, (all) => changedIn(all, (one) => codeWith(one, from.name, to.name))),
  };
}

/** The same list where none of it is another. */
function changedIn<T>(list: readonly T[], change: (one: T) => T): readonly T[] {
  const after = list.map(change);
  return after.every((one, at) => one === list[at]) ? list : Object.freeze(after);
}

function tableWith(table: Table, type: RenamedType): Table {
  const columns = changedIn(table.columns, (column) => columnWith(column, type));
  const constraints = changedIn(table.constraints, (one) => {
    const definition = typeRenamed(one.definition, "constraint", type);
    return definition === one.definition ? one : Object.freeze({ ...one, definition });
  });
  const indexes = changedIn(table.indexes, (one) => {
    const definition = typeRenamed(one.definition, "statement", type);
    return definition === one.definition ? one : Object.freeze({ ...one, definition });
  });
  const isSame = columns === table.columns && constraints === table.constraints && indexes === table.indexes;
  return isSame ? table : { ...table, columns, constraints, indexes };
}

function columnWith(column: Column, type: RenamedType): Column {
  const own = typeRenamed(column.type, "type", type);
  const value = column.default === null ? null : typeRenamed(column.default, "expression", type);
  const from = column.generated?.expression ?? "";
  const expression = typeRenamed(from, "expression", type);
  if (own === column.type && value === column.default && expression === from) return column;
  const generated = column.generated === null ? null : { ...column.generated, expression };
  return Object.freeze({ ...column, type: own, default: value, generated });
}

function domainWith(domain: UserType, type: RenamedType): UserType {
  const base = domain.base === null ? null : typeRenamed(domain.base, "type", type);
  return base === domain.base ? domain : Object.freeze({ ...domain, base });
}

function viewWith(view: KnownView, type: RenamedType): KnownView {
  if (view.types === null) return view;
  const types = changedIn(view.types, (one) => (one === null ? null : typeRenamed(one, "type", type)));
  return types === view.types ? view : Object.freeze({ ...view, types });
}

function codeWith(code: StoredCode, from: string, to: string): StoredCode {
  const routine = code.routine === undefined ? undefined : routineWith(code.routine, from, to);
  return routine === undefined || routine === code.routine ? code : Object.freeze({ ...code, routine });
}

/** What a routine takes and gives back is kept without schemas. */
function routineWith(routine: RoutineShape, from: string, to: string): RoutineShape {
  const takes = changedIn(routine.takes, (one) => partWith(one, from, to));
  const returns = routine.returns
    .split(", ")
    .map((one) => partWith(one, from, to))
    .join(", ");
  return takes === routine.takes && returns === routine.returns
    ? routine
    : Object.freeze({ ...routine, takes, returns });
}

/** `x[]`, `setof x`, and `a x` of a table that is given back. */
function partWith(part: string, from: string, to: string): string {
  const [array = ""] = /(?:\[\])*$/.exec(part) ?? [];
  const type = part.slice(0, part.length - array.length);
  if (type !== from && !type.endsWith(` ${from}`)) return part;
  return type.slice(0, type.length - from.length) + to + array;
}
