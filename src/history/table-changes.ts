import { withLetters } from "../engines/mysql/table-charset.js";
import { engineOf } from "../engines/mysql/table-engine.js";
import type { Constraint, Index, Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { DetailOf, TableDetail } from "../model/operation-detail.js";
import { withTableOfCode } from "./bodies.js";
import { noteNames } from "./constraint-owners.js";
import { createTable } from "./create-table.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { noteTarget, orderOf, putTable, tableIn, targetsOf, withoutTable } from "./known-tables.js";
import { withMarks } from "./marks.js";
import { get, without } from "./persistent-map.js";
import { withTablePublished } from "./publications.js";
import { dropInbound } from "./references.js";
import { moveSequence } from "./sequences.js";
import { qualified } from "./session.js";
import { movedHanging } from "./stored-objects.js";
import { changeTable, forgetTable, incomplete, removeTable, sameTable } from "./tables.js";
import { leadingName, quotedLike } from "./text.js";
import { dropReaders, renameView, withoutShapes } from "./views.js";

/** What a table is after a change of it as a whole. */
export function applyTable(known: Known, relation: RelationName, detail: TableDetail): Known {
  switch (detail.kind) {
    case "drop-table":
      return dropTable(known, relation, detail.cascade);
    case "rename-table":
      return renameTable(known, relation, detail);
    case "replace-table":
      return createTable(removeTable(known, relation), { ...detail.table, ifNotExists: false });
    case "convert-charset":
      return converted(known, relation, detail);
    // Periods come with columns and checks of their own.
    case "add-period":
    case "drop-period":
      return forgetTable(known, relation);
    case "set-table-option":
      if (known.dialect === undefined) return withOption(known, relation, detail);
      return changeTable(known, relation, (t) => ({ ...withLetters(t, detail), ...engineOf([detail]) }));
    default:
      return known;
  }
}

/** PostgreSQL. */
function withOption(known: Known, relation: RelationName, detail: DetailOf<"set-table-option">): Known {
  const { option, value } = detail;
  if (option === "LOGGED" || option === "UNLOGGED")
    return changeTable(known, relation, (t) => ({ ...t, unlogged: option === "UNLOGGED" }));
  if (option !== "OWNER") return changeTable(known, relation, (t) => withMarks(t, detail));
  return value === null ? known : changeTable(known, relation, (t) => ({ ...t, owner: value }));
}

/** A text may need a larger type in another set; where columns have it already they have the set's own order from now on. */
function converted(known: Known, relation: RelationName, detail: DetailOf<"convert-charset">): Known {
  const table = tableIn(known, relation);
  const set = detail.characterSet?.toLowerCase();
  const own = table?.columns.some((c) => c.characterSet !== null || c.collation !== null) !== false;
  if (table === null || own || set === undefined || table.characterSet !== set) return forgetTable(known, relation);
  return changeTable(known, relation, (t) => ({ ...t, collation: detail.collation?.toLowerCase() ?? null }));
}

/** A table is gone, with its partitions, and with CASCADE the foreign keys that pointed at it. */
export function dropTable(known: Known, relation: RelationName, cascade: boolean): Known {
  if (relation.schema === null && get(known.temporary, relation.name) === true) {
    return { ...known, temporary: without(known.temporary, relation.name) };
  }
  const table = tableIn(known, relation);
  const left = withTablePublished(known, relation, null);
  if (table === null) return removeTable(cascade ? dropReaders(left, relation) : left, relation);
  const free = cascade ? dropReaders(dropInbound(left, table.referencedBy), relation) : left;
  const alone = (table.partitions ?? []).reduce((k, p) => dropTable(k, p.relation, cascade), free);
  return removeTable(alone, relation);
}

/** A table that has one partition less. */
export function withoutPartition(known: Known, table: Table, partition: RelationName): Table {
  if (table.partitions === undefined) return table;
  return { ...table, partitions: table.partitions.filter((p) => !sameTable(known, p.relation, partition)) };
}

/** The table has another name, or stands in another schema. What names it follows. */
function renameTable(before: Known, relation: RelationName, { to }: DetailOf<"rename-table">): Known {
  const target = qualified(before, to);
  const coded = withTablePublished(withTableOfCode(before, relation, target), relation, target);
  const moving = moveSequence(movedHanging(coded, relation, target), relation, target);
  const known = withoutShapes(moving, relation);
  const table = tableIn(known, relation);
  if (get(known.views, keyOf(known, relation)) !== undefined) return renameView(known, relation, target);
  if (table === null) return renamedUnseen(incomplete(forgetTable(known, target)), relation, target);
  if (tableIn(known, target) !== null) return forgetTable(forgetTable(known, target), relation);
  const renamed = {
    ...table,
    relation: Object.freeze(target),
    indexes: table.indexes.map((i) => renamedIndex(i, target)),
  };
  const moved = putTable(withoutTable(known, relation), renamed, orderOf(known, relation));
  return followed(noteNames(moved, target, table.constraints), table, target);
}

/** `... ON t (a)`: the table's name stands in front of the first bracket. */
function renamedIndex(index: Index, to: RelationName): Index {
  const on = /^(.*?\sON\s+)(\S+)(\s.*)$/su.exec(index.definition);
  if (on === null) return index;
  return Object.freeze({ ...index, definition: `${on[1]}${written(index.definition, to)}${on[3]}` });
}

function written(text: string, { schema, name }: RelationName): string {
  return [...(schema === null ? [] : [schema]), name].map((part) => quotedLike(text, part)).join(".");
}

/** Those that point at the table, those that it points at, and its parent and partitions, know it by its new name. */
function followed(known: Known, table: Table, to: RelationName): Known {
  const same = (r: RelationName) => sameTable(known, r, table.relation);
  const children = table.referencedBy.reduce((k, r) => {
    const child = same(r.relation) ? to : r.relation;
    const noted = noteTarget(k, child, to);
    return changeTable(noted, child, (t) => ({ ...t, constraints: t.constraints.map((c) => repointed(c, r, to)) }));
  }, known);
  return below(renamedUnseen(selfMoved(children, same, to), table.relation, to), table, to);
}

/** Tables that a table points at, or is a partition of, know it by its new name. */
function renamedUnseen(known: Known, from: RelationName, to: RelationName): Known {
  const same = (r: RelationName) => sameTable(known, r, from);
  return targetsOf(known, from).reduce((k, target) => {
    const place = same(target.relation) ? to : target.relation;
    const renamed = changeTable(k, place, (t) => ({
      ...t,
      referencedBy: t.referencedBy.map((r) => moved(r, same, to)),
      ...(t.partitions === undefined ? {} : { partitions: t.partitions.map((p) => moved(p, same, to)) }),
    }));
    return noteTarget(renamed, to, place);
  }, known);
}

function below(known: Known, table: Table, to: RelationName): Known {
  return (table.partitions ?? []).reduce(
    (k, p) =>
      noteTarget(
        changeTable(k, p.relation, (t) => ({ ...t, partitionOf: to })),
        p.relation,
        to,
      ),
    known,
  );
}

type Same = (relation: RelationName) => boolean;

/** Foreign keys of a table that point at itself. */
function selfMoved(known: Known, same: Same, to: RelationName): Known {
  return changeTable(known, to, (t) => ({ ...t, referencedBy: t.referencedBy.map((r) => moved(r, same, to)) }));
}

function moved<R extends { readonly relation: RelationName }>(record: R, same: Same, to: RelationName): R {
  return same(record.relation) ? Object.freeze({ ...record, relation: to }) : record;
}

/** `REFERENCES old (a)` with the new name. */
function repointed(constraint: Constraint, { constraint: name }: { constraint: string }, to: RelationName): Constraint {
  if (constraint.name !== name || constraint.kind !== "foreign-key") return constraint;
  const at = constraint.definition.search(/\bREFERENCES\b/i);
  if (at < 0) return constraint;
  const behind = at + "REFERENCES".length;
  const old = leadingName(constraint.definition.slice(behind));
  const rest = constraint.definition.slice(behind).replace(old, () => written(constraint.definition, to));
  return Object.freeze({ ...constraint, definition: constraint.definition.slice(0, behind) + rest });
}
